"""Procedures with clocks, for tests alone: no procedure of the house has a fitting time limit yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from aioffice.doors.api import v1  # the API makes its routes from what is declared when it is loaded: before these are
from aioffice.kernel.clocks.deciding import accepts_earlier_end
from aioffice.kernel.clocks.declaring import clock, national
from aioffice.kernel.clocks.models import Clock
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures import declaration
from aioffice.kernel.procedures.declaration import START, STAY, Procedure, State, step
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.who import Who, filer, operator
from aioffice.kernel.procedures.work import Work

assert v1.api is not None
THURSDAY = datetime(2027, 3, 4, 9, 0, tzinfo=UTC)
"""When the cases of these tests are filed."""
SWEEPER = service("sweeper")
DAY = timedelta(days=1)


def the_filer(case: Case) -> list[str]:
    """The organisation whose case it is has to act."""
    return [f"org:{case.organisation_id}"]


def the_authority(case: Case) -> list[str]:
    """The market surveillance authority of Portugal has to act."""
    return ["market_surveillance_authority:PT"]


_AUTHORITY = Who("Authority", capacities=frozenset({Capacity.MARKET_SURVEILLANCE_AUTHORITY}))


def _named(works: Sequence[Work]) -> None:
    """Give the case a subject and a number."""
    for number, work in enumerate(works):
        work.case.subject = "A serious incident nobody else may read of"
        work.case.number = f"TEST-{work.case.pk.hex[-12:]}-{number}"


@contextmanager
def incident() -> Iterator[type[Procedure]]:
    """A serious incident to be reported within 15 days (Article 73(2)), which can be suspended to show that clocks can."""

    class Incident(Procedure):
        slug = "test-incident"
        title = "Incident"
        noun = "Incident"
        known: ClassVar = State("Known")
        reported: ClassVar = State("Reported", open=False)
        seen_by = staticmethod(lambda case: [] if case.secure else ["market_surveillance_authority:PT"])
        learn: ClassVar = step(
            START >> known,
            by=operator(Capacity.PROVIDER, title="P"),
            basis="73(2)",
            title="Become aware",
            effect=_named,
            starts=clock("INC-15", of=the_filer, place=lambda case: "PT"),
        )
        again: ClassVar = step(
            known >> STAY,
            by=filer(),
            basis="house: test",
            title="Become aware anew",
            starts=clock("INC-15", of=the_filer, place=lambda case: "PT"),
        )
        report: ClassVar = step(
            known >> reported, by=(filer(), _AUTHORITY), basis="73(2)", title="Report", meets="INC-15"
        )
        accept_earlier_end: ClassVar = accepts_earlier_end(known >> STAY, by=_AUTHORITY)
        drop: ClassVar = step(known >> reported, by=filer(), basis="house: test", title="Drop", stops="INC-15")
        halt: ClassVar = step(known >> STAY, by=filer(), basis="house: test", title="Halt", suspends="INC-15")
        go_on: ClassVar = step(known >> STAY, by=filer(), basis="house: test", title="Go on", resumes="INC-15")

    yield Incident
    del declaration._registry[Incident.slug]


@contextmanager
def plan() -> Iterator[type[Procedure]]:
    """A plan for testing in real-world conditions: no answer within 30 days is approval where national law knows that (60(4)(b))."""

    class Plan(Procedure):
        slug = "test-plan"
        title = "Plan"
        noun = "Plan"
        submitted: ClassVar = State("Submitted")
        approved: ClassVar = State("Approved")
        refused: ClassVar = State("Refused", open=False)
        running: ClassVar = State("Running", open=False)
        seen_by = staticmethod(lambda case: ["market_surveillance_authority:PT"])
        submit: ClassVar = step(
            START >> submitted,
            by=operator(Capacity.PROVIDER, title="P"),
            basis="60(4)(a)",
            title="Submit",
            effect=_named,
            starts=clock(
                "RWT-30D",
                of=the_authority,
                place=lambda case: "PT",
                law=lambda case: {"tacit_approval_by_state": "PT:yes"},
                on_silence=national("fall_silent"),
            ),
        )
        submit_elsewhere: ClassVar = step(
            START >> submitted,
            by=operator(Capacity.PROVIDER, title="P"),
            basis="60(4)(a)",
            title="Submit where silence may be no approval",
            starts=clock("RWT-30D", of=the_authority, place=lambda case: "DE", on_silence=national("fall_silent")),
        )
        approve: ClassVar = step(
            submitted >> approved, by=_AUTHORITY, basis="60(4)(b)", title="Approve", meets="RWT-30D"
        )
        refuse: ClassVar = step(
            submitted >> refused, by=_AUTHORITY, basis="60(4)(b)", title="Refuse", meets="RWT-30D", undoes="RWT-30D"
        )
        withdraw: ClassVar = step(submitted >> refused, by=filer(), basis="60(5)", title="Withdraw")
        fall_silent: ClassVar = step(
            submitted >> approved,
            basis="60(4)(b)",
            title="Silence approves",
            tells=[the_filer],
        )
        start: ClassVar = step(
            approved >> running,
            by=filer(),
            basis="60(4)(f)",
            title="Start",
            starts=clock("RWT-6M", of=the_filer, place=lambda case: "PT"),
        )
        extend: ClassVar = step(
            running >> STAY, by=filer(), basis="60(4)(f)", title="Extend", extends="RWT-6M", once=True
        )

    yield Plan
    del declaration._registry[Plan.slug]


def opened(kind: type[Procedure], actor: Actor, step: str = "learn", at: datetime = THURSDAY) -> Case:
    """A case that a step has just opened."""
    return perform(kind.steps[step], None, actor=actor, data={}, at=at).case


def take(kind: type[Procedure], step: str, case: Case, actor: Actor, at: datetime, **more: Any) -> StepRecord:
    """Take a step that asks for nothing."""
    return perform(kind.steps[step], case.pk, actor=actor, data={}, at=at, **more)


def clocks_of(case: Case) -> list[Clock]:
    """The clocks of a case, in the order in which they began, as the sweeper sees them."""
    with acting(SWEEPER, THURSDAY):
        return list(Clock.objects.filter(case=case).select_related("settled_by").order_by("id"))
