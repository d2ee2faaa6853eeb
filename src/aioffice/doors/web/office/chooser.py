"""File something: what this organisation may open, by what one wants to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aioffice.desks.admission.procedure import OperatorAdmission
from aioffice.desks.admission.queries import in_admission
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.titles import draft_lines, form_url, title_of
from aioffice.kernel.parties.queries import own_organisation
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES
from aioffice.kernel.procedures.declaration import Step, procedures
from aioffice.kernel.procedures.drafts import delete_draft, list_drafts
from aioffice.kernel.procedures.queries import may_prepare


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be opened: what it is called, what for, and where; `who` may, for what this reader may not."""

    title: Any
    help: Any
    url: str
    who: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """What people come to do, with everything that serves it."""

    title: str
    offers: tuple[Offer, ...]


@require_safe
@office_page
def chooser(visit: Visit) -> HttpResponseBase:
    """What can be opened, the drafts already begun, and what others may open."""
    if visit.actor.organisation is None:
        return HttpResponseRedirect(reverse("office_today"))
    steps = _openable(visit)
    open_ = [step for step in steps if may_prepare(visit.actor, step, None)]
    return visit.render(
        "office/chooser.html",
        purposes=_by_purpose(open_),
        closed=_by_purpose(step for step in steps if step not in open_),
        drafts=draft_lines((d for d in list_drafts(actor=visit.actor) if d.case_id is None), visit.actor),
    )


def _openable(visit: Visit) -> list[Step]:
    """What people open, duties of the Act before the house's own matters. Who is admitted need not ask for it again."""
    kinds = [kind for kind in procedures() if kind.purpose]
    if visit.actor.capacities & OPERATOR_CAPACITIES or _applying(visit):
        kinds = [kind for kind in kinds if kind is not OperatorAdmission]
    house = {str(kind.purpose): 0 for kind in kinds}
    for kind in kinds:
        house[str(kind.purpose)] += all(step.basis.startswith("house:") for step in kind.opening_steps())
    kinds.sort(key=lambda kind: (house[str(kind.purpose)], kind.series))
    return [step for kind in kinds for step in kind.opening_steps() if any(not who.service for who in step.by)]


def _applying(visit: Visit) -> bool:
    view = own_organisation(visit.actor)
    return view is not None and in_admission(view.organisation) is not None


def _by_purpose(steps: Iterable[Step]) -> list[Purpose]:
    found: dict[str, list[Offer]] = {}
    for step in steps:
        who = "; ".join(dict.fromkeys(str(kind.title) for kind in step.by))
        offer = Offer(title_of(step), step.help, form_url(step, None), who)
        found.setdefault(str(step.procedure.purpose), []).append(offer)
    return [Purpose(title, tuple(offers)) for title, offers in found.items()]


@require_POST
@office_page
def discard(visit: Visit, draft_id: UUID) -> HttpResponseBase:
    """Delete a draft for good."""
    delete_draft(draft_id, actor=visit.actor, at=visit.at)
    messages.success(visit.request, _("The draft is deleted."))
    return HttpResponseRedirect(reverse("office_file"))
