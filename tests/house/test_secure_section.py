"""The secure section (AI Act, Article 49(4)): what is filed there shows nowhere to whoever must not read it, by no side door.

The permission matrix asks every route for the secure cases themselves. Here are the ways round it: searches, counts, feeds, exports,
guesses, and what changes elsewhere when something is filed in secret. Filing, messages, and the database below have modules of their own.
"""

from __future__ import annotations

import re
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from aioffice.kernel.procedures.events import deliver_pending
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import PDF, secure_a
from tests.support.matrix import SECURE_READERS
from tests.support.matrix_build import do
from tests.support.matrix_world import (
    EIGHT,
    FILER,
    MARKS,
    OFFICE,
    OFFICE_CLEARED,
    OTHER_EIGHT_CLEARED,
    RIVAL,
    Caller,
    World,
    undone,
)
from tests.support.parties import NOW
from tests.support.secrets_kept import (
    OFFICE_PLACES,
    OUTSIDERS,
    PUBLIC_PLACES,
    TOKEN_PLACES,
    ask,
    comparable,
    words_in,
)

pytestmark = pytest.mark.usefixtures("quiet")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.mark.parametrize("place", PUBLIC_PLACES)
def test_no_public_place_says_a_word_of_it(place: str, world: World) -> None:
    for name in ("anonymous", f"{FILER}/signatory", f"{OFFICE_CLEARED}/editor"):
        shown = ask(world.people[name], place)
        assert shown.startswith("200"), shown[:300]
        assert words_in(shown, world) == [], name


@pytest.mark.parametrize("place", OFFICE_PLACES)
def test_no_page_of_the_office_says_a_word_of_it_to_others(place: str, world: World) -> None:
    for name in OUTSIDERS:
        assert words_in(ask(world.people[name], place), world) == [], name


@pytest.mark.parametrize("place", TOKEN_PLACES)
def test_no_list_of_the_api_says_a_word_of_it_to_others(place: str, world: World) -> None:
    for name, machine in world.machines.items():
        if name not in SECURE_READERS:
            assert words_in(ask(machine, place), world) == [], name


GUESSES = (
    "Zephyrine", "Zephyrine Lattice", "Obsidian", "quetzalmara", "Thornwick", "Quagga", "secure number", "secure use number", "secure",
)  # fmt: skip
"""Words of the secure section alone, and names of its numbers and ids."""
ASKING = (
    ("/en/register/?q={}", False),
    ("/en/register/?provider={}", False),
    ("/api/v1/register/entries?q={}", False),
    ("/api/v1/register/facets?q={}", False),
    ("/api/v1/register/entries?provider={}", False),
    ("/en/office/cases/?q={}", True),
    ("/en/office/cases.csv?q={}", True),
    ("/api/v1/cases?number={}", True),
)


def _nonsense(text: str) -> str:
    """Something of the same shape that is nobody's."""
    turned = str.maketrans("aeioudlnrstAEZTPQOCUSMB23456789", "ouaeibknvtdOUBKFXAVIRNG98765432")
    head, dash, tail = text.rpartition("-S-")
    return head + dash + tail.translate(turned)


@pytest.mark.parametrize("guess", GUESSES)
def test_searching_for_its_words_finds_what_nonsense_finds(guess: str, world: World) -> None:
    mark = world.marks.get(guess, guess)
    for text in (mark, mark[: max(7, len(mark) - 4)], mark[:4] + mark[5:]):
        for pattern, signed_in in ASKING:
            if "number=" in pattern and not guess.endswith("number"):
                continue
            for name in [f"{OFFICE}/signatory", f"{EIGHT}/signatory"] if signed_in else ["anonymous"]:
                caller = (world.machines if "/api/" in pattern else world.people)[name]
                shown = []
                for asked in (text, _nonsense(text)):
                    answer = ask(caller, pattern.format(quote_plus(asked)))
                    assert words_in(answer, world, asked) == []
                    shown.append(_without(answer, asked))
                assert shown[0] == shown[1], (name, pattern, text)


def _without(shown: str, asked: str) -> str:
    """An answer without the words asked for, as the page or the programme writes them."""
    for word in sorted({asked, quote_plus(asked), asked.replace(" ", "%20"), *asked.split()}, key=len, reverse=True):
        shown = re.sub(rf"\b{re.escape(word)}\b", "<word>", shown, flags=re.IGNORECASE)
    return shown


BY_ID = (
    ("GET", "/en/office/cases/{secure}/", FORM),
    ("GET", "/en/office/cases/{secure}/letter.txt", FORM),
    ("GET", "/en/office/cases/{secure}/flag/", FORM),
    ("POST", "/en/office/cases/{secure}/flag/", FORM),
    ("POST", "/en/office/cases/{secure}/flag/draft/", FORM),
    ("GET", "/en/office/documents/{secure document}/", FORM),
    ("POST", "/en/office/drafts/{secure draft}/delete/", FORM),
    ("POST", "/en/office/drafts/{secure office draft}/delete/", FORM),
    ("GET", "/en/office/messages/{secure notice}/{secure}/", FORM),
    ("GET", "/en/office/messages/?after={secure office notice}", FORM),
    ("GET", "/en/office/file/high-risk-registration/file/?draft={secure draft}", FORM),
)
BY_ID_OF_MACHINES = (
    ("GET", "/api/v1/cases/{secure}", JSON),
    ("POST", "/api/v1/procedures/high-risk-registration/cases/{secure}/flag", JSON),
    ("POST", "/api/v1/procedures/high-risk-registration/cases/{secure}/update", JSON),
    ("POST", "/api/v1/procedures/use-registration/cases/{secure held}/complete", JSON),
    ("GET", "/api/v1/documents/{secure document}", JSON),
)


def _same_as_nothing(caller: Caller, method: str, pattern: str, kind: str, world: World) -> None:
    """What exists in secret is answered like what does not exist: status, words, headers and number of queries."""
    data = b'{"text": "x"}' if kind == JSON else b""
    headers = {"If-Match": '"1"'} if method == "POST" and kind == JSON else {}
    said, queries = [], []
    for real in (True, False):
        ids = {name: text if real else str(uuid4()) for name, text in world.ids.items() if name.startswith("secure")}
        path = pattern.format(**ids)
        # The log of queries has an end, and every caller adds to it.
        connections["default"].queries_log.clear()
        with undone(), CaptureQueriesContext(connections["default"]) as captured:
            answer = caller.ask(method, path, data, kind, **headers)
        said.append(comparable(answer, path, *ids.values()))
        queries.append(len(captured))
    assert said[0] == said[1]
    assert queries[0] == queries[1]


@pytest.mark.parametrize(("method", "pattern", "kind"), BY_ID)
def test_a_secure_thing_is_answered_like_one_that_is_not_there(
    method: str, pattern: str, kind: str, world: World
) -> None:
    for name in OUTSIDERS:
        _same_as_nothing(world.people[name], method, pattern, kind, world)


@pytest.mark.parametrize(("method", "pattern", "kind"), BY_ID_OF_MACHINES)
def test_machines_are_answered_likewise(method: str, pattern: str, kind: str, world: World) -> None:
    for name, machine in world.machines.items():
        if name not in SECURE_READERS:
            _same_as_nothing(machine, method, pattern, kind, world)


BY_NUMBER = (
    "/en/register/{}/", "/en/register/{}/versions/1/", "/en/register/{}/versions/1/cite.bib", "/en/register/{}/changes/1-2/",
    "/en/register/{}/?on=2026-11-23", "/api/v1/register/entries/{}", "/api/v1/register/entries/{}?on=2026-11-23",
    "/api/v1/register/entries/{}/versions", "/api/v1/register/entries/{}/versions/1", "/api/v1/register/entries/{}/versions/1/diff/2",
)  # fmt: skip


@pytest.mark.parametrize("pattern", BY_NUMBER)
def test_a_secure_number_leads_the_public_where_any_number_does(pattern: str, world: World) -> None:
    real, none = world.ids["secure number"], "EU-A-S-222222222222"
    for name in ("anonymous", f"{FILER}/signatory", f"{OFFICE_CLEARED}/signatory"):
        shown = [
            comparable(world.people[name].ask("GET", pattern.format(n), b"", FORM), n, n.lower()) for n in (real, none)
        ]
        assert shown[0].startswith("404")
        assert shown[0] == shown[1]


@pytest.mark.parametrize("pattern", ["/en/documents/{}/halcyon-vortex.pdf", "/api/v1/register/documents/{}"])
def test_a_secure_file_is_not_to_be_had_by_its_digest(pattern: str, world: World) -> None:
    real, none = world.ids["secure digest"], "0" * 64
    shown = [comparable(world.people["anonymous"].ask("GET", pattern.format(n), b"", FORM), n) for n in (real, none)]
    assert shown[0].startswith("404")
    assert shown[0] == shown[1]


def test_sending_in_the_same_file_tells_nothing_of_the_one_that_is_there(world: World) -> None:
    secret = PDF + MARKS["content"].encode()
    head = b'--part\r\nContent-Disposition: form-data; name="file"; filename="mine.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    machine = world.machines[f"{RIVAL}/editor"]
    shown = []
    for content in (secret, PDF + b"Quite another icehouse"):
        with undone():
            answer = machine.ask(
                "POST", "/api/v1/documents", head + content + b"\r\n--part--\r\n", "multipart/form-data; boundary=part"
            )
        assert answer.status == 201
        assert "mine.pdf" in answer.text
        shown.append(sorted(answer.headers))
        assert world.ids["secure document"] not in answer.text
    assert shown[0] == shown[1]


def _snapshot(world: World) -> dict[tuple[str, str], str]:
    shown = {("public", place): ask(world.people["anonymous"], place) for place in PUBLIC_PLACES}
    for name in (f"{OFFICE}/signatory", f"{EIGHT}/signatory", f"{OTHER_EIGHT_CLEARED}/signatory", f"{RIVAL}/signatory"):
        shown |= {(name, place): ask(world.people[name], place) for place in OFFICE_PLACES}
        shown |= {(f"machine {name}", place): ask(world.machines[name], place) for place in TOKEN_PLACES}
    return shown


def test_a_secure_filing_changes_nothing_that_others_see(world: World) -> None:
    before = _snapshot(world)
    filer = world.cast.actors[f"{FILER}/signatory"]
    with undone():
        secure = do(RegisterHighRisk.file, None, filer, secure_a(member_states=["PT"], trade_name="Quiet"))
        do(RegisterHighRisk.question, secure, world.cast.actors[f"{OFFICE_CLEARED}/editor"], {"text": "Quiet?"})
        deliver_pending(at=NOW)
        after = _snapshot(world)
    assert [place for place in before if before[place] != after[place]] == []
