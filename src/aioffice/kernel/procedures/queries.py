"""Lists of cases: what an actor may see, filtered, counted and paged; and what waits for it. Called inside `acting`."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES
from aioffice.kernel.procedures.declaration import Procedure, Round, Step, procedure, procedures
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import Case, RoundPlace
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.who import FILING_ROLES


class Whose(StrEnum):
    """Whose cases a list shows."""

    ALL = ""
    MINE = "mine"
    """Those the acting organisation filed."""
    CONCERNING = "concerning"
    """Those of others that it may see."""


class Standing(StrEnum):
    """Whether a case's procedure is over."""

    ALL = ""
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a list of cases is narrowed to; empty means everything.

    `procedure` is a slug, `state` the name of a state, `text` a part of number or subject.
    """

    procedure: str = ""
    state: str = ""
    text: str = ""
    whose: Whose = Whose.ALL
    standing: Standing = Standing.ALL


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a list shows it. `filer` is the name of the organisation whose case it is."""

    id: UUID
    number: str
    subject: str
    procedure: str
    noun: Any
    state: str
    state_title: Any
    open: bool
    mine: bool
    filer: str
    member_states: tuple[str, ...]
    secure: bool
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of a list, last moved first. `after` is the cursor of the next page, empty at the end; `total` counts the whole list."""

    rows: tuple[CaseRow, ...]
    total: int
    after: str


def list_cases(actor: Actor, wanted: CaseFilter, *, after: str = "", size: int = 25) -> CasePage:
    """Return a page of the cases `actor` may see; raise `NotFound` for a cursor that is none."""
    found = _filtered(actor, wanted)
    total = found.count()
    if after:
        found = found.filter(_behind(after))
    cases = list(found.select_related("organisation").order_by("-updated_at", "-id")[: size + 1])
    rows = tuple(_row(case, actor) for case in cases[:size])
    return CasePage(rows, total, _cursor(cases[size - 1]) if len(cases) > size else "")


def every_case(actor: Actor, wanted: CaseFilter) -> Iterator[CaseRow]:
    """Yield the whole list, for an export."""
    rows = _filtered(actor, wanted).select_related("organisation").order_by("-updated_at", "-id")
    for case in rows.iterator(chunk_size=1000):
        yield _row(case, actor)


def count_cases(actor: Actor, text: str = "") -> Counter[tuple[str, str, bool]]:
    """Count the visible cases with `text` by (procedure, state, whether the actor's organisation filed them)."""
    rows = (
        _with_text(policy.visible_to(actor), text)
        .order_by()
        .values("procedure", "state", "organisation_id")
        .annotate(n=Count("pk"))
        .values_list("procedure", "state", "organisation_id", "n")
    )
    counts: Counter[tuple[str, str, bool]] = Counter()
    for slug, state, organisation, n in rows:
        counts[slug, state, organisation == actor.organisation] += n
    return counts


def is_open(slug: str, state: str) -> bool:
    """Whether a case of that procedure is not over in that state."""
    return bool(procedure(slug).states[state].open) if state in procedure(slug).states else False


def worked_by_people(kind: type[Procedure]) -> bool:
    """Whether people take steps in that procedure; reference collections are kept by services alone."""
    return any(not who.service for step in kind.steps.values() for who in step.by)


def waiting_cases(actor: Actor, *, size: int = 100) -> list[CaseRow]:
    """Return the cases that wait for a step which `actor` may take or prepare, longest-standing first, at most `size`."""
    awaiting = [
        Q(procedure=kind.slug, state=state.name)
        for kind in procedures()
        for state in kind.states.values()
        if any(_could(actor, kind.steps[name]) for name in state.awaits)
    ]
    if not awaiting:
        return []
    found = policy.visible_to(actor).filter(reduce(or_, awaiting)).select_related("organisation").order_by("updated_at")
    rows = []
    for case in found.iterator(chunk_size=200):
        kind = procedure(case.procedure)
        if any(may_prepare(actor, kind.steps[name], case) for name in kind.states[case.state].awaits):
            rows.append(_row(case, actor))
            if len(rows) == size:
                break
    return rows


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A question of a round that the acting organisation has not answered. `step` answers it."""

    case: CaseRow
    title: Any
    step: Step
    asked_at: datetime


def open_places(actor: Actor) -> list[OpenPlace]:
    """Return the questions put to the acting organisation in rounds and not answered, oldest first."""
    if actor.organisation is None or not actor.roles:
        return []
    places = RoundPlace.objects.filter(
        addressee_id=actor.organisation, answered_at=None, case__in=policy.visible_to(actor)
    ).select_related("case__organisation")
    found = []
    for place in places.order_by("asked_at", "id"):
        kind = procedure(place.case.procedure)
        asked, step = kind.rounds[place.round], _answer_to(kind.rounds[place.round], kind)
        if step is not None:
            found.append(OpenPlace(_row(place.case, actor), asked.title, step, place.asked_at))
    return found


def may_prepare(actor: Actor, step: Step, case: Case | None) -> bool:
    """Whether `actor` may take the step, or write its draft until it may.

    An editor prepares what a signatory of the same organisation files; an operator not admitted yet, what it will file then.
    """
    if policy.may(actor, step, case):
        return True
    if actor.person is None or not actor.roles & FILING_ROLES:
        return False
    later = replace(actor, roles=actor.roles | FILING_ROLES)
    if case is None and not actor.admitted:
        later = replace(later, admitted=True, capacities=actor.capacities | OPERATOR_CAPACITIES)
    return policy.may(later, step, case)


def row_of(case: Case, actor: Actor) -> CaseRow:
    """Return a case as lists show it."""
    return _row(case, actor)


def _answer_to(asked: Round, kind: type[Procedure]) -> Step | None:
    return next((step for step in kind.steps.values() if step.answers is asked), None)


def _could(actor: Actor, step: Step) -> bool:
    """Whether an actor with these capacities could ever take the step: a first sieve, before cases are looked at."""
    roles = actor.roles | FILING_ROLES if actor.roles & FILING_ROLES else actor.roles
    return any(
        not who.service and (not who.capacities or who.capacities & actor.capacities) and who.roles & roles
        for who in step.by
    )


def _filtered(actor: Actor, wanted: CaseFilter) -> QuerySet[Case]:
    found = policy.visible_to(actor)
    if wanted.procedure:
        found = found.filter(procedure=wanted.procedure)
    else:
        # Records that services keep (reference collections) are a list of their own, chosen by name.
        found = found.exclude(procedure__in=[kind.slug for kind in procedures() if not worked_by_people(kind)])
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.whose is Whose.MINE:
        found = found.filter(organisation=actor.organisation)
    elif wanted.whose is Whose.CONCERNING:
        found = found.exclude(organisation=actor.organisation)
    if wanted.standing is not Standing.ALL:
        open_ = _any(
            Q(procedure=kind.slug, state__in=[s.name for s in kind.states.values() if s.open]) for kind in procedures()
        )
        found = found.filter(open_) if wanted.standing is Standing.OPEN else found.exclude(open_)
    return _with_text(found, wanted.text)


def _with_text(found: QuerySet[Case], text: str) -> QuerySet[Case]:
    words = text.replace("\0", "").strip()
    return found.filter(Q(number__icontains=words) | Q(subject__icontains=words)) if words else found


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))


def _row(case: Case, actor: Actor) -> CaseRow:
    kind = procedure(case.procedure)
    state = kind.states.get(case.state)
    return CaseRow(
        id=case.pk,
        number=case.number or "",
        subject=case.subject,
        procedure=case.procedure,
        noun=kind.noun,
        state=case.state,
        state_title=state.title if state else case.state,
        open=bool(state and state.open),
        mine=case.organisation_id == actor.organisation,
        filer=case.organisation.name,
        member_states=tuple(case.member_states),
        secure=case.secure,
        opened_at=case.opened_at,
        updated_at=case.updated_at,
    )


def _cursor(case: Case) -> str:
    return base64.urlsafe_b64encode(f"{case.updated_at.isoformat()} {case.pk}".encode()).decode().rstrip("=")


def _behind(cursor: str) -> Q:
    try:
        moment, _blank, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        at, pk = datetime.fromisoformat(moment).astimezone(UTC), UUID(key)
    except (ValueError, OverflowError, binascii.Error):
        raise NotFound(_("This page of the list does not exist. Begin again at the first page.")) from None
    return Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=pk)
