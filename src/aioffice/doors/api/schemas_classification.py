"""The shapes of facts and classifications."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from aioffice.doors.api.schemas import Page, Shape

Words = dict[str, str]
"""A text by language."""


class OptionShape(Shape):
    """One answer of a choice."""

    code: str
    title: Words


class FactShape(Shape):
    """What can be asked."""

    name: str = Field(examples=["recruits"])
    kind: str = Field(description="yes_no, choice, number or date.")
    provision: str = Field(description="What makes it matter.")
    question: Words
    help: Words
    unit: Words
    within: str | None = Field(description="The fact that must hold for this one to hold.")
    options: list[OptionShape]


class Facts(Page):
    """All facts."""

    items: list[FactShape]


class SinceShape(Shape):
    """A day from which something applies; several where the facts leave it open."""

    day: str | None = Field(description="null: not at all.", json_schema_extra={"format": "date"})
    basis: str


class FindingShape(Shape):
    """Something it certainly is."""

    outcome: str
    provision: str
    summary: str
    in_application: bool | None = Field(description="On the day asked about; null: not known.")
    since: list[SinceShape]
    reason: dict[str, Any] = Field(description="A tree of provisions and facts; `value` is null where it is not known.")


class DutyFoundShape(Shape):
    """A duty that binds, or that what is known leaves open."""

    provision: str
    bearer: str
    binds: bool | None = Field(description="null: not known.")
    what: Words
    shown_by: Words
    in_application: bool | None
    since: list[SinceShape]
    reason: dict[str, Any]


class MissingShape(Shape):
    """A fact that could still change the answer."""

    name: str
    question: str
    provision: str


class LawVersion(Shape):
    """The text of the Act that was asked."""

    act: str
    eli: str = Field(description="European Legislation Identifier of the Act as published.")
    regime: str
    amended_by: list[str]
    as_of: str = Field(description="The day since which the text stands so.", json_schema_extra={"format": "date"})


class RulesVersion(Shape):
    """The rules that answered."""

    digest: str = Field(description="SHA-256 over all rules, facts and days; the same on every machine.")
    software: str
    version: str


class Classification(Shape):
    """What follows from the facts."""

    format: str = Field(description="aioffice-classification/1")
    law: LawVersion
    rules: RulesVersion
    outcome: str = Field(
        description="out_of_scope, prohibited, high_risk, systemic_risk_model, general_purpose_model, exempt, transparency, "
        "no_specific_duty or needs_review: the gravest that is certain, unless something graver is not excluded."
    )
    on: str = Field(json_schema_extra={"format": "date"})
    regime: str
    readings: dict[str, str]
    facts: dict[str, Any] = Field(description="What was sent, with what follows from it at once.")
    given: list[str] = Field(description="The names of the facts that were sent.")
    scope: dict[str, Any] = Field(description="Why the Act applies or not.")
    holds: list[FindingShape]
    not_excluded: list[str] = Field(description="Provisions that the facts leave open.")
    missing: list[MissingShape] = Field(description="The most decisive first.")
    duties: list[DutyFoundShape]
