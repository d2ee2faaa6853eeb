"""Rounds: one place and one answer per addressee; the case moves when the round closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.procedures.errors import NotAllowed
from aioffice.kernel.procedures.models import RoundPlace
from aioffice.kernel.procedures.telling import notify

if TYPE_CHECKING:
    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.work import Work


def open_places(step: Step, works: Sequence[Work]) -> None:
    """Give every addressee of the round a place, and tell it; one who still has an open place keeps it."""
    if step.opens is None:
        return
    for work in works:
        case, asked = work.case, step.opens
        waiting = set(
            RoundPlace.objects.filter(case=case, round=asked.name, answered_at=None).values_list(
                "addressee_id", flat=True
            )
        )
        addressees = [org for org in dict.fromkeys(asked.to(case)) if org not in waiting]
        RoundPlace.objects.bulk_create(
            RoundPlace(
                case=case,
                round=asked.name,
                opened_by_id=work.record_id,
                addressee_id=org,
                asked_at=work.at,
                organisation_id=case.organisation_id,
                audience=sorted({*case.audience, *audience_keys([f"org:{org}"])}),
            )
            for org in addressees
        )
        notify(work, [f"org:{org}" for org in addressees], asked.title)


def answer_places(step: Step, works: Sequence[Work]) -> None:
    """Fill the actor's open place with the outcome the form names (`outcome`, else the step's name).

    The case goes to the step's target only when that closes the round; until then it stays where it is.
    """
    assert step.answers is not None, "called for answering steps alone"
    for work in works:
        places = list(
            RoundPlace.objects.select_for_update()
            .filter(case=work.case, round=step.answers.name)
            .order_by("asked_at", "id")
        )
        own = [p for p in places if p.addressee_id == work.actor.organisation and p.answered_at is None]
        if not own:
            work.fail(NotAllowed(_("Your organisation has no open question to answer here.")))
            continue
        place = own[0]
        place.outcome = str(getattr(work.form, "outcome", "") or step.name)
        place.answered_at = work.at
        place.save(update_fields=["outcome", "answered_at"])
        latest = [p for p in places if p.opened_by_id == place.opened_by_id]
        outcomes = [p.outcome for p in latest if p.answered_at is not None]
        still_open = sum(1 for p in latest if p.answered_at is None)
        if not step.answers.closes_when(outcomes, still_open):
            work.target = work.case.state
