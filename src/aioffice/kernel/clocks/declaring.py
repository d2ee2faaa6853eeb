"""How a procedure says which clocks its steps start, and what is wrong with what it says. Knows no table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from aioffice.act.lookup import UnknownCodeError
from aioffice.act.periods import Unit
from aioffice.act.time_limits import time_limit

if TYPE_CHECKING:
    from aioffice.kernel.procedures.declaration import Procedure, Step
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.procedures.work import Work

SWEEPER = "sweeper"
"""The service actor that takes the steps which silence brings about."""


@dataclass(frozen=True, eq=False)
class ClockStart:
    """A clock that a step starts. Made with `clock(...)`; see there."""

    limit: str
    of: Callable[[Case], Iterable[str]]
    place: Callable[[Case], str]
    event: Callable[[Work], date | datetime] | None = None
    law: Callable[[Case], Mapping[str, str]] | None = None
    on_silence: str = ""


def clock(
    limit: str,
    *,
    of: Callable[[Case], Iterable[str]],
    place: Callable[[Case], str],
    event: Callable[[Work], date | datetime] | None = None,
    law: Callable[[Case], Mapping[str, str]] | None = None,
    on_silence: str = "",
) -> ClockStart:
    """Declare a clock.

    `limit`: the id of a time limit of the Act (`act.time_limits`). `of`: names of the audiences that have to act (`parties.keys`).
    `place`: where they have to, as a code of `act.places`. `event`: what it runs from, if not the moment the step took place. `law`:
    values of settings of law that the case decides, as people write them. `on_silence`: the step of the same procedure that silence
    brings about where the Act gives it that effect; the service `sweeper` takes it.
    """
    return ClockStart(limit, of, place, event, law, on_silence)


def several(names: str | Iterable[str]) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    return (names,) if isinstance(names, str) else tuple(names)


def faults(procedure: type[Procedure]) -> Iterator[str]:
    """What is wrong with the clocks of a procedure, one sentence each."""
    started = {one.limit for step in procedure.steps.values() for one in step.starts}
    for step in procedure.steps.values():
        for one in step.starts:
            yield from _of_start(procedure, step, one)
        named = [*step.meets, *step.stops, *step.suspends, *step.resumes, *step.extends, *step.undoes]
        yield from (
            f"step {step.name!r} names the clock {limit!r}, which no step starts"
            for limit in named
            if limit not in started
        )
        if step.once and not step.extends:
            yield f"step {step.name!r} says once=True but extends nothing"
        yield from _of_changes(step, started)
    yield from _of_undoing(procedure)
    resumed = {limit for step in procedure.steps.values() for limit in step.resumes}
    for step in procedure.steps.values():
        for limit in step.suspends:
            if limit not in resumed:
                yield f"step {step.name!r} suspends {limit!r}, which no step resumes"


def _of_start(procedure: type[Procedure], step: Step, one: ClockStart) -> Iterator[str]:
    try:
        limit = time_limit(one.limit)
    except UnknownCodeError as error:
        yield f"step {step.name!r} starts a clock of no time limit: {error}"
        return
    if not one.on_silence:
        return
    taken = procedure.steps.get(one.on_silence)
    if taken is None:
        yield f"step {step.name!r}: on_silence={one.on_silence!r} is no step of this procedure"
    elif taken.opens_case or taken.asks is not None or taken.answers is not None:
        yield f"step {one.on_silence!r} cannot follow from silence: it opens a case, asks for something or answers a round"
    elif not any(who.service == SWEEPER for who in taken.by):
        yield f"step {one.on_silence!r} follows from silence, so it must be taken by service_actor({SWEEPER!r}) too"
    if not limit.tacit_effect:
        yield f"step {step.name!r}: the Act gives silence no effect in {limit.id} ({limit.basis})"


def _of_undoing(procedure: type[Procedure]) -> Iterator[str]:
    """Only a move can be undone: what an effect has written beyond it stays."""
    silent = {one.limit: one.on_silence for step in procedure.steps.values() for one in step.starts if one.on_silence}
    for step in procedure.steps.values():
        for limit in step.undoes:
            taken = procedure.steps.get(silent.get(limit, ""))
            if taken is None:
                yield f"step {step.name!r} undoes {limit!r}, in which silence has no effect"
            elif taken.effect is not None or taken.emits or taken.opens is not None:
                yield f"step {step.name!r} cannot undo {taken.name!r}, which does more than move the case"
            if step.answers is not None or step.opens_case:
                yield f"step {step.name!r} undoes something, so it neither answers a round nor opens a case"


def _of_changes(step: Step, started: set[str]) -> Iterator[str]:
    for limit_id in set(step.suspends) & started:
        if time_limit(limit_id).unit is Unit.HOUR:
            yield f"step {step.name!r} suspends {limit_id}, which runs in hours"
    for limit_id in set(step.extends) & started:
        limit = time_limit(limit_id)
        if limit.extension is None:
            yield f"step {step.name!r} extends {limit_id}, which the Act does not let be extended ({limit.basis})"
