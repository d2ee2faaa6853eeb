"""The clocks of a round: each addressee has its own, from its own receipt and by its own calendar. Called by `perform` alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from aioffice.act.places import place
from aioffice.act.time_limits import time_limit
from aioffice.kernel.clocks.computing import keep, worked_out
from aioffice.kernel.clocks.models import LIVE, Clock, Standing
from aioffice.kernel.clocks.running import close, moment_of, settings_of_law, settle_by, tacit_step
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.procedures.models import RoundPlace, StepRecord

if TYPE_CHECKING:
    from uuid import UUID

    from aioffice.kernel.procedures.declaration import Round
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.procedures.work import Work

INSTITUTIONS = "EU"


def start(asked: Round, work: Work, places: Sequence[RoundPlace]) -> None:
    """Start the clock of each new place of a round."""
    if not asked.clock or not places:
        return
    addressees = Organisation.objects.in_bulk([one.addressee_id for one in places])
    Clock.objects.bulk_create(
        [_started(asked, work, one, addressees[one.addressee_id]) for one in places], batch_size=500
    )


def _started(asked: Round, work: Work, own: RoundPlace, addressee: Organisation) -> Clock:
    where = place(asked.place(work.case, addressee) if asked.place else addressee.member_state or INSTITUTIONS)
    # What is asked here is received with the notice in the inbox, not before, whenever the asking is said to have taken place.
    moment = moment_of(asked.receipt(work, addressee) if asked.receipt else own.asked_at, where)
    law = settings_of_law(asked.clock, work.case, asked.law)
    clock = Clock(
        case=work.case,
        round_place=own,
        limit=asked.clock,
        place=where.code,
        opened_by_id=work.record_id,
        started_at=work.at,
        event_at=moment,
        law=law,
        concerned=[f"org:{addressee.pk}"],
        organisation_id=work.case.organisation_id,
        audience=own.audience,
    )
    found = worked_out(time_limit(asked.clock), where.code, moment, settings=law)
    keep(clock, found)
    clock.tacit_step = tacit_step(asked.silent, found)
    return clock


def answer(works: Sequence[Work]) -> None:
    """Settle the clock of each place that a step has filled, and of those that nobody has to fill any more."""
    by_place = {work.place.pk: work for work in works if work.place is not None}
    over = {pk: work for work in works for pk in work.over}
    if not by_place and not over:
        return
    clocks = Clock.objects.filter(round_place__in=[*by_place, *over], state__in=(*LIVE, Standing.EXPIRED))
    changed = []
    for clock in clocks.select_for_update(of=("self",), no_key=True).order_by("case_id", "id"):
        assert clock.round_place_id is not None, "asked for by their places"
        if clock.round_place_id in by_place:
            settle_by(clock, by_place[clock.round_place_id], met=True)
        elif clock.state in LIVE:
            work = over[clock.round_place_id]
            close(clock, Standing.STOPPED, work.took_place_at, work.record)
        changed.append(clock)
    Clock.objects.bulk_update(changed, ["state", "settled_at", "settled_by"], batch_size=500)


def silent_place(work: Work, lapsed: Iterable[Clock]) -> tuple[Clock, str] | None:
    """The lapsed clock of the actor's place whose silence an answer given before its end undoes, with the state to go on from.

    That is the state of the case while the round goes on, and once it has closed, the one in which it did: but only as long as nothing
    has followed from that, and closing did no more than move the case.
    """
    kind, asked = work.step.procedure, work.step.answers
    assert asked is not None, "called for answering steps alone"
    own_places = RoundPlace.objects.filter(case=work.case, round=asked.name, addressee=work.actor.organisation)
    if own_places.filter(answered_at=None).exists():
        return None  # asked again, it answers that
    for clock in lapsed:
        own = clock.round_place
        if own is None or own.addressee_id != work.actor.organisation or own.answer_id != clock.settled_by_id:
            continue
        answers = StepRecord.objects.filter(
            pk__in=RoundPlace.objects.filter(opened_by=own.opened_by_id, round=own.round).values("answer")
        )
        last = answers.order_by("-sequence").first()
        if last is None:
            continue
        if last.from_state == last.to_state == work.case.state:
            return clock, work.case.state
        closing = kind.steps.get(last.step.rpartition(".")[2])
        bare = closing is not None and closing.effect is None and not closing.emits and closing.opens is None
        if bare and last.sequence == work.case.version:
            return clock, last.from_state
    return None


def follow_places(places: Sequence[RoundPlace]) -> None:
    """Whoever may see a place may see its clock."""
    audiences = {one.pk: one.audience for one in places}
    clocks = list(Clock.objects.filter(round_place__in=audiences)) if audiences else []
    for clock in clocks:
        assert clock.round_place_id is not None, "asked for by their places"
        clock.audience = audiences[clock.round_place_id]
    Clock.objects.bulk_update(clocks, ["audience"], batch_size=500)


def of_places(case: Case) -> dict[UUID, Clock]:
    """The clocks of a case's rounds, by the place whose they are."""
    found = Clock.objects.filter(case=case, round_place__isnull=False).select_related("round_place__addressee")
    return {clock.round_place_id: clock for clock in found if clock.round_place_id is not None}
