"""What people change about webhooks. Administrators of the organisation alone, and machines with the role of signatory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.notices.service import tell_organisation
from aioffice.kernel.outside import Refused as NotCalled
from aioffice.kernel.outside import outside
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.declaration import Procedure, procedures
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotAllowed, NotFound, Refused
from aioffice.kernel.settings import settings
from aioffice.kernel.webhooks.jobs import deliver, lock_of
from aioffice.kernel.webhooks.models import Delivery, State, Webhook
from aioffice.kernel.webhooks.signing import secret_of

LONGEST_NAME = 60
TESTS_AN_HOUR = 20
"""So many tests and repetitions by hand an organisation may ask for in an hour: the office is no machine for sending requests to others."""
MADE_BY_MACHINE = gettext_lazy("A webhook was added with a token")


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook with a secret just made, which is never shown again."""

    webhook: Webhook
    secret: str


def organisation_managed_by(actor: Actor) -> UUID:
    """Return the organisation whose webhooks the actor manages; raise `NotAllowed` when it manages none.

    Tokens never hold the role of administrator; of them, those do that may bind the organisation.
    """
    wanted = Role.SIGNATORY if actor.id.startswith("token:") else Role.ADMINISTRATOR
    if actor.organisation is None or wanted not in actor.roles:
        raise NotAllowed(
            _(
                "Webhooks are managed by an administrator of the organisation, or with a token that holds the role of signatory."
            )
        )
    return actor.organisation


def told_of() -> list[type[Procedure]]:
    """Procedures of which anybody is ever told."""
    return [kind for kind in procedures() if any(step.tells or step.starts for step in kind.steps.values())]


def list_webhooks(*, actor: Actor) -> list[Webhook]:
    """Return the webhooks of the acting organisation, newest first. Called inside `acting`. Raises `NotAllowed`."""
    organisation = organisation_managed_by(actor)
    return list(Webhook.objects.filter(organisation=organisation, removed_at=None))


def webhook_of(webhook_id: UUID, *, actor: Actor) -> Webhook:
    """Return one webhook of the acting organisation. Called inside `acting`. Raises `NotAllowed` or `NotFound`."""
    return _find(webhook_id, organisation_managed_by(actor))


def deliveries_of(webhook: Webhook, *, size: int = 50) -> Sequence[Delivery]:
    """Return the latest deliveries, newest first. Called inside `acting`, with a webhook that the actor manages.

    Those of a matter of the secure section are left out for whoever may not read the message itself.
    """
    return list(_readable(webhook).select_related("notice")[:size])


def _readable(webhook: Webhook) -> QuerySet[Delivery]:
    # Row-level security keeps notices from whom they are not for (any more); a delivery would still tell that there was one, and when.
    notice = Notice.objects.filter(pk=OuterRef("notice"))
    return Delivery.objects.filter(Q(notice=None) | Exists(notice), webhook=webhook)


def add_webhook(name: str, url: str, slugs: Collection[str], *, actor: Actor, at: datetime) -> NewSecret:
    """Register an address; return it with its secret.

    `slugs` are the procedures it is told of; none: everything. Raises `NotAllowed`, `Refused` for an organisation that is not admitted or
    has as many as it may, or `Invalid` for a name or an address that will not do.
    """
    organisation = organisation_managed_by(actor)
    if not actor.admitted:
        raise Refused(_("Your organisation registers addresses once it is admitted."))
    title = _checked(name=name, url=url, slugs=slugs)
    with acting(actor, at):
        # One at a time: two administrators together do not pass the limit.
        Organisation.objects.select_for_update().get(pk=organisation)
        _room_for(url, Webhook.objects.filter(organisation=organisation, removed_at=None))
        webhook = Webhook.objects.create(
            organisation_id=organisation,
            name=title or "",
            url=url,
            procedures=sorted(set(slugs)),
            since=at,
            created_by=actor.id,
            created_at=at,
        )
        audit(actor, "webhook.add", f"webhook:{webhook.pk}", _detail(webhook), at)
        if actor.person is None:
            tell_organisation(
                organisation=organisation,
                about="webhooks.added",
                title=MADE_BY_MACHINE,
                reference=webhook.name,
                record_id=webhook.pk,
                at=at,
            )
        return NewSecret(webhook, secret_of(webhook))


def change_webhook(
    webhook_id: UUID,
    *,
    name: str | None = None,
    url: str | None = None,
    slugs: Collection[str] | None = None,
    active: bool | None = None,
    actor: Actor,
    at: datetime,
) -> Webhook:
    """Change a webhook, or switch it on or off; what is None stays. What was not told while it was off stays untold.

    An address is looked up when it is new or switched on: one that leads nowhere any more can still be switched off. Raises as
    `add_webhook`, and `NotFound`.
    """
    organisation = organisation_managed_by(actor)
    with acting(actor, at):
        present = _find(webhook_id, organisation)
    wanted_url = present.url if url is None else url
    looked_up = wanted_url if wanted_url != present.url or (active and not present.active) else None
    title = _checked(name=name, url=looked_up, slugs=slugs)
    with acting(actor, at):
        webhook = _find(webhook_id, organisation, lock=True)
        before = _told_by(webhook)
        url = webhook.url if url is None else url
        others = Webhook.objects.filter(organisation=organisation, removed_at=None).exclude(pk=webhook.pk)
        if others.filter(url=url).exists():
            raise Invalid(errors=[_twice()])
        wanted = webhook.procedures if slugs is None else sorted(set(slugs))
        title = webhook.name if title is None else title
        active = webhook.active if active is None else active
        if wanted != webhook.procedures or (active and not webhook.active):
            webhook.since = at
        if url != webhook.url or (active and not webhook.active):
            webhook.failing_since = webhook.rests_until = webhook.switched_off_at = None
        webhook.name, webhook.url, webhook.procedures, webhook.active = title, url, wanted, active
        webhook.save()
        if _told_by(webhook) != before:
            detail = {"before": before[0], "after": _detail(webhook)}
            audit(actor, "webhook.change", f"webhook:{webhook.pk}", detail, at)
    return webhook


def new_secret(webhook_id: UUID, *, actor: Actor, at: datetime) -> NewSecret:
    """Make a new secret; messages bear the signatures of both for a day, then of the new one. Raises `NotAllowed` or `NotFound`."""
    organisation = organisation_managed_by(actor)
    with acting(actor, at):
        webhook = _find(webhook_id, organisation, lock=True)
        webhook.key_number += 1
        webhook.rotated_at = at
        webhook.save(update_fields=["key_number", "rotated_at"])
        audit(actor, "webhook.rotate", f"webhook:{webhook.pk}", {"key_number": webhook.key_number}, at)
        return NewSecret(webhook, secret_of(webhook))


def remove_webhook(webhook_id: UUID, *, actor: Actor, at: datetime) -> Webhook:
    """Remove a webhook; what waits for it is given up, its address is forgotten. Raises `NotAllowed` or `NotFound`."""
    organisation = organisation_managed_by(actor)
    with acting(actor, at):
        webhook = _find(webhook_id, organisation, lock=True)
        webhook.removed_at, webhook.active = at, False
        # The rest of the row stays for the audit trail; an address may hold a secret of the receiver's.
        Webhook.objects.filter(pk=webhook.pk).update(removed_at=at, active=False, url="")
        Delivery.objects.filter(webhook=webhook, state=State.WAITING).update(state=State.GIVEN_UP)
        audit(actor, "webhook.remove", f"webhook:{webhook.pk}", {}, at)
    return webhook


def send_test(webhook_id: UUID, *, actor: Actor, at: datetime) -> Delivery:
    """Send a message that says it is a test, once. Raises `NotAllowed`, `NotFound`, or `Refused` when it is off or too many were sent."""
    organisation = organisation_managed_by(actor)
    with acting(actor, at):
        webhook = _by_hand(webhook_id, organisation, at)
        test = Delivery.objects.create(
            webhook=webhook, organisation_id=organisation, created_at=at, queued_at=at, due_at=at
        )
        audit(actor, "webhook.test", f"webhook:{webhook.pk}", {"delivery": str(test.pk)}, at)
        _hurry(webhook)
    return test


def send_again(webhook_id: UUID, delivery_id: UUID, *, actor: Actor, at: datetime) -> Delivery:
    """Send a message that was delivered or given up once more, with the same id. Raises as `send_test`."""
    organisation = organisation_managed_by(actor)
    with acting(actor, at):
        webhook = _by_hand(webhook_id, organisation, at)
        delivery = _readable(webhook).select_for_update().filter(pk=delivery_id).first()
        if delivery is None:
            raise NotFound(_("There is no such delivery."))
        if delivery.state == State.WAITING:
            raise Refused(_("This message waits to be sent; it is repeated by itself."))
        delivery.state, delivery.attempts, delivery.queued_at, delivery.due_at = State.WAITING, 0, at, at
        delivery.save(update_fields=["state", "attempts", "queued_at", "due_at"])
        Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)
        audit(actor, "webhook.send_again", f"webhook:{webhook.pk}", {"delivery": str(delivery.pk)}, at)
        _hurry(webhook)
    return delivery


def _hurry(webhook: Webhook) -> None:
    # In the transaction, so without the lock on queueing: a job that waits already may look before this is committed.
    deliver.configure(lock=lock_of(webhook.pk)).defer(webhook_id=str(webhook.pk))


def _by_hand(webhook_id: UUID, organisation: UUID, at: datetime) -> Webhook:
    webhook = _find(webhook_id, organisation, lock=True)
    if not webhook.active:
        raise Refused(_("This webhook is switched off. Switch it on first."))
    lately = Delivery.objects.filter(organisation=organisation, queued_at__gt=at - timedelta(hours=1))
    by_hand = lately.filter(Q(notice=None) | Q(queued_at__gt=F("created_at"))).count()
    if by_hand >= TESTS_AN_HOUR:
        raise Refused(
            _("Your organisation has sent %(n)s messages by hand within the hour. Try again later.") % {"n": by_hand}
        )
    return webhook


def _find(webhook_id: UUID, organisation: UUID, *, lock: bool = False) -> Webhook:
    rows = Webhook.objects.select_for_update() if lock else Webhook.objects
    found = rows.filter(pk=webhook_id, organisation=organisation, removed_at=None).first()
    if found is None:
        raise NotFound(_("Your organisation has no such webhook."))
    return found


def _checked(*, name: str | None, url: str | None, slugs: Collection[str] | None) -> str | None:
    """The name as it is stored; raises `Invalid` with everything that is wrong. What is None is not looked at."""
    title = None if name is None else " ".join(name.split())
    errors = []
    if title is not None and not 0 < len(title) <= LONGEST_NAME:
        message = _("Give the webhook a name of up to %(n)s characters, such as that of the system.") % {
            "n": LONGEST_NAME
        }
        errors.append(FieldError("/name", message, "name"))
    known = {kind.slug for kind in told_of()}
    if unknown := sorted(set(slugs or ()) - known):
        message = _("There is no procedure “%(name)s”. Possible are: %(known)s.") % {
            "name": unknown[0],
            "known": ", ".join(sorted(known)),
        }
        errors.append(FieldError("/procedures", message, "procedure"))
    try:
        if url is not None:
            outside().check(url)
    except NotCalled as error:
        errors.append(FieldError("/url", str(error), "address"))
    if errors:
        raise Invalid(errors=errors)
    return title


def _room_for(url: str, present: Any) -> None:
    if present.filter(url=url).exists():
        raise Invalid(errors=[_twice()])
    most = settings().webhook_addresses
    if present.count() >= most:
        raise Refused(_("An organisation has up to %(n)s webhooks here. Remove one first.") % {"n": most})


def _twice() -> FieldError:
    return FieldError("/url", _("Your organisation has a webhook with this address already."), "twice")


def _told_by(webhook: Webhook) -> tuple[dict[str, Any], str, str]:
    return _detail(webhook), webhook.name, webhook.url


def _detail(webhook: Webhook) -> dict[str, Any]:
    """What the audit trail says: the host, since the rest of an address may hold a secret."""
    return {"host": urlsplit(webhook.url).netloc, "procedures": webhook.procedures, "active": webhook.active}
