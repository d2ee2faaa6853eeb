"""A document against its statement: every value that differs, is missing or is redacted is named."""

from __future__ import annotations

import copy

import pytest

from aioffice.kernel.canonical import leaves, salted_digests
from aioffice.kernel.ledger import standalone, statements
from aioffice.kernel.ledger.checking import Difference, Wrong, check_document, covered, redact
from tests.kernel.ledger.example_log import DOCUMENT, T0, subject

DIGESTS, SALTS = salted_digests(DOCUMENT)
SAID = statements.publication(subject(1), T0, DIGESTS)
POINTERS = [pointer for pointer, _ in leaves(DOCUMENT)]


def checked(document, salts=SALTS, redacted=()):
    """What both readers say; they have to agree."""
    found = check_document(document, salts, SAID, redacted)
    read = standalone.read_statement(SAID.encode(), 0)
    assert [(one.pointer, str(one.wrong)) for one in found] == list(
        standalone.document_findings(document, salts, read, set(redacted))
    )
    return [(one.pointer, one.wrong) for one in found]


def with_value(pointer, value):
    document = copy.deepcopy(DOCUMENT)
    *path, last = pointer[1:].split("/")
    place = document
    for name in path:
        place = place[int(name) if isinstance(place, list) else name]
    place[int(last) if isinstance(place, list) else last] = value
    return document


def test_the_document_itself_fits():
    assert checked(DOCUMENT) == []


@pytest.mark.parametrize("pointer", POINTERS)
def test_each_value_altered_is_named(pointer):
    assert checked(with_value(pointer, "something else")) == [(pointer, Wrong.DIFFERS)]


@pytest.mark.parametrize("pointer", POINTERS)
def test_each_salt_altered_is_named(pointer):
    assert checked(DOCUMENT, SALTS | {pointer: "00" * 16}) == [(pointer, Wrong.DIFFERS)]
    assert checked(DOCUMENT, SALTS | {pointer: "00"}) == [(pointer, Wrong.NO_SALT)]
    assert checked(DOCUMENT, SALTS | {pointer: "no hexadecimals"}) == [(pointer, Wrong.NO_SALT)]
    assert checked(DOCUMENT, SALTS | {pointer: None}) == [(pointer, Wrong.NO_SALT)]


@pytest.mark.parametrize("pointer", POINTERS)
def test_a_value_without_salt_is_named(pointer):
    wrong = Wrong.MISSING if pointer == "/end" else Wrong.NO_SALT  # null without a salt is what a redaction leaves
    assert checked(DOCUMENT, {one: salt for one, salt in SALTS.items() if one != pointer}) == [(pointer, wrong)]


def test_values_moved_about_are_named():
    assert checked(with_value("/states", ["DE", "AT"])) == [("/states/0", Wrong.DIFFERS), ("/states/1", Wrong.DIFFERS)]
    swapped = SALTS | {"/states/0": SALTS["/states/1"], "/states/1": SALTS["/states/0"]}
    assert len(checked(with_value("/states", ["DE", "AT"]), swapped)) == 2


def test_a_value_added_or_taken_away_is_named():
    assert checked(DOCUMENT | {"more": 1}) == [("/more", Wrong.NOT_STATED)]
    assert checked(DOCUMENT, SALTS | {"/more": "00" * 16}) == [("/more", Wrong.NOT_STATED)]
    assert checked({name: value for name, value in DOCUMENT.items() if name != "name"}) == [("/name", Wrong.MISSING)]
    assert checked(with_value("/states", ["AT"])) == [("/states/1", Wrong.MISSING)]


@pytest.mark.parametrize("pointer", [*POINTERS, "/provider", "/states", ""])
def test_a_redacted_value_is_allowed_only_if_a_redaction_names_it(pointer):
    document, salts = redact(DOCUMENT, SALTS, [pointer])
    gone = [one for one in sorted(POINTERS) if covered(one, [pointer])]
    assert checked(document, salts, [pointer]) == []
    assert checked(document, salts) == [(one, Wrong.MISSING) for one in gone]
    assert checked(document, SALTS, [pointer]) == [(one, Wrong.STILL_SERVED) for one in gone]
    assert checked(DOCUMENT, SALTS, [pointer]) == [(one, Wrong.STILL_SERVED) for one in gone]


def test_a_redaction_covers_what_lies_in_it_and_not_what_begins_alike():
    assert covered("/provider/name", ["/provider"])
    assert covered("/provider", ["/provider"])
    assert not covered("/providers", ["/provider"])
    assert not covered("/provider", ["/provider/name"])
    assert covered("/anything", [""])


def test_differences_say_what_is_wrong():
    assert str(Difference("/name", Wrong.DIFFERS)) == "/name differs from what the log says of it"
    assert str(Difference("", Wrong.MISSING)).startswith("the whole document is missing")
