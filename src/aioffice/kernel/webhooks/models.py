"""What is stored of webhooks: the address of an organisation, and each message that goes to it. No secret is stored (`signing`)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.ids import uuid7
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.models import Organisation


class Webhook(models.Model):
    """An address that an organisation wants to be told at.

    `procedures` are the slugs of those it is told of; empty: everything. `since` is from when on notices are told: when it was made, or
    last switched on or changed. `key_number` counts its secrets; the one before works until a day after `rotated_at`. `failing_since` is
    set by the first failure after a success; `rests_until` keeps one that fails from being asked for every message anew.
    `switched_off_at` tells that the Office switched it off. One that was removed stays, for its deliveries, and is shown to nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    procedures = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    active = models.BooleanField(default=True)
    since = models.DateTimeField()
    key_number = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    told_of_loss_at = models.DateTimeField(null=True)
    switched_off_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]


class State(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


class Outcome(models.TextChoices):
    """What came of an attempt."""

    ACCEPTED = "accepted", _("Accepted")
    STATUS = "status", _("Answered with an error")
    REDIRECT = "redirect", _("Answered with another address, which is not followed")
    REFUSED = "refused", _("The address leads to no machine on the public internet")
    TIMEOUT = "timeout", _("No answer within 10 seconds")
    TLS = "tls", _("The certificate is not valid for this name")
    CONNECTION = "connection", _("Nobody listens there")
    PROTOCOL = "protocol", _("The answer broke off or was no HTTP")


class Delivery(models.Model):
    """One message to one webhook; without a notice it is a test.

    `attempts` counts those begun since `queued_at`. `due_at` is when the next one may begin, while one is under way, when it is taken
    for lost. `outcome`, `status` (of HTTP), `said` (the beginning of the answer) and `milliseconds` are of the last attempt.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    said = models.CharField(max_length=200, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "notice"], name="webhooks_told_once")]
        indexes: ClassVar = [
            models.Index(fields=["webhook", "-created_at", "-id"], name="webhooks_latest"),
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="webhooks_due"),
        ]

    @property
    def message_id(self) -> str:
        """What the receiver tells repetitions by: the notice's id, the same at each of the organisation's addresses; of a test, its own."""
        return str(self.notice_id or self.pk)
