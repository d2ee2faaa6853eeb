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
    from aioffice.kernel.procedures.declaration import Procedure, Round, Step
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.procedures.work import Work

SWEEPER = "sweeper"
"""The service actor that takes the steps which silence brings about."""


@dataclass(frozen=True)
class OnSilence:
    """The step that silence brings about: everywhere, or where the law of the place knows that."""

    step: str = ""
    national: bool = False


NO_EFFECT = OnSilence()
BY_STATE = frozenset({"tacit_approval_by_state"})
"""Settings of law that say by Member State whether silence has an effect."""


def national(step: str) -> OnSilence:
    """For `on_silence`: silence brings the step about only where the law of the Member State knows that.

    What that law says comes from the declaration's own `law`, else from the setting `tacit_approval`; where nobody has said it, silence
    does nothing.
    """
    return OnSilence(step, national=True)


def silence(told: str | OnSilence) -> OnSilence:
    """What `on_silence` was given: the name of a step, or `national(...)`."""
    return told if isinstance(told, OnSilence) else OnSilence(told)


@dataclass(frozen=True, eq=False)
class ClockStart:
    """A clock that a step starts. Made with `clock(...)`; see there."""

    limit: str
    of: Callable[[Case], Iterable[str]]
    place: Callable[[Case], str]
    event: Callable[[Work], date | datetime] | None = None
    law: Callable[[Case], Mapping[str, str]] | None = None
    on_silence: OnSilence = NO_EFFECT


def clock(
    limit: str,
    *,
    of: Callable[[Case], Iterable[str]],
    place: Callable[[Case], str],
    event: Callable[[Work], date | datetime] | None = None,
    law: Callable[[Case], Mapping[str, str]] | None = None,
    on_silence: str | OnSilence = "",
) -> ClockStart:
    """Declare a clock.

    `limit`: the id of a time limit of the Act (`act.time_limits`). `of`: names of the audiences that have to act (`parties.keys`).
    `place`: where they have to, as a code of `act.places`. `event`: what it runs from, if not the moment the step took place. `law`:
    values of settings of law that the case decides, as people write them. `on_silence`: the step of the same procedure that silence
    brings about where the Act gives it that effect, or `national(...)` around it where national law decides; the service `sweeper` may
    take it by that alone.
    """
    return ClockStart(limit, of, place, event, law, silence(on_silence))


def several(names: str | Iterable[str]) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    return (names,) if isinstance(names, str) else tuple(names)


def tacit_steps(procedure: type[Procedure]) -> frozenset[str]:
    """The names of the steps that silence brings about, as far as the procedure has them."""
    clocks = (one.on_silence.step for step in procedure.steps.values() for one in step.starts)
    rounds = (asked.silent.step for asked in procedure.rounds.values())
    return frozenset({*clocks, *rounds} & set(procedure.steps))


def faults(procedure: type[Procedure]) -> Iterator[str]:
    """What is wrong with the clocks of a procedure, one sentence each."""
    started = {one.limit for step in procedure.steps.values() for one in step.starts}
    by_round = {step.opens.clock for step in procedure.steps.values() if step.opens is not None} - {""}
    for step in procedure.steps.values():
        for one in step.starts:
            yield from _of_start(procedure, step, one)
        named = [*step.meets, *step.stops, *step.suspends, *step.resumes, *step.extends, *step.undoes]
        yield from (
            f"step {step.name!r} names the clock {limit!r}, which no step starts"
            for limit in named
            if limit not in started | by_round
        )
        if step.once and not step.extends:
            yield f"step {step.name!r} says once=True but extends nothing"
        yield from _of_changes(step, started)
        yield from (
            f"step {step.name!r} can only stop {limit!r}, which is counted for each addressee of a round; an answer meets its own"
            for limit in (*step.meets, *step.suspends, *step.resumes, *step.extends)
            if limit in by_round
        )
    yield from (f"{limit!r} is the clock of a round, so no step starts it besides" for limit in started & by_round)
    for asked in procedure.rounds.values():
        yield from _of_round(procedure, asked)
    yield from _of_undoing(procedure)
    resumed = {limit for step in procedure.steps.values() for limit in step.resumes}
    for step in procedure.steps.values():
        for limit in step.suspends:
            if limit not in resumed:
                yield f"step {step.name!r} suspends {limit!r}, which no step resumes"


def _of_start(procedure: type[Procedure], step: Step, one: ClockStart) -> Iterator[str]:
    yield from _of_clock(procedure, f"step {step.name!r}", one.limit, one.on_silence, None)


def _of_round(procedure: type[Procedure], asked: Round) -> Iterator[str]:
    if asked.clock:
        yield from _of_clock(procedure, f"round {asked.name!r}", asked.clock, asked.silent, asked)
    elif asked.silent.step:
        yield f"round {asked.name!r} says on_silence but no clock, so no silence ever ends"


def _of_clock(
    procedure: type[Procedure], where: str, limit_id: str, silent: OnSilence, asked: Round | None
) -> Iterator[str]:
    try:
        limit = time_limit(limit_id)
    except UnknownCodeError as error:
        yield f"{where} starts a clock of no time limit: {error}"
        return
    if not silent.step:
        return
    taken = procedure.steps.get(silent.step)
    if taken is None:
        yield f"{where}: on_silence={silent.step!r} is no step of this procedure"
    elif taken.opens_case or taken.asks is not None:
        yield f"step {silent.step!r} cannot follow from silence: it opens a case or asks for something"
    elif taken.answers is not asked:
        wanted = "no round" if asked is None else f"the round {asked.name!r}"
        yield f"step {silent.step!r} follows from the silence of {where}, so it answers {wanted}"
    if not limit.tacit_effect:
        yield f"{where}: the Act gives silence no effect in {limit.id} ({limit.basis})"
    elif silent.national != (limit.setting in BY_STATE):
        right = "national(...)" if limit.setting in BY_STATE else "the name of the step alone"
        yield f"{where}: what silence brings in {limit.id} is for on_silence to say as {right} ({limit.basis})"


def _of_undoing(procedure: type[Procedure]) -> Iterator[str]:
    """Only a move can be undone: what an effect has written beyond it stays."""
    silent = {one.limit: one.on_silence.step for step in procedure.steps.values() for one in step.starts}
    rounds = {asked.clock: asked for asked in procedure.rounds.values() if asked.clock}
    for step in procedure.steps.values():
        for limit in step.undoes:
            asked = rounds.get(limit)
            taken = procedure.steps.get(asked.silent.step if asked else silent.get(limit, ""))
            if taken is None:
                yield f"step {step.name!r} undoes {limit!r}, in which silence has no effect"
            elif taken.effect is not None or taken.emits or taken.opens is not None:
                yield f"step {step.name!r} cannot undo {taken.name!r}, which does more than move the case"
            if step.answers is not asked or step.opens_case:
                yield f"step {step.name!r} undoes the silence of {limit!r}, so it answers what that clock was about, and opens no case"


def _of_changes(step: Step, started: set[str]) -> Iterator[str]:
    for limit_id in set(step.suspends) & started:
        if time_limit(limit_id).unit is Unit.HOUR:
            yield f"step {step.name!r} suspends {limit_id}, which runs in hours"
    for limit_id in set(step.extends) & started:
        limit = time_limit(limit_id)
        if limit.extension is None:
            yield f"step {step.name!r} extends {limit_id}, which the Act does not let be extended ({limit.basis})"
