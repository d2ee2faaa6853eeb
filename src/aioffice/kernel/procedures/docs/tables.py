"""The tables of a procedure's page: states, steps, who may take them, what they ask."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from aioffice.act.clocks.wording import provision_words
from aioffice.act.text import text
from aioffice.act.time_limits import time_limit
from aioffice.kernel.clocks.declaring import OnSilence
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.ask import Form, Widget
from aioffice.kernel.procedures.declaration import STAY, CasePublished, Procedure, Round, Step
from aioffice.kernel.procedures.docs.audiences import told
from aioffice.kernel.procedures.fields import FieldSpec, Shape
from aioffice.kernel.procedures.spec import spec_of
from aioffice.kernel.procedures.who import Relation, Who

NOTHING = "–"
_RELATIONS = {
    Relation.ANY: NOTHING,
    Relation.FILER: "is the filer",
    Relation.CONCERNED: "for a Member State the case concerns",
    Relation.ADDRESSEE: "was asked in the round and has not answered",
    Relation.COUNTERPART: "is the other organisation the case names",
}
_SHAPES = {
    Shape.TEXT: "text",
    Shape.WHOLE_NUMBER: "whole number",
    Shape.YES_NO: "yes or no",
    Shape.SEVERAL: "several choices",
    Shape.GROUP: "group",
    Shape.ROWS: "rows",
}
_WIDGETS = {
    Widget.DATE: "date",
    Widget.FILE: "file",
    Widget.LONG_TEXT: "long text",
    Widget.SELECT: "choice",
    Widget.RADIOS: "choice",
    Widget.TRISTATE: "yes, no or not known",
}


def first_sentence(thing: Any) -> str:
    """The first sentence of a docstring, without its full stop."""
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ").partition(". ")[0].removesuffix(".")


def in_order(procedure: type[Procedure]) -> list[Step]:
    """The steps as people meet them: those that open a case, those that move it on, those that leave it where it is."""
    return sorted(procedure.steps.values(), key=lambda step: (not step.opens_case, step.move.target is STAY))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or NOTHING


def states(procedure: type[Procedure]) -> list[str]:
    """The states, what each waits for, and whether the matter is settled in it."""
    rows = [
        (
            str(state.title),
            f"`{state.name}`",
            "open" if state.open else "settled",
            ", ".join(str(procedure.steps[name].title) for name in state.awaits),
        )
        for state in procedure.states.values()
    ]
    return table(("State", "Name", "The matter is", "Waits for"), rows)


def steps(procedure: type[Procedure]) -> list[str]:
    """Every step: from where to where, by whom, on which basis, and what follows."""
    rows = [
        (
            f"**{step.title}** `{step.name}`",
            _move(step),
            "; ".join(str(who.title) for who in step.by),
            step.basis,
            f"[{step.asks.__name__}](#{anchor(step.asks)})" if step.asks else "nothing",
            "; ".join(_told(step)),
            "yes" if CasePublished in step.emits else "no",
        )
        for step in in_order(procedure)
    ]
    return table(("Step", "From → to", "Who may", "Basis", "Asks", "Tells", "Changes what is public"), rows)


def _move(step: Step) -> str:
    sources = " or ".join(str(source.title) for source in step.move.sources)
    return f"{sources}, stays" if step.move.target is STAY else f"{sources} → {step.move.target.title}"


def _told(step: Step) -> list[str]:
    state = (step.move.sources[0] if step.move.target is STAY else step.move.target).name
    words = [word for audience in step.tells for word in told(step.procedure, audience, state)]
    if step.opens:
        words.append("those the round asks")
    return list(dict.fromkeys(words))


def consequences(procedure: type[Procedure]) -> list[str]:
    """What steps do beyond moving the case: effects, conditions, events, rounds, erasure. One line each."""
    lines = []
    for step in in_order(procedure):
        parts = [f"{first_sentence(step.effect)}." if step.effect else ""]
        parts += [f"Waits until: {_need(need)}." for need in step.needs]
        events = [event for event in step.emits if event is not CasePublished]
        parts += [f"Tells other desks `{event.name}`: {_lower(first_sentence(event))}." for event in events]
        parts.append(f"Opens the round “{step.opens.title}”." if step.opens else "")
        parts.append(f"Answers the round “{step.answers.title}”." if step.answers else "")
        parts += clock_words(step)
        parts.append("Takes values of an earlier step out of all that holds them." if step.erases else "")
        said = " ".join(part for part in parts if part)
        if said:
            lines.append(f"- **{step.title}.** {said}")
    return lines


def clock_words(step: Step) -> list[str]:
    """What a step does to the clocks of its case, one sentence each."""
    words = []
    for one in step.starts:
        limit = time_limit(one.limit)
        title = text(limit.action_key, "en").rstrip(".")
        words.append(f"Starts the clock {limit.id}: {title} ({provision_words(limit.basis, 'en')}).")
        if one.on_silence.step:
            words.append(f"If it ends in silence: {_silence(one.on_silence)}.")
    if step.opens is not None and step.opens.clock:
        limit = time_limit(step.opens.clock)
        words.append(f"Starts the clock {limit.id} for each addressee of the round.")
    verbs = {
        "Meets": step.meets,
        "Stops": step.stops,
        "Suspends": step.suspends,
        "Resumes": step.resumes,
        "Extends, once:" if step.once else "Extends": step.extends,
    }
    words += [f"Recorded as of before its end, undoes the silence of the clock {limit}." for limit in step.undoes]
    words += [f"{verb} the clock {limit}." for verb, limits in verbs.items() for limit in limits]
    return words


def _silence(told: OnSilence) -> str:
    return f"`{told.step}`, where the law of the Member State knows that" if told.national else f"`{told.step}`"


def _round_clock(asked: Round) -> str:
    if not asked.clock:
        return ""
    limit = time_limit(asked.clock)
    title = f"{limit.id}: {text(limit.action_key, 'en').rstrip('.')} ({provision_words(limit.basis, 'en')})"
    return f"{title}. Silence: {_silence(asked.silent)}" if asked.silent.step else title


def _need(need: Any) -> str:
    return _lower(first_sentence(need).removeprefix("Need: "))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def actors(procedure: type[Procedure]) -> list[str]:
    """Every kind of actor, with what makes one."""
    rows = [
        (
            str(who.title),
            ", ".join(sorted(str(Capacity(capacity).label) for capacity in who.capacities)),
            "service" if who.service else ", ".join(role.value for role in Role if role in who.roles),
            NOTHING if who.service else _RELATIONS[who.relation],
            "no" if who.unadmitted or who.service else "yes",
            "yes" if who.secure_access else "no",
        )
        for who in kinds_of_actor(procedure)
    ]
    head = (
        "Kind of actor",
        "Capacity, one of",
        "Role, one of",
        "Stands to the case",
        "Must be admitted",
        "Needs secure access",
    )
    return table(head, rows)


def permissions(procedure: type[Procedure]) -> list[str]:
    """Rows are kinds of actor, columns are steps."""
    head = ["May take", *(f"`{step.name}`" for step in in_order(procedure))]
    rows = [
        [str(who.title), *("yes" if who in step.by else "" for step in in_order(procedure))]
        for who in kinds_of_actor(procedure)
    ]
    return table(head, rows)


def kinds_of_actor(procedure: type[Procedure]) -> list[Who]:
    """Every kind of actor that may take a step, in the order in which the declaration names them."""
    return list(dict.fromkeys(who for step in in_order(procedure) for who in step.by))


def rounds(procedure: type[Procedure]) -> list[str]:
    """Questions put to several, with who is asked; nothing where no step opens one."""
    used = [
        asked for asked in procedure.rounds.values() if any(step.opens is asked for step in procedure.steps.values())
    ]
    rows = [
        (
            str(asked.title),
            first_sentence(asked.to),
            asked.basis,
            ", ".join(str(step.title) for step in procedure.steps.values() if step.opens is asked),
            ", ".join(str(step.title) for step in procedure.steps.values() if step.answers is asked),
            _round_clock(asked),
            "; ".join(f"{outcome}: {state.title}" for outcome, state in asked.ends_in.items()),
        )
        for asked in used
    ]
    head = ["Round", "Asks", "Basis", "Opened by", "Answered by", "Clock of each addressee", "One answer leads to"]
    # Columns that say nothing of any round are left out.
    shown = [n for n in range(len(head)) if n < len(head) - 2 or any(row[n] for row in rows)]
    return table([head[n] for n in shown], [[row[n] for n in shown] for row in rows]) if rows else []


def forms(procedure: type[Procedure]) -> list[type[Form]]:
    """The forms of the steps, each once."""
    return list(dict.fromkeys(step.asks for step in in_order(procedure) if step.asks))


def anchor(form: type[Form]) -> str:
    """The anchor that Markdown viewers give the heading of a form."""
    return form.__name__.lower()


def fields(form: type[Form], *, published: bool) -> list[str]:
    """What a form asks, field by field, as JSON pointers. Nothing of it is public unless it is `published`."""
    rows = [
        (
            f"{'– ' if len(field.location) > 1 else ''}{field.label}",
            f"`{field.pointer}`",
            field.provision or ("not Annex VIII" if field.not_annex_viii else ""),
            _shape(field),
            "yes" if field.needed else "no",
            "not kept" if field.secret else "yes" if field.public and published else "no",
        )
        for field in spec_of(form).walk()
    ]
    return table(("Field", "JSON pointer", "Provision", "Holds", "Always needed", "Public"), rows)


def _shape(field: FieldSpec) -> str:
    if field.shape is Shape.TEXT:
        usual = "choice" if field.choices or field.choices_for else _SHAPES[field.shape]
        words = _WIDGETS.get(field.widget, usual)
    else:
        words = _SHAPES[field.shape]
    return (
        f"{words}, at most {field.max_length} characters"
        if field.max_length and words in {"text", "long text"}
        else words
    )
