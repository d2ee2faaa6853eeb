"""A person of the Office decides on a proposal, and a job does what was accepted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from aioffice.kernel.days import office_day
from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.procedures.errors import Conflict, FieldError, Invalid, NotFound, Refused
from aioffice.kernel.retention.declaring import KEEPER, End, retention
from aioffice.kernel.retention.holding import check_decides, check_staff, checked_reason
from aioffice.kernel.retention.models import Proposal, Standing
from aioffice.kernel.retention.proposing import due

BATCH = 500
"""So many rows are deleted in one transaction."""


def proposals(actor: Actor, *, decided: bool = False, size: int = 100) -> list[Proposal]:
    """The proposals that staff of the Office may see, newest first: those that wait, or those decided. Inside `acting`; `NotAllowed`."""
    check_staff(actor)
    found = Proposal.objects.filter(audience__overlap=list(actor.keys))
    found = found.exclude(state=Standing.OPEN) if decided else found.filter(state=Standing.OPEN)
    return list(found[:size])


def proposal_of(proposal_id: UUID, *, actor: Actor) -> Proposal:
    """One proposal. Inside `acting`; `NotAllowed` or `NotFound`."""
    check_staff(actor)
    found = Proposal.objects.filter(pk=proposal_id, audience__overlap=list(actor.keys)).first()
    if found is None:
        raise NotFound(_("There is no such proposal."))
    return found


def accept(proposal_id: UUID, *, cutoff: datetime, actor: Actor, at: datetime) -> Proposal:
    """Let what is proposed be deleted by a job. `cutoff` is that of the proposal as it was looked at.

    Raises `NotAllowed`, `NotFound`, `Conflict` when the proposal was renewed or decided meanwhile, or `Refused` where only the steps of
    the cases themselves delete.
    """
    from aioffice.kernel.retention.jobs import remove_accepted

    with acting(actor, at):
        found = _open(proposal_id, cutoff, actor)
        if retention(found.kind).end is End.BY_STEP:
            raise Refused(
                _("What was sent with a step is erased on its case, by the step for that. Open the cases on the list.")
            )
        found.state, found.decided_by, found.decided_at = Standing.ACCEPTED, actor.id, at
        found.save(update_fields=["state", "decided_by", "decided_at"])
        audit(actor, "retention.accept", f"retention:{found.pk}", _detail(found), at)
        remove_accepted.defer(proposal_id=str(found.pk))
    return found


def keep_longer(
    proposal_id: UUID, *, cutoff: datetime, reason: str, until: date, actor: Actor, at: datetime
) -> Proposal:
    """Keep what is proposed until a day, for a reason. Raises as `accept`, and `Invalid`."""
    check_decides(actor)
    text = checked_reason(reason)
    if until <= office_day(at):
        raise Invalid(errors=[FieldError("/until", _("Choose a day that is still to come."), "past")])
    with acting(actor, at):
        found = _open(proposal_id, cutoff, actor)
        found.state, found.decided_by, found.decided_at = Standing.KEPT, actor.id, at
        found.reason, found.until = text, until
        found.save(update_fields=["state", "decided_by", "decided_at", "reason", "until"])
        audit(actor, "retention.keep", f"retention:{found.pk}", {**_detail(found), "until": until.isoformat()}, at)
    return found


def _open(proposal_id: UUID, cutoff: datetime, actor: Actor) -> Proposal:
    check_decides(actor)
    found = Proposal.objects.select_for_update().filter(pk=proposal_id, audience__overlap=list(actor.keys)).first()
    if found is None:
        raise NotFound(_("There is no such proposal."))
    if found.state != Standing.OPEN or found.cutoff != cutoff:
        raise Conflict(_("The proposal was renewed or decided meanwhile. Look at it again."))
    return found


def _detail(found: Proposal) -> dict[str, object]:
    return {"kind": found.kind, "count": found.count, "cutoff": found.cutoff.isoformat()}


def remove(proposal_id: UUID, *, at: datetime) -> int:
    """Delete what was accepted, batch by batch, and return how many rows went. Repeated, it goes on where it stopped.

    What counts from before the proposal's cutoff is looked for anew each time: what somebody touched or holds since then stays,
    but for what is touched in the very moment in which a batch is deleted.
    """
    gone = 0
    while (removed := _batch(proposal_id, at)) is not None:
        gone += removed
        reach("retention.batch")
    return gone


def _batch(proposal_id: UUID, at: datetime) -> int | None:
    """Delete one batch in one transaction; None when there is nothing left to do."""
    with acting(service(KEEPER), at):
        found = Proposal.objects.select_for_update().filter(pk=proposal_id, state=Standing.ACCEPTED).first()
        if found is None:
            return None
        one = retention(found.kind)
        assert one.leaving is not None
        assert one.leaving.remove is not None, "what a step erases is never accepted"
        rows = due(one, found.cutoff, restricted=found.restricted)
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        removed = one.leaving.remove(keys) if keys else 0
        if keys and not removed:
            raise RuntimeError(f"{found.kind}: nothing of what was accepted could be deleted")
        found.removed += removed
        if not keys:
            found.state, found.done_at = Standing.DONE, at
        found.save(update_fields=["removed", "state", "done_at"])
        target = f"retention:{found.pk}"
        audit(service(KEEPER), "retention.delete", target, {"kind": found.kind, "count": removed}, at)
        return removed if keys else None


def left_over(*, at: datetime) -> list[UUID]:
    """Proposals accepted whose job was lost."""
    with acting(service(KEEPER), at):
        return list(Proposal.objects.filter(state=Standing.ACCEPTED).values_list("pk", flat=True))
