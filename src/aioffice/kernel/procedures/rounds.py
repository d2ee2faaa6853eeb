"""Rounds: one place and one answer per addressee; the case moves when the round closes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.procedures.errors import NotAllowed
from aioffice.kernel.procedures.models import RoundPlace
from aioffice.kernel.procedures.telling import notify

if TYPE_CHECKING:
    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.work import Work


def open_places(step: Step, works: Sequence[Work]) -> None:
    """Give every addressee of the round a place, and tell it.

    Opened again while places are open, the round goes on as one: they pass to the step that opens it now, so that all its places have
    one opener and it closes once, when the last of them is filled.
    """
    if step.opens is None:
        return
    for work in works:
        case, asked = work.case, step.opens
        left_open = RoundPlace.objects.filter(case=case, round=asked.name, answered_at=None)
        left_open.update(opened_by_id=work.record_id)
        waiting = set(left_open.values_list("addressee_id", flat=True))
        addressees = [org for org in dict.fromkeys(asked.to(case)) if org not in waiting]
        RoundPlace.objects.bulk_create(
            RoundPlace(
                case=case,
                round=asked.name,
                opened_by_id=work.record_id,
                addressee_id=org,
                asked_at=work.at,
                organisation_id=case.organisation_id,
                audience=_audience(case.audience, org),
            )
            for org in addressees
        )
        notify(work, [f"org:{org}" for org in addressees], asked.title)


def claim_places(step: Step, works: Sequence[Work]) -> dict[UUID, list[RoundPlace]]:
    """Lock the round's places of each case; fail whoever has none open. Nothing is written before the effect has had its say."""
    claimed = {}
    for work in works:
        assert step.answers is not None, "called for answering steps alone"
        places = list(
            RoundPlace.objects.select_for_update()
            .filter(case=work.case, round=step.answers.name)
            .order_by("asked_at", "id")
        )
        if _own(places, work) is None:
            work.fail(NotAllowed(_("Your organisation has no open question to answer here.")))
        claimed[work.record_id] = places
    return claimed


def fill_places(step: Step, works: Sequence[Work], claimed: dict[UUID, list[RoundPlace]]) -> None:
    """Fill the actor's open place with the outcome the form names (`outcome`, else the step's name).

    The case goes to the step's target only when that closes the round; until then it stays where it is.
    """
    for work in works:
        assert step.answers is not None, "called for answering steps alone"
        places = claimed[work.record_id]
        place = _own(places, work)
        assert place is not None, "whoever has no place was failed when they were claimed"
        place.outcome = str(getattr(work.form, "outcome", "") or step.name)
        place.answered_at = work.at
        place.answer_id = work.record_id
        place.save(update_fields=["outcome", "answered_at", "answer"])
        latest = [p for p in places if p.opened_by_id == place.opened_by_id]
        outcomes = [p.outcome for p in latest if p.answered_at is not None]
        still_open = sum(1 for p in latest if p.answered_at is None)
        if not step.answers.closes_when(outcomes, still_open):
            work.target = work.case.state


def _own(places: Sequence[RoundPlace], work: Work) -> RoundPlace | None:
    return next((p for p in places if p.addressee_id == work.actor.organisation and p.answered_at is None), None)


def follow_cases(works: Sequence[Work]) -> None:
    """Whoever may see a case may see its places; an addressee sees its own besides."""
    audiences = {work.case.pk: work.case.audience for work in works}
    moved = []
    for place in RoundPlace.objects.filter(case__in=audiences):
        audience = _audience(audiences[place.case_id], place.addressee_id)
        if place.audience != audience:
            place.audience = audience
            moved.append(place)
    RoundPlace.objects.bulk_update(moved, ["audience"], batch_size=1000)


def _audience(of_case: Sequence[int], addressee: UUID) -> list[int]:
    return sorted({*of_case, *audience_keys([f"org:{addressee}"])})
