"""Pages made of a declaration: everything it says stands there, in words, and nothing is asked of a database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from pydantic import Field

from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.ask import Ask, Form
from aioffice.kernel.procedures.declaration import START, STAY, Event, Procedure, Round, State, step
from aioffice.kernel.procedures.docs import pages
from aioffice.kernel.procedures.docs.graph import graph_of, in_words
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.who import AI_OFFICE, authority_concerned, filer, operator, service_actor

AUTHORITY = authority_concerned(Capacity.MARKET_SURVEILLANCE_AUTHORITY, title="Authority | of a State concerned")


class Wish(Form):
    """What is wished for. A second sentence stays away."""

    text: Annotated[str, Field(max_length=300), Ask("Wish", provision="95(2)")]
    code: Annotated[str, Ask("Code", secret=True)]
    note: Annotated[str, Ask("Note", public=False)] = ""
    kind: Annotated[str, Ask("Kind", choices=lambda: [("big", "Big"), ("small", "Small"), ("odd", "Odd")])] = "small"


class Answer(Form):
    """An answer."""

    text: Annotated[str, Ask("Answer")]


class WishGranted(Event):
    """A wish was granted: somebody may want to know."""


def readers(case: Case) -> Iterable[str]:
    """Who sees it."""
    yield "ai_office" if not case.secure else "secure:commission"
    if case.state == "granted":
        yield from (f"market_surveillance_authority:{state}" for state in case.member_states)
    if case.facts.get("kind") in ("big", "odd"):
        yield "edps"
    if case.facts.get("helper"):
        yield f"org:{case.facts['helper']}"


def the_filer(case: Case) -> Iterable[str]:
    """The filer."""
    yield f"org:{case.organisation_id}"


def the_helper(case: Case) -> Iterable[UUID]:
    """The organisation that helps. More words."""
    return ()


def is_fair(case: Case) -> str:
    """Need: the wish is fair."""
    return ""


class Wishing(Procedure, abstract=True):
    """A wish & its way (AI Act, Article 95)."""

    slug = "wishing"
    title = "Wish for something"
    series = "WISH"
    purpose = "Wishes"
    seen_by = staticmethod(readers)

    wished = State("Wished <for>", awaits=("grant",))
    granted = State("Granted", open=False)

    help_asked = Round("Can you help?", to=the_helper, basis="95(3)")

    wish = step(
        START >> wished,
        by=operator(Capacity.PROVIDER, title="Provider (signatory)"),
        asks=Wish,
        basis="95(2)",
        title="Wish",
        tells=[readers],
        opens=help_asked,
    )
    grant = step(
        wished >> granted,
        by=[AI_OFFICE, AUTHORITY],
        basis="house: wishes",
        title="Grant",
        needs=[is_fair],
        tells=[the_filer],
        emits=[WishGranted],
        publishes=True,
    )
    add = step(wished >> STAY, by=filer(), asks=Answer, basis="95(2)", title="Add a word", publishes=True)
    take_back = step(granted >> wished, by=service_actor("registrar"), basis="house: wishes", title="Take it back")


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return pages([Wishing])


def line_of(page: str, begin: str) -> list[str]:
    """The cells of the table line that begins so."""
    (found,) = [line for line in page.splitlines() if line.startswith(f"| {begin}")]
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", found)[1:-1]]


def test_a_procedure_gets_a_page_a_diagram_and_a_place_in_the_index(files: dict[str, str]) -> None:
    assert sorted(files) == ["README.md", "wishing.md", "wishing.svg"]
    assert "[Wish for something](wishing.md)" in files["README.md"]
    assert "A wish & its way (AI Act, Article 95)." in files["wishing.md"]
    assert "`WISH`" in files["wishing.md"]


def test_a_step_says_from_where_to_where_by_whom_why_and_what_it_asks(files: dict[str, str]) -> None:
    page = files["wishing.md"]
    assert line_of(page, "**Wish**") == [
        "**Wish** `wish`",
        "Not opened → Wished <for>",
        "Provider (signatory)",
        "95(2)",
        "[Wish](#wish)",
        "whoever may see the case; those the round asks",
        "no",
    ]
    assert line_of(page, "**Grant**")[2:] == [
        "AI Office; Authority | of a State concerned",
        "house: wishes",
        "nothing",
        "the filer",
        "yes",
    ]
    assert line_of(page, "**Add a word**")[1] == "Wished <for>, stays"
    titles = re.findall(r"^\| \*\*(.+?)\*\*", page, flags=re.MULTILINE)
    assert titles == ["Wish", "Grant", "Take it back", "Add a word"], "opening, then moving on, then staying"


def test_the_permission_table_has_a_row_for_every_kind_of_actor(files: dict[str, str]) -> None:
    page = files["wishing.md"]
    assert line_of(page, "May take") == ["May take", "`wish`", "`grant`", "`take_back`", "`add`"]
    assert line_of(page, "AI Office | – | yes") == ["AI Office", "–", "yes", "–", "–"]
    assert line_of(page, "Filer | – | – |") == ["Filer", "–", "–", "–", "yes"]
    assert line_of(page, "Service: registrar | – | – |") == ["Service: registrar", "–", "–", "yes", "–"]
    assert "is the filer" in line_of(page, "Filer | – | editor")


def test_who_sees_a_case_is_worked_out_for_state_and_section(files: dict[str, str]) -> None:
    page = files["wishing.md"]
    helper = "the organisation that the filing names (helper)"
    authority = "the market surveillance authority of each Member State concerned"
    assert line_of(page, "“Wished <for>”")[1] == f"staff of the AI Office; {helper}"
    assert line_of(page, "“Granted”")[1] == f"staff of the AI Office; {authority}; {helper}"
    secure = line_of(page, "in the secure section · “Granted”")[1]
    assert secure == f"named, cleared staff of the Commission; {authority}; {helper}"


def test_readers_that_an_answer_adds_are_named(files: dict[str, str]) -> None:
    page = files["wishing.md"]
    assert line_of(page, "where “Kind”") == [
        "where “Kind” is big or odd: also",
        "the European Data Protection Supervisor",
    ]


def test_what_follows_and_rounds_stand_in_words(files: dict[str, str]) -> None:
    page = files["wishing.md"]
    assert "Waits until: the wish is fair." in page
    assert "Tells other desks `WishGranted`: a wish was granted: somebody may want to know." in page
    assert line_of(page, "Can you help?") == ["Can you help?", "The organisation that helps", "95(3)", "Wish", "–"]


def test_fields_say_their_provision_and_whether_they_become_public(files: dict[str, str]) -> None:
    page = files["wishing.md"]
    assert "What is wished for. Asked by `wish`." in page
    assert line_of(page, "Wish | `/text`")[2:] == ["95(2)", "text, at most 300 characters", "yes", "no"]
    assert line_of(page, "Code | `/code`")[5] == "not kept"
    assert line_of(page, "Answer | `/text`")[5] == "yes", "the step that asks it publishes"


def test_the_diagram_is_well_formed_and_says_the_same_in_words(files: dict[str, str]) -> None:
    space = "{http://www.w3.org/2000/svg}"
    drawn = ET.fromstring(files["wishing.svg"])
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{space}title") == "States of the procedure “Wish for something”"
    words = drawn.findtext(f"{space}desc")
    assert words == in_words(graph_of(Wishing))
    assert "From “Wished <for>” by “Grant”: “Granted”." in words
    assert "In “Wished <for>”, without leaving it: “Add a word”." in words
    texts = {text.text for text in drawn.iter(f"{space}text")}
    assert {"Wished <for>", "Granted", "Wish", "Grant", "Take it back", "• Add a word"} <= texts


def test_the_same_declaration_gives_the_same_bytes(files: dict[str, str]) -> None:
    assert pages([Wishing]) == files
