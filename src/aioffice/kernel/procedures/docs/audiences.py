"""Whom an audience reaches, in words: worked out by asking the declaration about a made-up case.

An audience follows from the case alone (row-level security compares columns of one row), so a made-up case is enough to ask it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from aioffice.kernel.parties.keys import AI_OFFICE, SECURE_COMMISSION, SECURE_EDPS
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import Audience, Procedure
from aioffice.kernel.procedures.models import Case

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
    """Facts of the made-up case: whatever is asked for is there, and says under which name it was asked."""

    def get(self, key: str, default: Any = None) -> Any:
        return _NAMED + key

    def __missing__(self, key: str) -> str:
        return _NAMED + key


@dataclass(frozen=True, slots=True)
class Seen:
    """Who sees a case beside its filer, in the states and the section named."""

    when: str
    readers: tuple[str, ...]


def _case(procedure: type[Procedure], state: str, *, secure: bool, union_body: bool) -> Case:
    organisation = Organisation(
        pk=FILER, name="Filer", country="EU" if union_body else STATE, member_state="" if union_body else STATE
    )
    case = Case(procedure=procedure.slug, state=state, organisation=organisation, secure=secure, subject="Made up")
    case.counterpart_id = COUNTERPART
    case.member_states = [STATE]
    case.facts = _Facts()
    return case


def told(procedure: type[Procedure], audience: Audience, state: str) -> tuple[str, ...]:
    """Whom an audience names when a case is in that state, in words. One that is the procedure's own readers is said so."""
    case = _case(procedure, state, secure=False, union_body=False)
    names = list(audience(case))
    if names and names == list(procedure.seen_by(case)) and not _is_one(names):
        return ("whoever may see the case",)
    return _in_words(names)


def _is_one(names: list[str]) -> bool:
    return len(names) == 1


def seen(procedure: type[Procedure]) -> list[Seen]:
    """Who sees a case: one line per difference that state, section and filer make."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    kinds = {
        "": {"secure": False, "union_body": False},
        "in the secure section": {"secure": True, "union_body": False},
        "in the secure section, filed by a Union body": {"secure": True, "union_body": True},
    }
    for kind, flags in kinds.items():
        for state in procedure.states.values():
            readers = _in_words(procedure.seen_by(_case(procedure, state.name, **flags)))
            found.setdefault((kind, readers), []).append(str(state.title))
    plain = {readers: states for (kind, readers), states in found.items() if not kind}
    lines, known = [], dict(plain)
    for (kind, readers), states in found.items():
        if kind and known.get(readers) == states:
            continue
        known[readers] = states
        every = len(states) == len(procedure.states)
        where = "" if every else ", ".join(f"“{state}”" for state in states)
        lines.append(Seen(" · ".join(part for part in (kind, where) if part) or "always", readers))
    if len(lines) > 1 and lines[0].when == "always":
        lines[0] = Seen("otherwise", lines[0].readers)
        lines.append(lines.pop(0))
    return lines


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
