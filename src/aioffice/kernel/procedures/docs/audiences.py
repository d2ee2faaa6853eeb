"""Whom an audience reaches, in words: worked out by asking the declaration about a made-up case.

An audience follows from the case alone (row-level security compares columns of one row), so a made-up case is enough to ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from aioffice.kernel.parties.keys import AI_OFFICE, SECURE_COMMISSION, SECURE_EDPS
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import Audience, Procedure, procedures
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.spec import spec_of

FILER, COUNTERPART = UUID(int=1), UUID(int=2)
STATE = "XX"
_NAMED = "named-"
_WORDS = {
    f"org:{FILER}": "the filer",
    f"org:{COUNTERPART}": "the other organisation the case names",
    AI_OFFICE: "staff of the AI Office",
    SECURE_COMMISSION: "named, cleared staff of the Commission",
    SECURE_EDPS: "the European Data Protection Supervisor, with access to the secure section",
    f"secure:{STATE}": "the authority under Article 74(8) of each Member State concerned, with access to the secure section",
}


class _Facts(dict[str, Any]):
    """Facts of the made-up case: whatever is asked for is there, says under which name it was asked, and is written down."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.asked: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.append(key)
        return self[key]

    def __missing__(self, key: str) -> str:
        return _NAMED + key


@dataclass(frozen=True, slots=True)
class Seen:
    """Who sees a case beside its filer, in the states and the section named."""

    when: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What sets made-up cases apart, and how a page says it."""

    words: str = ""
    secure: bool = False
    union_body: bool = False


_USUAL = _Kind()
_SECURE = _Kind("in the secure section", secure=True)
_KINDS = (
    _USUAL,
    _Kind("filed by a Union body", union_body=True),
    _SECURE,
    _Kind("in the secure section, filed by a Union body", secure=True, union_body=True),
)


def _case(procedure: type[Procedure], state: str, kind: _Kind = _USUAL, facts: Mapping[str, str] | None = None) -> Case:
    country, seat = ("EU", "") if kind.union_body else (STATE, STATE)
    organisation = Organisation(pk=FILER, name="Filer", country=country, member_state=seat)
    case = Case(procedure=procedure.slug, state=state, organisation=organisation, secure=kind.secure, subject="Made up")
    case.counterpart_id = COUNTERPART
    case.member_states = [STATE]
    case.facts = _Facts(facts or {})
    return case


def told(procedure: type[Procedure], audience: Audience, state: str) -> tuple[str, ...]:
    """Whom an audience names when a case is in that state, in words. One that is the procedure's own readers is said so."""
    case = _case(procedure, state)
    names = list(audience(case))
    if names and names == list(procedure.seen_by(case)) and not _is_one(names):
        return ("whoever may see the case",)
    return _in_words(names)


def _is_one(names: list[str]) -> bool:
    return len(names) == 1


def seen(procedure: type[Procedure]) -> list[Seen]:
    """Who sees a case: one line per difference that state, section, filer and the answers of the opening form make."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind in _KINDS:
        for state in procedure.states.values():
            readers = _in_words(procedure.seen_by(_case(procedure, state.name, kind)))
            found.setdefault((kind.words, readers), []).append(str(state.title))
    known = {(readers, tuple(states)) for (words, readers), states in found.items() if not words}
    lines: list[Seen] = []
    for (words, readers), states in found.items():
        if words and (readers, tuple(states)) in known:
            continue
        known.add((readers, tuple(states)))
        where = "" if len(states) == len(procedure.states) else ", ".join(f"“{state}”" for state in states)
        lines.append(Seen(" · ".join(part for part in (words, where) if part) or "always", readers))
    if len(lines) > 1 and lines[0].when == "always":
        lines.append(Seen("otherwise", lines.pop(0).readers))
    return lines + _by_answer(procedure)


def _by_answer(procedure: type[Procedure]) -> list[Seen]:
    """Whom single answers add. Facts of a case are named like the fields they come from, of this procedure or of another."""
    found: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    state = procedure.opening_steps()[0].move.target.name
    for kind in (_USUAL, _SECURE):
        usual = _case(procedure, state, kind)
        names = set(procedure.seen_by(usual))
        for key in dict.fromkeys(usual.facts.asked):
            for label, code in _choices(procedure, key):
                answered = procedure.seen_by(_case(procedure, state, kind, {key: code}))
                if more := [name for name in answered if name not in names]:
                    found.setdefault((kind.words, label, _in_words(more)), []).append(code)
    return [
        Seen(" · ".join(part for part in (where, f"where {label} is {_listed(codes)}: also") if part), readers)
        for (where, label, readers), codes in found.items()
    ]


def _choices(procedure: type[Procedure], key: str) -> list[tuple[str, str]]:
    """The label and the codes of the field of that name, as the first form that asks it has them; this procedure's forms come first."""
    for kind in (procedure, *procedures()):
        elsewhere = "" if kind is procedure else " (not asked here)"
        for step in kind.steps.values():
            for field in spec_of(step.asks).walk() if step.asks else ():
                if field.key == key and field.choices is not None:
                    return [(f"“{field.label}”{elsewhere}", code) for code, _label in field.choices()]
    return []


def _listed(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} or {codes[-1]}"


def _in_words(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_word(name) for name in names))


@cache
def _word(name: str) -> str:
    if name in _WORDS:
        return _WORDS[name]
    kind, _colon, place = name.partition(":")
    if kind == "org" and place.startswith(_NAMED):
        return f"the organisation that the filing names ({place.removeprefix(_NAMED).replace('_', ' ')})"
    if kind in Capacity.values:
        title = str(Capacity(kind).label)
        title = title if title.isupper() or title.startswith(("AI", "EU", "European")) else title[0].lower() + title[1:]
        return f"the {title} of each Member State concerned" if place else f"the {title}"
    return name
