"""Rounds with a clock for each addressee, for tests alone: a test in several Member States (60(4)(b)), and objections (79(8))."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID

from aioffice.kernel.clocks.declaring import national
from aioffice.kernel.parties.actors import organisations_in
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures import declaration
from aioffice.kernel.procedures.declaration import START, Procedure, Round, State, step
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.who import FILING_ROLES, Relation, Who, filer, operator
from aioffice.kernel.procedures.work import Work
from tests.support.clocks import the_filer

STATES: list[str] = []
"""The Member States whose authorities the cases of a test ask."""
ADDRESSEE = Who(
    "Authority that was asked",
    capacities=frozenset({Capacity.MARKET_SURVEILLANCE_AUTHORITY}),
    roles=FILING_ROLES,
    relation=Relation.ADDRESSEE,
)


def authorities(case: Case) -> list[str]:
    """The market surveillance authorities of the Member States concerned."""
    return [f"market_surveillance_authority:{state}" for state in case.member_states]


def asked(case: Case) -> list[UUID]:
    """The market surveillance authority of each Member State concerned."""
    return sorted(organisations_in(authorities(case)))


def _concerned(works: list[Work]) -> None:
    """Give the case its subject, its number and the Member States it concerns."""
    for work in works:
        work.case.member_states = list(STATES)
        work.case.subject = "A test in several Member States"
        work.case.number = f"TEST-{work.case.pk.hex[-12:]}"


@contextmanager
def consent() -> Iterator[type[Procedure]]:
    """A test in several Member States: each authority has 30 days of its own, and silence approves where its law knows that (60(4)(b))."""

    class Consent(Procedure):
        slug = "test-consent"
        title = "Consent"
        noun = "Test"
        submitted: ClassVar = State("Submitted")
        decided: ClassVar = State("Decided", open=False)
        refused: ClassVar = State("Refused somewhere", open=False)
        withdrawn: ClassVar = State("Withdrawn", open=False)
        seen_by = staticmethod(authorities)
        approvals: ClassVar = Round(
            "May the test take place?",
            to=asked,
            basis="60(4)(b)",
            clock="RWT-30D",
            on_silence=national("fall_silent"),
            ends_in={"refuse": refused},
        )
        submit: ClassVar = step(
            START >> submitted,
            by=operator(Capacity.PROVIDER, title="P"),
            basis="60(4)(a)",
            title="Submit",
            effect=_concerned,
            opens=approvals,
        )
        approve: ClassVar = step(
            submitted >> decided, by=ADDRESSEE, basis="60(4)(b)", title="Approve", answers=approvals
        )
        refuse: ClassVar = step(
            submitted >> decided,
            by=ADDRESSEE,
            basis="60(4)(b)",
            title="Refuse",
            answers=approvals,
            undoes="RWT-30D",
            tells=[the_filer],
        )
        fall_silent: ClassVar = step(
            submitted >> decided, basis="60(4)(b)", title="Silence approves", answers=approvals, tells=[the_filer]
        )
        withdraw: ClassVar = step(submitted >> withdrawn, by=filer(), basis="60(5)", title="Withdraw", stops="RWT-30D")

    yield Consent
    del declaration._registry[Consent.slug]


@contextmanager
def objections() -> Iterator[type[Procedure]]:
    """A national measure: the other authorities have three months from their own receipt; if nobody objects, it is justified (79(8))."""

    class Measure(Procedure):
        slug = "test-measure"
        title = "Measure"
        noun = "Measure"
        notified: ClassVar = State("Objections possible")
        justified: ClassVar = State("Justified", open=False)
        disputed: ClassVar = State("Disputed", open=False)
        seen_by = staticmethod(authorities)
        others: ClassVar = Round(
            "Do you object to the measure?",
            to=asked,
            basis="79(8)",
            clock="OBJ-3M",
            on_silence="stay_silent",
            closes_when=lambda outcomes, left: "object" in outcomes or not left,
            ends_in={"object": disputed},
        )
        notify: ClassVar = step(
            START >> notified,
            by=operator(Capacity.PROVIDER, title="P"),
            basis="79(5)",
            title="Notify",
            effect=_concerned,
            opens=others,
        )
        object: ClassVar = step(notified >> justified, by=ADDRESSEE, basis="79(8)", title="Object", answers=others)
        agree: ClassVar = step(notified >> justified, by=ADDRESSEE, basis="79(8)", title="Agree", answers=others)
        stay_silent: ClassVar = step(notified >> justified, basis="79(8)", title="No objection", answers=others)

    yield Measure
    del declaration._registry[Measure.slug]
