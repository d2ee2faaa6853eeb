"""What a step does to the clocks of its case: start, meet, stop, suspend, resume, extend. Called by `perform` alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aioffice.act.clocks import law
from aioffice.act.clocks.changing import ClockError, suspended, times_allowed
from aioffice.act.clocks.counting import End, local_day
from aioffice.act.places import Place, place
from aioffice.act.time_limits import time_limit
from aioffice.kernel.clocks.computing import keep, worked_out
from aioffice.kernel.clocks.declaring import BY_STATE
from aioffice.kernel.clocks.models import LIVE, Clock, Standing
from aioffice.kernel.procedures.errors import Refused
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.telling import notify
from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from uuid import UUID

    from aioffice.act.clocks.results import Deadline
    from aioffice.kernel.clocks.declaring import ClockStart, OnSilence
    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.procedures.work import Work

UNDONE = gettext_lazy("What silence was presumed to mean is undone")
_FOUND_OUT_LATER = (*LIVE, Standing.EXPIRED)


def clock_refusal(work: Work) -> Refused | None:
    """Why a step cannot change the clocks it names, None when it can or names none."""
    reason = why_clocks_wait(work.step, work.case, work.took_place_at)
    return Refused(reason) if reason else None


def why_clocks_wait(step: Step, case: Case, at: datetime) -> str:
    """Why the step cannot be taken at that moment as far as clocks go, in one sentence; empty when it can."""
    asked = {*step.suspends, *step.resumes, *step.extends}
    if not asked:
        return ""
    live = {clock.limit: clock for clock in Clock.objects.filter(case=case, limit__in=asked, state__in=LIVE)}
    for limit in step.suspends:
        if not _runs(live.get(limit), at):
            return _("The time limit %(limit)s does not run, so it cannot be suspended.") % {"limit": limit}
    for limit in step.resumes:
        clock = live.get(limit)
        if clock is None or clock.state != Standing.SUSPENDED:
            return _("The time limit %(limit)s is not suspended, so it cannot go on.") % {"limit": limit}
    return next((why for limit in step.extends if (why := _why_not_extended(step, live.get(limit), limit, at))), "")


def _why_not_extended(step: Step, clock: Clock | None, limit: str, at: datetime) -> str:
    if clock is None or not _runs(clock, at):
        return _("The time limit %(limit)s does not run, so it cannot be extended.") % {"limit": limit}
    times = 1 if step.once else times_allowed(time_limit(limit), law.read(clock.law))
    if times is not None and sum("extended" in change for change in clock.changes) >= times:
        return _("The time limit %(limit)s cannot be extended once more (%(basis)s).") % {
            "limit": limit,
            "basis": time_limit(limit).basis,
        }
    return ""


def find_undone(work: Work) -> bool:
    """Whether the step undoes what silence was presumed to mean: it took place before the clock ended, and the presumed step is the last
    of the case. Then the case goes where it would have gone from its state before.

    What is said to have taken place earlier than now needs evidence. What came in before the end and had to wait for its turn needs none.
    """
    if not work.step.undoes or (work.took_place_at != work.at and not work.item.evidence):
        return False
    lapsed = Clock.objects.filter(
        case=work.case, limit__in=work.step.undoes, state=Standing.LAPSED, due_at__gt=work.took_place_at
    ).select_related("settled_by", "round_place")
    if work.step.answers is not None:
        from aioffice.kernel.clocks.addressees import silent_place

        found = silent_place(work, lapsed)
        clock, state = found or (None, "")
    else:
        clock = lapsed.filter(settled_by__sequence=work.case.version).first()
        state = clock.settled_by.from_state if clock is not None and clock.settled_by is not None else ""
    if clock is None or not work.step.starts_in(state):
        return False
    work.undoes, work.undone_to, work.target = clock, state, work.step.target(state)
    return True


def _runs(clock: Clock | None, at: datetime) -> bool:
    return clock is not None and clock.state == Standing.RUNNING and clock.due_at is not None and at < clock.due_at


def move_clocks(step: Step, works: Sequence[Work]) -> None:
    """Do what the step declares to the clocks of its cases, in a handful of statements for many."""
    named = {
        *step.meets,
        *step.stops,
        *step.suspends,
        *step.resumes,
        *step.extends,
        *step.undoes,
        *(one.limit for one in step.starts),
    }
    if not named or not works:
        return
    undo(works)
    known: dict[tuple[UUID, str], list[Clock]] = {}
    if not step.opens_case:
        rows = Clock.objects.select_for_update(of=("self",), no_key=True).order_by("case_id", "id")
        for clock in rows.filter(case__in=[w.case.pk for w in works], limit__in=named, state__in=_FOUND_OUT_LATER):
            known.setdefault((clock.case_id, clock.limit), []).append(clock)
    changed = {clock.pk: clock for work in works for clock in _changed(step, work, known)}
    Clock.objects.bulk_update(changed.values(), _MAY_CHANGE, batch_size=500)
    Clock.objects.bulk_create([_started(one, work) for work in works for one in step.starts], batch_size=500)


def _changed(step: Step, work: Work, known: Mapping[tuple[UUID, str], Sequence[Clock]]) -> Iterator[Clock]:
    def of_case(limits: Iterable[str]) -> Iterator[Clock]:
        return (clock for limit in dict.fromkeys(limits) for clock in known.get((work.case.pk, limit), ()))

    for clock in of_case((*step.meets, *step.stops)):
        settle_by(clock, work, met=clock.limit in step.meets)
        yield clock
    for clock in of_case((*step.suspends, *step.resumes, *step.extends)):
        if clock.state in LIVE:
            _change(clock, work)
            yield clock
    for clock in of_case(one.limit for one in step.starts):
        if clock.state in LIVE:  # it begins anew
            close(clock, Standing.STOPPED, work.took_place_at, work.record)
            yield clock


def undo(works: Sequence[Work]) -> None:
    """Settle the clocks whose effect is undone as met, stop those that the presumed step had started, and tell whom silence had told."""
    for work in works:
        clock = work.undoes
        if clock is None:
            continue
        # What the case had been moved by: of a round, the answer that closed it.
        moved_by = StepRecord.objects.filter(case=work.case, sequence__lt=work.case.version).order_by("-sequence")
        last = moved_by.first() if work.undone_to != work.from_state else None
        begun = Clock.objects.filter(opened_by__in=[clock.settled_by_id, *([last.pk] if last else [])], state__in=LIVE)
        begun.update(state=Standing.STOPPED, settled_at=work.at, settled_by=work.record)
        close(clock, Standing.MET, work.took_place_at, work.record)
        clock.save(update_fields=["state", "settled_at", "settled_by"])
        tacit = work.step.procedure.steps[clock.tacit_step]
        told = {name for audience in tacit.tells for name in audience(work.case)}
        notify(work, sorted(told | set(clock.concerned)), UNDONE)


_MAY_CHANGE = [
    "changes", "outcome", "nominal_end", "legal_end", "target", "due_at", "binding", "silence", "calendar", "steps", "left",
    "earlier_end", "state", "settled_at", "settled_by",
]  # fmt: skip


def _started(one: ClockStart, work: Work) -> Clock:
    where = place(one.place(work.case))
    event = one.event(work) if one.event is not None else work.took_place_at
    law = settings_of_law(one.limit, work.case, one.law)
    moment = moment_of(event, where)
    clock = Clock(
        case=work.case,
        limit=one.limit,
        place=where.code,
        opened_by=work.record,
        started_at=work.at,
        event_at=moment,
        law=law,
        concerned=sorted(set(one.of(work.case))),
        organisation_id=work.case.organisation_id,
        audience=work.case.audience,
    )
    found = worked_out(time_limit(one.limit), where.code, moment, settings=law)
    keep(clock, found)
    clock.tacit_step = tacit_step(one.on_silence, found)
    return clock


def moment_of(event: date | datetime, where: Place) -> datetime:
    """What a clock runs from, as a moment: of a day, its beginning at the place."""
    return event if isinstance(event, datetime) else datetime.combine(event, time.min, ZoneInfo(where.zone))


def tacit_step(told: OnSilence, found: Deadline) -> str:
    """The step that silence brings about at that end; empty where silence is no approval, or nobody knows whether it is."""
    return told.step if told.step and found.silence == found.limit.tacit_effect else ""


def settings_of_law(limit: str, case: Case, law: Callable[[Case], Mapping[str, str]] | None) -> dict[str, str]:
    """The values of settings of law a clock starts with: what the case decides, else what the office was told of national law."""
    name = time_limit(limit).setting
    known = {name: settings().tacit_approval} if name in BY_STATE and settings().tacit_approval else {}
    return {**known, **(law(case) if law is not None else {})}


def settle_by(clock: Clock, work: Work, *, met: bool) -> None:
    """A step that is known only now but took place before the end still meets a clock that was taken for expired."""
    at, late = work.took_place_at, clock.due_at is not None and work.took_place_at >= clock.due_at
    if clock.state == Standing.EXPIRED:
        if met and not late:
            close(clock, Standing.MET, at, work.record)
    elif clock.state == Standing.RUNNING and late:
        close(clock, Standing.EXPIRED, clock.due_at or at, work.record)
    else:
        close(clock, Standing.MET if met else Standing.STOPPED, at, work.record)


def close(clock: Clock, state: Standing, at: datetime, record: StepRecord | None) -> None:
    """Settle a clock."""
    clock.state, clock.settled_at, clock.settled_by = state, at, record


def _change(clock: Clock, work: Work) -> None:
    on = local_day(work.took_place_at, ZoneInfo(place(clock.place).zone))
    step = work.step
    if clock.limit in step.suspends:
        assert clock.nominal_end is not None, "refused before where there is no end"
        assert clock.legal_end is not None
        assert clock.due_at is not None
        try:
            clock.left = suspended(End(clock.nominal_end, clock.legal_end, clock.due_at, ()), on)
        except ClockError as error:
            raise Refused(str(error)) from None
        clock.state, clock.due_at = Standing.SUSPENDED, None
        return
    change: dict[str, Any]
    if clock.limit in step.resumes:
        change = {"resumed": on.isoformat(), "left": clock.left}
        clock.state, clock.left = Standing.RUNNING, None
    else:
        change = {"extended": on.isoformat()}
    clock.changes = [*clock.changes, change]
    keep(clock, recomputed(clock))


def recomputed(clock: Clock) -> Deadline:
    """What a clock comes to by today's calendar."""
    return worked_out(time_limit(clock.limit), clock.place, clock.event_at, settings=clock.law, changes=clock.changes)
