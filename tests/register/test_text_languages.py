"""Words meet their other forms in every language that has a stemmer, and themselves in every other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import Stemmer

from aioffice.register.text import ALGORITHMS, Weighted, index_terms, parse_query
from aioffice.register.text.stems import stem_lexemes, stems
from tests.register.matching import finds

OFFICIAL = set("bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split())  # noqa: SIM905 - reads better


def found(text: str, query: str, language: str, asked: tuple[str, ...] = ()) -> bool:
    return finds(parse_query(query, asked or (language,)), index_terms([Weighted(text)], language))


def test_every_algorithm_exists_and_every_language_is_one_of_the_union() -> None:
    assert {name for names in ALGORITHMS.values() for name in names} <= set(Stemmer.algorithms())
    assert set(ALGORITHMS) < OFFICIAL
    assert OFFICIAL - set(ALGORITHMS) == {"bg", "hr", "lv", "mt", "sk", "sl"}


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "The system ranks applications of students.", "ranking application"),
        ("fr", "Le système trie les candidatures des étudiants.", "trier candidature étudiante"),
        ("fr", "Les pièces sont numérisées par l’agent.", "NUMERISEES agent"),
        ("fr", "Décision prise à l'égard d'un usager", "l'usager"),
        ("de", "Das System prüft Anträge auf Straßenbenutzung.", "antrag strassenbenutzung"),
        ("de", "Prüfung der Unterlagen", "pruefung"),
        ("de", "Die Bundesfinanzverwaltung rechnet.", "verwaltung"),
        ("el", "Ο ΝΌΜΟΣ για τις αιτήσεις", "νόμος"),
        ("el", "Εξέταση αιτήσεων ασύλου", "αίτηση"),
        ("es", "Clasificación de solicitudes", "solicitud"),
        ("pl", "Łódź: ocena wniosków", "lodz"),
        ("sv", "Bedömning av ansökningar", "ansökning"),
        ("fi", "Hakemusten käsittely", "käsittelyn"),
        ("da", "Vurdering af ansøgninger", "ansogning"),
        ("it", "Valutazione delle domande dell'utente", "domanda utente"),
        ("ro", "Evaluarea cererilor", "evaluare"),
        ("cs", "Posouzení žádostí", "žádost"),
        ("hu", "A kérelmek elbírálása", "kérelmeket elbiralasa"),
        ("bg", "Оценка на заявления", "оценка"),
        ("sl", "Ocena vlog za štipendijo", "stipendijo"),
        ("mt", "Evalwazzjoni tal-applikazzjonijiet", "applikazzjonijiet"),
        ("nl", "De gemeente beoordeelt de aanvraag", "beoordelen"),
        ("nl", "Een geregistreerde drone", "registreren"),
        ("nl", "Onze e-mail", "email"),
        ("nl", "Onze email", "e-mail"),
    ],
)
def test_a_word_finds_its_other_forms(language: str, text: str, query: str) -> None:
    assert found(text, query, language)


def test_stems_of_one_language_do_not_answer_for_another() -> None:
    assert found("The parking of cars", "park", "en")
    assert not found("Organisations", "organiser", "bg", asked=("fr",))
    assert found("Organisations", "organisation", "bg", asked=("fr",))
    spaces = [{lexeme.split(":")[0] for lexeme in stem_lexemes("taal", "taal", code)} for code in ALGORITHMS]
    assert spaces == [{f"~{code}"} for code in ALGORITHMS]


def test_a_text_in_another_language_than_its_record_is_stemmed_in_its_own() -> None:
    terms = index_terms([Weighted("Trier les candidatures"), Weighted("Sorting applications", language="en")], "fr")
    assert finds(parse_query("sort application", ["fr", "en"]), terms)
    assert not finds(parse_query("sorted", ["fr"]), terms)


@pytest.mark.parametrize("form", ["parkeren", "parkeer", "parkeert", "parkeerde", "geparkeerd", "geparkeerde"])
def test_every_form_of_a_dutch_verb_finds_every_other(form: str) -> None:
    for other in ("parkeren", "parkeer", "parkeert", "parkeerde", "geparkeerd", "geparkeerde"):
        assert found(f"een {other} auto", form, "nl"), (form, other)


def test_wrong_is_no_form_of_traffic() -> None:
    assert "verkeer" not in stems("verkeerd", "verkeerd", "nl")
    assert not found("het verkeer", "verkeerd", "nl")


def test_long_verbs_are_no_compounds_of_short_ones() -> None:
    assert not found("systemen controleren", "leren", "nl")
    assert found("foutparkeren", "parkeren", "nl")
    assert not found("incident", "identiteit", "nl")


def test_stemming_in_many_threads_gives_what_one_gives() -> None:
    vocabulary = [f"{head}{tail}" for head in ("parkeer", "besluit", "gemeente", "aanvraag") for tail in range(500)]
    one = [stems.__wrapped__(word, word, "nl") for word in vocabulary]
    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(lambda word: stems.__wrapped__(word, word, "nl"), vocabulary))
    assert many == one
