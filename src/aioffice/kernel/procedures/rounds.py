"""Rounds: one place and one answer per addressee; the case moves when the round closes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.kernel.clocks.addressees import follow_places
from aioffice.kernel.clocks.addressees import start as start_clocks
from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.procedures.errors import NotAllowed, ProcedureError, Refused
from aioffice.kernel.procedures.models import RoundPlace
from aioffice.kernel.procedures.telling import notify

if TYPE_CHECKING:
    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.declaration import Round, Step
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.procedures.work import Work


def open_places(step: Step, works: Sequence[Work]) -> None:
    """Give every addressee of the round a place, and tell it.

    Opened again while places are open, the round goes on as one: they pass to the step that opens it now, so that all its places have
    one opener and it closes once, when the last of them is filled.
    """
    asked = step.opens
    if asked is None:
        return
    waiting = {} if step.opens_case else _pass_on(asked, works)
    opened = [(work, list(_places(asked, work, waiting.get(work.case.pk, frozenset())))) for work in works]
    RoundPlace.objects.bulk_create([place for _work, places in opened for place in places], batch_size=1000)
    for work, places in opened:
        start_clocks(asked, work, places)
        notify(work, [f"org:{place.addressee_id}" for place in places], asked.title)


def _pass_on(asked: Round, works: Sequence[Work]) -> dict[UUID, set[UUID]]:
    """Let whoever opens the round now be the opener of the places still open; return whose they are, by case."""
    waiting: dict[UUID, set[UUID]] = {}
    open_ones = RoundPlace.objects.filter(case__in=[work.case.pk for work in works], round=asked.name, answered_at=None)
    for case, addressee in open_ones.values_list("case_id", "addressee_id"):
        waiting.setdefault(case, set()).add(addressee)
    for work in works:
        if work.case.pk in waiting:
            open_ones.filter(case=work.case.pk).update(opened_by_id=work.record_id)
    return waiting


def _places(asked: Round, work: Work, waiting: Collection[UUID]) -> Iterator[RoundPlace]:
    case = work.case
    for org in dict.fromkeys(asked.to(case)):
        if org not in waiting:
            yield RoundPlace(
                case=case,
                round=asked.name,
                opened_by_id=work.record_id,
                addressee_id=org,
                asked_at=work.at,
                organisation_id=case.organisation_id,
                audience=_audience(case.audience, org),
            )


def claim_places(step: Step, works: Sequence[Work]) -> dict[UUID, list[RoundPlace]]:
    """Lock the round's places of each case; fail whoever has none open. Nothing is written before the effect has had its say."""
    claimed = {}
    for work in works:
        assert step.answers is not None, "called for answering steps alone"
        places = list(
            RoundPlace.objects.select_for_update(no_key=True)
            .filter(case=work.case, round=step.answers.name)
            .order_by("asked_at", "id")
        )
        work.place = _own(places, work)
        if work.place is None:
            work.fail(_no_place(places, work))
        claimed[work.record_id] = places
    return claimed


def fill_places(step: Step, works: Sequence[Work], claimed: dict[UUID, list[RoundPlace]]) -> None:
    """Fill the claimed place with the outcome the form names (`outcome`, else the step's name).

    The case goes where the round ends, or to the step's target, only when that closes the round; until then it stays where it is.
    """
    for work in works:
        asked, place = step.answers, work.place
        assert asked is not None, "called for answering steps alone"
        assert place is not None, "whoever has no place was failed when they were claimed"
        places = claimed[work.record_id]
        place.outcome = str(getattr(work.form, "outcome", "") or step.name)
        place.answered_at = work.at
        place.answer_id = work.record_id
        place.save(update_fields=["outcome", "answered_at", "answer"])
        latest = [p for p in places if p.opened_by_id == place.opened_by_id]
        outcomes = [p.outcome for p in latest if p.answered_at is not None]
        left_open = [p.pk for p in latest if p.answered_at is None]
        before = work.undone_to or work.case.state
        if not asked.closes_when(outcomes, len(left_open)):
            work.target = before
            continue
        work.over = tuple(left_open)
        weightiest = next((state for outcome, state in asked.ends_in.items() if outcome in outcomes), None)
        if weightiest is not None:
            work.target = weightiest.name


def _own(places: Sequence[RoundPlace], work: Work) -> RoundPlace | None:
    """The open place of whoever answers; for a service, the one it fills; of an answer from before the end, the one silence filled."""
    if work.undoes is not None:
        return next((p for p in places if p.pk == work.undoes.round_place_id), None)
    if work.actor.service:
        return next((p for p in places if p.pk == work.item.place and p.answered_at is None), None)
    return next((p for p in places if p.addressee_id == work.actor.organisation and p.answered_at is None), None)


def _no_place(places: Sequence[RoundPlace], work: Work) -> ProcedureError:
    if work.actor.service:
        return Refused(
            _("Silence answers for one addressee whose time limit has ended; no place of such a one is open.")
        )
    if why := why_place_waits(work.step, work.case, work.actor):
        return Refused(why)
    return NotAllowed(_("Your organisation has no open question to answer here."))


def why_place_waits(step: Step, case: Case, actor: Actor) -> str:
    """Why the actor cannot answer now although it was asked: its time limit ended in silence. Empty where it can, or never could."""
    if step.answers is None or not step.undoes:
        return ""
    own = RoundPlace.objects.filter(case=case, round=step.answers.name, addressee=actor.organisation)
    if own.filter(answered_at=None).exists() or not own.exists():
        return ""
    return _(
        "Your time limit ended in silence. Only an answer from before its end undoes what is presumed: say when it took place, with "
        "evidence. Once something has followed, none does."
    )


def follow_cases(works: Sequence[Work]) -> None:
    """Whoever may see a case may see its places; an addressee sees its own besides."""
    audiences = {work.case.pk: work.case.audience for work in works}
    moved: list[RoundPlace] = []
    for place in RoundPlace.objects.filter(case__in=audiences):
        audience = _audience(audiences[place.case_id], place.addressee_id)
        if place.audience != audience:
            place.audience = audience
            moved.append(place)
    RoundPlace.objects.bulk_update(moved, ["audience"], batch_size=1000)
    follow_places(moved)


def _audience(of_case: Sequence[int], addressee: UUID) -> list[int]:
    return sorted({*of_case, *audience_keys([f"org:{addressee}"])})
