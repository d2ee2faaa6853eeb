"""The language in which a procedure of the Act is declared: states, steps, rounds, and for each step who, from where to where,
what it asks, on which legal basis, what it causes, who is told and who may see.

A declaration holds no SQL and no page. Everything else (API, forms, command line, docs, tests) is derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.clocks.declaring import SWEEPER, ClockStart, OnSilence, faults, several, silence, tacit_steps
from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.who import Who, service_actor

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.parties.models import Organisation
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.procedures.work import Work

Effect = Callable[[Sequence["Work"]], None]
"""Does what the step does beyond moving the case, for many pieces of work at once. It checks before it writes: work that may not
go on is failed with `work.fail(error)` and left alone. It may change `work.case`; `perform` saves it."""
Audience = Callable[["Case"], Iterable[str]]
"""Names of those who may see a case or are told of a step (see `parties.keys`)."""
Need = Callable[["Case"], str]
"""A condition on the case beyond its state: empty text when it holds, else the reason why the step must wait."""
Prefill = Callable[["Actor", "Case | None"], Mapping[str, Any]]
"""What a step's form already holds when somebody opens it, as data; people change it as they like."""
CaseChoices = Callable[["Case"], Sequence[tuple[str, Any]]]
"""The choices of a field that only a case can give, as (code, label) pairs."""


@dataclass(eq=False)
class State:
    """A state of a case. `open` states must have a way out; a closed one ends the case, though the filer may still correct.

    `awaits` names the steps the case waits for in this state: whoever may take one finds the case among what waits for them.
    """

    title: Any
    open: bool = True
    awaits: tuple[str, ...] = ()
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def __or__(self, other: State | States) -> States:
        return States((self,)) | other

    def __rshift__(self, target: State) -> Move:
        return Move((self,), target)


@dataclass(frozen=True)
class States:
    """Several states from which one step may start: `(a | b) >> c`."""

    members: tuple[State, ...]

    def __or__(self, other: State | States) -> States:
        return States(self.members + (other.members if isinstance(other, States) else (other,)))

    def __rshift__(self, target: State) -> Move:
        return Move(self.members, target)


@dataclass(frozen=True)
class Move:
    """From which states to which."""

    sources: tuple[State, ...]
    target: State


START = State(_("Not opened"), name="start")
"""Where every case comes from."""
STAY = State(_("Unchanged"), name="stay")
"""As a target: the case stays in the state it is in."""


class Event:
    """Base of what a step tells other desks: a name, and the case it is about."""

    name: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = cls.__name__


class CasePublished(Event):
    """Something about the case that is public was changed: publish it again."""


@dataclass(eq=False)
class Round:
    """One request to several addressees: a place and an answer for each; the step's case moves when the round closes.

    `to` names the addressees of a case; `closes_when(outcomes, open_places)` says when it is over: when every place is answered or silent,
    if nothing else is said. `ends_in` names, by outcome, the state that a single such answer leads to when the round closes, the weightiest
    first; without one of them among the answers, the case goes where the step that closed the round leads.

    `clock` is the time limit that each addressee has for itself (`act.time_limits`). It runs from the addressee's receipt: the moment it
    was asked, or what `receipt(work, addressee)` says; and where the addressee acts: its Member State, the institutions' place without
    one, or what `place(case, addressee)` says. An answer meets the clock of whoever gives it. `on_silence` is the step that the silence of
    one addressee brings about for that one alone, where the Act gives it that effect (`national(...)` where national law decides): a
    step that `answers` the round and asks for nothing; its name is the outcome. `law`: values of settings of law that the case decides.
    """

    title: Any
    to: Callable[[Case], Iterable[UUID]]
    basis: str
    closes_when: Callable[[Sequence[str], int], bool] = lambda outcomes, open_places: open_places == 0
    ends_in: Mapping[str, State] = field(default_factory=dict)
    clock: str = ""
    receipt: Callable[[Work, Organisation], date | datetime] | None = None
    place: Callable[[Case, Organisation], str] | None = None
    law: Callable[[Case], Mapping[str, str]] | None = None
    on_silence: str | OnSilence = ""
    name: str = ""

    @property
    def silent(self) -> OnSilence:
        """What the silence of one addressee brings about."""
        return silence(self.on_silence)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


@dataclass(eq=False)
class Step:
    """One step of a procedure. Made with `step(...)`; see there for the words."""

    move: Move
    by: tuple[Who, ...]
    basis: str
    title: Any
    told: Any = ""
    help: Any = ""
    asks: type[Form] | None = None
    effect: Effect | None = None
    needs: tuple[Need, ...] = ()
    tells: tuple[Audience, ...] = ()
    emits: tuple[type[Event], ...] = ()
    opens: Round | None = None
    answers: Round | None = None
    erases: bool = False
    prefill: Prefill | None = None
    choices: Mapping[str, CaseChoices] = field(default_factory=dict)
    starts: tuple[ClockStart, ...] = ()
    meets: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    suspends: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    undoes: tuple[str, ...] = ()
    once: bool = False
    quiet: bool = False
    name: str = ""
    procedure: type[Procedure] = field(init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def opens_case(self) -> bool:
        """Whether the step opens a new case."""
        return START in self.move.sources

    @property
    def key(self) -> str:
        """`procedure-slug.step-name`: the step's name everywhere (records, drafts, docs, API operations)."""
        return f"{self.procedure.slug}.{self.name}"

    def starts_in(self, state: str) -> bool:
        """Whether the step may be taken from the state of that name."""
        return any(source.name == state for source in self.move.sources)

    def target(self, state: str) -> str:
        """The name of the state the case is in afterwards."""
        return state if self.move.target is STAY else self.move.target.name


def step(
    move: Move,
    *,
    by: Who | Iterable[Who] = (),
    basis: str,
    title: Any,
    told: Any = "",
    help: Any = "",
    asks: type[Form] | None = None,
    effect: Effect | None = None,
    needs: Iterable[Need] = (),
    tells: Iterable[Audience] = (),
    emits: Iterable[type[Event]] = (),
    publishes: bool = False,
    opens: Round | None = None,
    answers: Round | None = None,
    erases: bool = False,
    prefill: Prefill | None = None,
    choices: Mapping[str, CaseChoices] | None = None,
    starts: ClockStart | Iterable[ClockStart] = (),
    meets: str | Iterable[str] = (),
    stops: str | Iterable[str] = (),
    suspends: str | Iterable[str] = (),
    resumes: str | Iterable[str] = (),
    extends: str | Iterable[str] = (),
    undoes: str | Iterable[str] = (),
    once: bool = False,
    quiet: bool = False,
) -> Step:
    """Declare a step.

    `move`: `source >> target`, `(a | b) >> target`, `START >> target`, `a >> STAY`. `by`: who may take it; a step that silence brings
    about is the service `sweeper`'s besides, so it need name nobody. `basis`: the provision, or
    `house: ...` where the Act leaves it to the Office. `asks`: the form. `effect`: what it does beyond moving on. `needs`: conditions.
    `title`: what one does, as a button says it; `told`: what has happened, as those read it who are told (the title where there is
    nothing better). `tells`: who gets a notice. `emits`: events for others; `publishes` is short for emitting `CasePublished`.
    `opens`: a round; `answers`: the round whose open place the actor fills. `erases`: takes values of earlier steps out of
    all that holds them. `prefill`: what the form holds when it is opened. `choices`: those that only the case can give, by the name that
    `Ask.choices_for` has for them. `quiet`: not spoken of while it has to wait, because it is there for rare
    occasions.

    Clocks are named by the id of their time limit. `starts`: those that begin with the step, each a `clock(...)`. `meets`: what was due
    is done. `stops`: it is not due any more. `suspends`, `resumes`: the clock stands still, and goes on with the days that were left.
    `extends`: by what the Act allows and as often; with `once`, one time at the most. `undoes`: recorded with evidence that it took
    place before the clock ended, the step undoes what silence was presumed to mean, as long as nothing has followed from that.
    """
    return Step(
        move=move,
        by=(by,) if isinstance(by, Who) else tuple(by),
        basis=basis,
        title=title,
        told=told,
        help=help,
        asks=asks,
        effect=effect,
        needs=tuple(needs),
        tells=tuple(tells),
        emits=(*emits, CasePublished) if publishes else tuple(emits),
        opens=opens,
        answers=answers,
        erases=erases,
        prefill=prefill,
        choices=choices or {},
        starts=(starts,) if isinstance(starts, ClockStart) else tuple(starts),
        meets=several(meets),
        stops=several(stops),
        suspends=several(suspends),
        resumes=several(resumes),
        extends=several(extends),
        undoes=several(undoes),
        once=once,
        quiet=quiet,
    )


class DeclarationError(TypeError):
    """A procedure is declared in a way that cannot work; raised at import."""


_registry: dict[str, type[Procedure]] = {}


class Procedure:
    """Base of every procedure. A subclass is the declaration; it is registered under its `slug` when its module is imported."""

    slug: ClassVar[str]
    title: ClassVar[Any]
    noun: ClassVar[Any] = _("Case")
    series: ClassVar[str] = ""
    purpose: ClassVar[Any] = ""
    """Heading under which people find it in 'file something'; empty: not opened from there."""
    states: ClassVar[dict[str, State]]
    steps: ClassVar[dict[str, Step]]
    rounds: ClassVar[dict[str, Round]]

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.states, cls.steps, cls.rounds = {}, {}, {}
        for owner in reversed(cls.__mro__):
            for name, value in vars(owner).items():
                if isinstance(value, State):
                    cls.states[name] = value
                elif isinstance(value, Round):
                    cls.rounds[name] = value
                elif isinstance(value, Step):
                    # Each procedure gets its own copy, so that a step inherited from a shared base knows where it belongs.
                    own = Step(**{key: getattr(value, key) for key in _STEP_FIELDS})
                    own.procedure = cls
                    cls.steps[name] = own
        for name in tacit_steps(cls):
            own = cls.steps[name]
            if not any(who.service == SWEEPER for who in own.by):
                own.by = (*own.by, service_actor(SWEEPER))
        for name, own in cls.steps.items():
            setattr(cls, name, own)
        if not abstract:
            _check(cls)
            _registry[cls.slug] = cls

    @classmethod
    def seen_by(cls, case: Case) -> Iterable[str]:
        """Names of the audiences that may see a case beside its filer. A procedure says so itself; silence means nobody."""
        return ()

    @classmethod
    def opening_steps(cls) -> list[Step]:
        """The steps that open a case."""
        return [own for own in cls.steps.values() if own.opens_case]


_STEP_FIELDS = tuple(name for name in Step.__dataclass_fields__ if name != "procedure")


def _check(cls: type[Procedure]) -> None:
    def wrong(text: str) -> DeclarationError:
        return DeclarationError(f"{cls.__module__}.{cls.__qualname__}: {text}")

    if cls.slug in _registry:
        raise wrong(f"slug {cls.slug!r} is taken by {_registry[cls.slug].__qualname__}")
    if not cls.opening_steps():
        raise wrong("no step starts from START, so no case could ever be opened")
    known = set(cls.states.values()) | {START, STAY}
    for own in cls.steps.values():
        if not own.by or not own.basis:
            raise wrong(f"step {own.name!r} must say by whom (by=) and on which basis (basis=)")
        strangers = [s.name for s in (*own.move.sources, own.move.target) if s not in known]
        if strangers:
            raise wrong(f"step {own.name!r} names states that are not of this procedure: {', '.join(strangers)}")
        if own.opens_case and (own.move.target is STAY or len(own.move.sources) > 1):
            raise wrong(f"step {own.name!r} opens a case, so it starts from START alone and ends in a state")
        if any(asked and asked not in cls.rounds.values() for asked in (own.opens, own.answers)):
            raise wrong(f"step {own.name!r} opens or answers a round that is not of this procedure")
    for asked in cls.rounds.values():
        strangers = [state.name for state in asked.ends_in.values() if state not in known]
        if strangers:
            raise wrong(f"round {asked.name!r} ends in states that are not of this procedure: {', '.join(strangers)}")
    _check_states(cls, wrong)
    for fault in faults(cls):
        raise wrong(fault)


def _check_states(cls: type[Procedure], wrong: Callable[[str], DeclarationError]) -> None:
    for state in cls.states.values():
        leaves = [s for s in cls.steps.values() if state in s.move.sources and _targets(s) - {state, STAY}]
        if state.open and not leaves:
            raise wrong(f"state {state.name!r} is open but no step leads out of it; mark it open=False or add a step")
        if not any(state in _targets(s) for s in cls.steps.values()):
            raise wrong(f"state {state.name!r} is never reached")
        for awaited in state.awaits:
            if awaited not in cls.steps or state not in cls.steps[awaited].move.sources:
                raise wrong(f"state {state.name!r} awaits {awaited!r}, which is no step from there")


def _targets(step: Step) -> set[State]:
    """The states a step may lead to: its own, and those in which the round that it closes may end."""
    return {step.move.target, *(step.answers.ends_in.values() if step.answers is not None else ())}


def procedures() -> list[type[Procedure]]:
    """Return every declared procedure, by slug."""
    return [_registry[slug] for slug in sorted(_registry)]


def procedure(slug: str) -> type[Procedure]:
    """Return the procedure of that slug; raise KeyError naming the known ones."""
    try:
        return _registry[slug]
    except KeyError:
        raise KeyError(f"no procedure {slug!r}; known: {', '.join(sorted(_registry))}") from None


def step_by_key(key: str) -> Step:
    """Return the step with that key (`slug.name`); raise KeyError with the known ones."""
    slug, _dot, name = key.rpartition(".")
    steps = procedure(slug).steps
    if name not in steps:
        raise KeyError(f"no step {name!r} in {slug!r}; known: {', '.join(steps)}")
    return steps[name]
