"""What is stored of the schedule: what was proposed and decided, and which cases are held."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.ids import uuid7
from aioffice.kernel.procedures.models import Case


class Standing(models.TextChoices):
    """Where a proposal stands."""

    OPEN = "open", _("Waits for a decision")
    ACCEPTED = "accepted", _("Accepted, being deleted")
    DONE = "done", _("Deleted")
    KEPT = "kept", _("Kept longer")
    LAPSED = "lapsed", _("Nothing left")


class Proposal(models.Model):
    """Everything of one kind that counts from before `cutoff` may go. `count` and `oldest` are as of `proposed_at`.

    `sample` lists the oldest rows by id, day and number, never by content. `audience` holds the keys of those who may see it: staff of
    the Office, and where `restricted` those cleared for the section of Article 49(4). `until` is the day to which it is kept longer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    restricted = models.BooleanField(default=False)
    cutoff = models.DateTimeField()
    count = models.PositiveBigIntegerField()
    oldest = models.DateTimeField()
    sample = models.JSONField(default=list)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.OPEN)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    until = models.DateField(null=True)
    removed = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    audience = ArrayField(models.BigIntegerField())

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "restricted"],
                condition=models.Q(state__in=("open", "accepted")),
                name="one_proposal_of_a_kind",
            )
        ]


class Hold(models.Model):
    """Nothing of a case is deleted while it is held, a legal dispute for example. `audience` as in `Proposal`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000)
    placed_by = models.CharField(max_length=60)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=60, blank=True)
    lifted_at = models.DateTimeField(null=True)
    audience = ArrayField(models.BigIntegerField())

    class Meta:
        ordering: ClassVar = ["-placed_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(lifted_at=None), name="one_hold_of_a_case")
        ]
