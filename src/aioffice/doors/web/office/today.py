"""The first page after signing in: what is due, what waits, what is new, what is mine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.doors.web.office.clocks import ClockLine, line_of
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.titles import draft_lines
from aioffice.doors.web.templatetags._names import state_name
from aioffice.kernel.clocks.deciding import deciding_step, to_decide
from aioffice.kernel.clocks.queries import due_next
from aioffice.kernel.notices.queries import inbox
from aioffice.kernel.parties.inviting import invitations_to
from aioffice.kernel.parties.vocabulary import NATIONAL_CAPACITIES, OPERATOR_CAPACITIES
from aioffice.kernel.procedures.declaration import procedure
from aioffice.kernel.procedures.drafts import list_drafts
from aioffice.kernel.procedures.queries import (
    CaseFilter,
    CaseRow,
    Standing,
    Whose,
    list_cases,
    open_places,
    row_of,
    waiting_cases,
)
from aioffice.register.queries import unanswered_questions

SHOWN = 8
"""Cases of a list on this page; the rest is a link away."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something the reader's organisation is waited for: what, in which case, since when, and where to do it."""

    title: Any
    case: CaseRow
    since: datetime
    url: str


@require_safe
@office_page
def today(visit: Visit) -> HttpResponseBase:
    """Everything that asks for attention now, and the way to the rest."""
    actor = visit.actor
    if actor.organisation is None:
        return visit.render("office/welcome.html", invitations=invitations_to(actor))
    mine = list_cases(actor, CaseFilter(whose=Whose.MINE), size=SHOWN)
    others = _concerning(visit)
    return visit.render(
        "office/today.html",
        invitations=invitations_to(actor),
        waiting=_waiting(visit),
        due=_due(visit),
        drafts=draft_lines(list_drafts(actor=actor), actor),
        news=inbox(actor, unread_only=True, size=SHOWN),
        mine=mine,
        others=others,
        territory=_territory(visit),
        admission=_admission(visit, mine.rows),
    )


def _waiting(visit: Visit) -> list[Waiting]:
    actor = visit.actor
    found = [Waiting(place.title, place.case, place.asked_at, _case(place.case)) for place in open_places(actor)]
    for question in unanswered_questions(actor):
        row = row_of(question.case, actor)
        found.append(Waiting(_("An authority asks: answer it"), row, question.asked_at, _case(row)))
    for clock in to_decide(actor):
        row = row_of(clock.case, actor)
        step = deciding_step(procedure(row.procedure))
        if step is not None:
            found.append(Waiting(step.title, row, row.updated_at, reverse("office_step", args=[row.id, step.name])))
    for row in waiting_cases(actor):
        kind = procedure(row.procedure)
        awaits = kind.states[row.state].awaits
        title = kind.steps[awaits[0]].title if len(awaits) == 1 else _("Decide: %(noun)s") % {"noun": row.noun}
        found.append(Waiting(title, row, row.updated_at, _case(row)))
    return sorted(found, key=lambda one: one.since)


@dataclass(frozen=True, slots=True)
class Due:
    """A time limit by which the reader's organisation has to act, and the case in which it runs."""

    line: ClockLine
    case: CaseRow
    url: str


def _due(visit: Visit) -> list[Due]:
    rows = [(clock, row_of(clock.case, visit.actor)) for clock in due_next(visit.actor, size=SHOWN)]
    return [Due(line_of(clock, visit.actor), row, _case(row)) for clock, row in rows]


def _case(row: CaseRow) -> str:
    """The case itself: there stands what was asked, and the form to answer it."""
    return reverse("office_case", args=[row.id])


def _is_authority(visit: Visit) -> bool:
    return bool(visit.actor.capacities - OPERATOR_CAPACITIES)


def _concerning(visit: Visit) -> Any:
    """The latest cases of others: for authorities those of their State, for operators those that name them."""
    return list_cases(visit.actor, CaseFilter(whose=Whose.CONCERNING), size=SHOWN)


def _territory(visit: Visit) -> str:
    """The Member States for which an authority acts, in words; empty for operators and bodies of the Union."""
    if not _is_authority(visit):
        return ""
    states = {state for capacity, state in visit.actor.capacity_states if capacity in NATIONAL_CAPACITIES and state}
    return ", ".join(sorted(state_name(code) for code in states))


def _admission(visit: Visit, mine: tuple[CaseRow, ...]) -> str:
    """Where an organisation that is not admitted goes on; empty for one that is."""
    if visit.actor.admitted:
        return ""
    under_way = next(
        iter(list_cases(visit.actor, CaseFilter(whose=Whose.MINE, standing=Standing.OPEN), size=1).rows), None
    )
    return reverse("office_case", args=[under_way.id]) if under_way else reverse("office_file")
