"""The tree of provisions: complete, with its changes, and with a line of our own for each that matters."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import Any

import pytest

from aioffice.act.lookup import DATA, UnknownCodeError, json_data
from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.identifiers import eli, official_text
from aioffice.act.provisions.nodes import Change, Kind
from aioffice.act.provisions.resting import by_node, items
from aioffice.act.provisions.wording import line, short, words
from aioffice.act.text import LANGUAGES
from tests.support.act_text import AMENDED, ENACTED, beside, runs, sentences

COMPARED = {
    "provisions.csv": "b15904048213b95e8d17d80bf9ed44e4a4197ec3d6510413e9706c17d4686b2c",
    "provisions_en.json": "d6941c5161ea631bcf54363995f6b3aac715c6f8996fc8786f6458058f8c4693",
}
"""What was compared with the text of the Act: whoever changes one of them runs this test with the text beside the repository (see
`tests/support/act_text.py`) and writes the new digest here, so that the comparison is never left out in silence."""
INSERTED = ["4a", "60a", "75a", "75b", "75c", "75d"]
LONGEST_RUN = 7
"""Words in a row that a line of ours may share with the text of the Act."""


def test_every_chapter_article_and_annex_is_there_in_order() -> None:
    assert [one.path for one in tree.chapters()] == [
        (roman,) for roman in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII")
    ]
    numbers = [one.number for one in tree.articles()]
    assert [number for number in numbers if not number.isdigit()] == INSERTED
    assert [int(number) for number in numbers if number.isdigit()] == [*range(1, 114)]
    assert [one.path[0] for one in tree.annexes()] == [
        *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
    ]


def test_every_node_stands_once_after_what_it_is_part_of() -> None:
    seen: set[str] = set()
    for one in tree.nodes():
        assert one.id not in seen
        assert re.fullmatch(r"(chapter|article|annex)(-[0-9a-z]+)+", one.id)
        assert not one.parent or one.parent in seen, one.id
        seen.add(one.id)
    assert len({one.number for one in tree.nodes()}) == len(seen)


def test_the_tree_is_that_of_the_text() -> None:
    for path in beside(AMENDED):
        _compare(json.loads(path.read_text(encoding="utf-8")))


def _compare(act: dict[str, Any]) -> None:
    wanted: dict[str, tuple[Change, str]] = {}
    for article in act["articles"]:
        wanted |= dict(_article(article))
    held = {one.number: (one.change, one.by) for one in tree.nodes() if one.kind is Kind.ARTICLE}
    assert held == {number: change for number, change in wanted.items() if number in held}
    missing = {number for number in wanted if number not in held}
    assert {number.partition("(")[0] for number in missing} <= {str(n) for n in range(102, 111)}
    for annex, ours in zip(act["annexes"], tree.annexes(), strict=True):
        assert annex["number"] == ours.path[0]
        labels = Counter(label for label in _labels(annex) if label != "-")
        numbers = Counter(
            part.path[-1].replace("-", " ").upper().removeprefix("3.")
            for part in tree.within(ours)
            if part is not ours and ours.path[0] != "II"
        )
        assert labels.total() <= numbers.total()


def _article(article: dict[str, Any]) -> dict[str, tuple[Change, str]]:
    """What the text has of an Article, by number, with what was changed; a change of a part without a number counts for what holds it."""
    found: dict[str, tuple[Change, str]] = {}

    def note(number: str, part: dict[str, Any], outer: tuple[Change, str]) -> tuple[Change, str]:
        own = _change(part)
        whole = outer if outer[0] in {Change.INSERTED, Change.DELETED} else (Change.NONE, "")
        change = own if own[0] is not Change.NONE else whole
        if number not in found or found[number][0] is Change.NONE:
            found[number] = change
        return change

    def walk(points: list[dict[str, Any]], number: str, outer: tuple[Change, str]) -> None:
        for point in points:
            label = point["label"].strip("()")
            if re.fullmatch(r"[0-9a-z]+", label):
                change = note(f"{number}({label})", point, outer)
                walk(point.get("points", []), f"{number}({label})", change)

    top = note(article["number"], article, (Change.NONE, ""))
    for paragraph in article["paragraphs"]:
        number = article["number"] + (f"({paragraph['number']})" if paragraph["number"] else "")
        change = note(number, paragraph, top) if paragraph["number"] else top
        for part in paragraph["subparagraphs"]:
            inner = _change(part)
            if inner[0] is not Change.NONE and found[number][0] is Change.NONE:
                found[number] = (Change.AMENDED, inner[1])
            walk(part.get("points", []), number, change)
    return found


def _change(part: dict[str, Any]) -> tuple[Change, str]:
    source = part.get("amended_by") or part.get("title_amended_by")
    if not source:
        return Change.NONE, ""
    article, *points = re.findall(r"(?:AR|PT):(\w+)", source)
    said = {"inserted": Change.INSERTED, "deleted": Change.DELETED}.get(part.get("operation", ""), Change.AMENDED)
    return said, article + "".join(f"({point})" for point in points)


def _labels(part: Any) -> list[str]:
    if isinstance(part, list):
        return [label for one in part for label in _labels(one)]
    if not isinstance(part, dict):
        return []
    return ([part["label"]] if "label" in part else []) + [label for one in part.values() for label in _labels(one)]


def test_no_line_is_taken_from_the_text() -> None:
    taken = {
        run for path in beside(AMENDED, ENACTED) for said in sentences(path) for run in runs(said, LONGEST_RUN + 1)
    }
    shared = {one.number for one in tree.nodes() if runs(line(one, "en"), LONGEST_RUN + 1) & taken}
    assert shared == set()


def test_what_was_compared_with_the_text_has_not_changed_since() -> None:
    held = {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in COMPARED}
    assert held == COMPARED


def test_every_article_and_annex_with_all_its_points_has_a_line() -> None:
    for one in tree.nodes():
        if one.kind is not Kind.ARTICLE or one.id == one.top:
            for language in LANGUAGES:
                said = line(one, language)
                assert said, (one.id, language)
                assert "\n" not in said
                assert len(said) <= 120, (one.id, language, len(said))


def test_whatever_something_rests_on_has_a_line() -> None:
    for name in by_node(items()):
        assert all(line(tree.node(name), language) for language in LANGUAGES), name


def test_both_languages_have_the_same_lines_and_no_others() -> None:
    english, french = (json_data(f"provisions_{language}.json") for language in LANGUAGES)
    assert [*english] == [*french]
    assert {*english} <= {one.id for one in tree.nodes()}
    assert not [name for name, said in french.items() if re.search(r"(?<!\u00a0)[;:?!%]", said)]


def test_the_amendment_is_told_of_each_node() -> None:
    def change(id: str) -> tuple[str, str]:
        one = tree.node(id)
        return one.change.value, one.by

    assert change("article-5-1-ba") == ("inserted", "1(7)(a)")
    assert change("article-4") == ("amended", "1(5)")
    assert change("article-4a-1-c") == ("inserted", "1(6)")
    assert change("article-10-5") == ("deleted", "1(9)(b)")
    assert change("annex-viii-b-9") == ("deleted", "1(42)")
    assert change("article-9") == ("", "")
    assert tree.changed_in_part(tree.node("article-5"))
    assert not tree.changed_in_part(tree.node("article-4a"))
    assert not tree.changed_in_part(tree.node("article-9"))


@pytest.mark.parametrize(
    ("id", "english", "french", "identifier"),
    [
        ("article-6", "Article 6", "article 6", "art_6/oj"),
        ("article-6-1a", "Article 6(1a)", "article 6, paragraphe 1 bis", "art_6/par_1a/2026-07-27"),
        ("article-5-1-ba", "Article 5(1)(ba)", "article 5, paragraphe 1, point b bis)", "art_5/par_1/pnt_ba/2026-07-27"),
        ("article-5-1-h-iii", "Article 5(1)(h)(iii)", "article 5, paragraphe 1, point h) iii)", "art_5/par_1/pnt_h/pnt_iii/oj"),
        ("article-75c-8", "Article 75c(8)", "article 75 quater, paragraphe 8", "art_75c/par_8/2026-07-27"),
        ("article-3-49-a", "Article 3(49)(a)", "article 3, point 49 a)", "art_3/pnt_49/pnt_a/oj"),
        ("article-16-b", "Article 16(b)", "article 16, point b)", "art_16/pnt_b/oj"),
        ("annex-iii-4-a", "Annex III, point 4(a)", "annexe III, point 4 a)", "anx_III/pnt_4/pnt_a/oj"),
        ("annex-viii-b-8", "Annex VIII, Section B, point 8", "annexe VIII, section B, point 8", "anx_VIII/sct_B/pnt_8/oj"),
        ("annex-xi-1-2-a", "Annex XI, Section 1, point 2(a)", "annexe XI, section 1, point 2 a)", "anx_XI/sct_1/pnt_2/pnt_a/oj"),
        ("annex-vii-3-1-a", "Annex VII, point 3.1(a)", "annexe VII, point 3.1 a)", "anx_VII/pnt_3/pnt_1/pnt_a/oj"),
        ("annex-ii-9", "Annex II, indent 9", "annexe II, tiret 9", "anx_II/pnt_9/oj"),
        ("annex-xiv-aib-0203", "Annex XIV, AIB 0203", "annexe XIV, AIB 0203", "anx_XIV/pnt_aib-0203/2026-07-27"),
        ("chapter-iii-section-4", "Chapter III, Section 4", "chapitre III, section 4", "oj"),
    ],
)  # fmt: skip
def test_a_node_is_cited_and_identified(id: str, english: str, french: str, identifier: str) -> None:
    one = tree.node(id)
    assert (words(one, "en"), words(one, "fr")) == (english, french)
    assert eli(one) == f"http://data.europa.eu/eli/reg/2024/1689/{identifier}"


def test_identifiers_are_unique_below_the_chapters() -> None:
    found = [eli(one) for one in tree.nodes() if one.kind is not Kind.CHAPTER]
    assert len(set(found)) == len(found)


def test_the_official_text_is_that_in_force_in_the_language_asked() -> None:
    base = "https://eur-lex.europa.eu/eli/reg/2024/1689"
    assert official_text(tree.node("article-6-3-a"), "fr") == f"{base}/art_6/2026-07-27/fra#art_6"
    assert official_text(tree.node("article-10-5"), "en") == f"{base}/art_10/oj/eng#art_10"
    assert official_text(tree.node("annex-iii-4"), "en") == f"{base}/anx_III/2026-07-27/eng#anx_III"


def test_a_part_is_labelled_as_it_stands_in_the_text() -> None:
    labels = {
        name: short(tree.node(name), "fr")
        for name in ("article-6-1a", "article-5-1-ba", "annex-viii-b", "annex-vii-4-2")
    }
    assert labels == {
        "article-6-1a": "1 bis",
        "article-5-1-ba": "b bis)",
        "annex-viii-b": "section B",
        "annex-vii-4-2": "4.2",
    }


def test_an_unknown_node_names_the_nearest() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean 'article-6-3-a'"):
        tree.node("article-6-3a-a")
