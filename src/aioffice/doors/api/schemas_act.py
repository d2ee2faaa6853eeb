"""The shapes of answers on provisions of the Act."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from aioffice.doors.api.schemas import Page, Shape

Words = dict[str, str]
"""A text by language."""


class AppliesShape(Shape):
    """From when a provision applies, by which provision, and for which systems where not for all."""

    day: date
    basis: str = Field(examples=["113(c)(i)"])
    route: str = Field(description="annex_iii, annex_i, or empty: for all.")


class ProvisionShape(Shape):
    """A provision of the Act in short."""

    id: str = Field(examples=["article-6-3-a"])
    number: str = Field(examples=["6(3)(a)"])
    cited: Words = Field(description="How each language cites it.")
    line: Words = Field(description="What it is about, in our own words; empty where what it is part of speaks for it.")
    parent: str | None = Field(description="What it is part of.")
    change: str = Field(description="What the amendment of 2026 did to it: amended, inserted, deleted or nothing.")
    changed_by: str = Field(description="The point of Regulation (EU) 2026/1744 that did it.")
    applies: list[AppliesShape] = Field(description="By the text as amended; nothing where it was deleted.")
    applied_as_enacted: list[AppliesShape] = Field(description="By the text of 2024; nothing where it is not in it.")
    eli: str
    url: str


class Provisions(Page):
    """Provisions of the Act, in its order."""

    items: list[ProvisionShape]


class RestingShape(Shape):
    """Something of this office that cites the provision."""

    sort: str = Field(description="rule, date, duty, limit, field, fine, question, fact or procedure.")
    id: str
    basis: str
    provisions: list[str] = Field(description="All provisions it rests on, by id.")


class ProvisionInFull(ProvisionShape):
    """A provision with its parts and what rests on it."""

    official_text: Words = Field(description="Address of the text in force on EUR-Lex, by language.")
    parts: list[str] = Field(description="Its direct parts, by id.")
    rests_on_it: list[RestingShape]
    deciding_facts: list[str] = Field(description="Names of the facts that decide it (`/facts`).")
