"""A form with one field of every shape, for the tests of forms."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import EmailStr, Field, HttpUrl

from aioffice.kernel.procedures.ask import Ask, Form, Widget, YesNoUnknown, code

Short = Annotated[str, Field(min_length=1, max_length=20)]


def known_states() -> list[tuple[str, str]]:
    return [("PT", "Portugal"), ("SI", "Slovenia"), ("MT", "Malta")]


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Party(Form):
    name: Annotated[Short, Ask("Name", autocomplete="organization")]
    mail: Annotated[EmailStr | None, Ask("E-mail")] = None


class Use(Form):
    title: Annotated[Short, Ask("Title")]
    states: Annotated[list[Annotated[str, code(known_states)]] | None, Ask("Where", choices=known_states)] = None
    copy_id: Annotated[UUID | None, Ask("Copy", widget=Widget.FILE)] = None


class Example(Form):
    provider: Annotated[Party, Ask("Provider", provision="49(1)")]
    representative: Annotated[Party | None, Ask("Representative")] = None
    title: Annotated[Short, Ask("Title", help="In a few words")]
    purpose: Annotated[str | None, Field(max_length=300), Ask("Purpose", widget=Widget.LONG_TEXT, public=False)] = None
    status: Annotated[
        str, code(known_states), Ask("Status", widget=Widget.RADIOS, choices=known_states, not_annex_viii=True)
    ]
    colour: Annotated[Colour | None, Ask("Colour")] = None
    size: Annotated[Literal["small", "large"] | None, Ask("Size", relevant_when=(("status", ("PT",)),))] = None
    member_states: Annotated[
        list[Annotated[str, code(known_states)]], Field(min_length=1, max_length=3), Ask("States", choices=known_states)
    ]
    signed: Annotated[bool, Ask("Signed")]
    certain: Annotated[YesNoUnknown | None, Ask("Certain")] = None
    count: Annotated[int | None, Ask("How many")] = None
    since: Annotated[date | None, Ask("Since")] = None
    link: Annotated[HttpUrl | None, Field(max_length=60), Ask("Link")] = None
    declaration: Annotated[UUID | None, Ask("Declaration", widget=Widget.FILE)] = None
    case: Annotated[str | None, Ask("Case", choices_for="cases")] = None
    uses: Annotated[list[Use], Field(max_length=3), Ask("Uses")] = []
