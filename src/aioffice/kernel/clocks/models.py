"""What is stored of time limits: the clock of a case, the reminders sent of it, and the secret address of a calendar feed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.procedures.models import Case, RoundPlace, StepRecord


class Standing(models.TextChoices):
    """Where a clock stands."""

    RUNNING = "running", _("Running")
    SUSPENDED = "suspended", _("Suspended")
    MET = "met", _("Met")
    """What was due took place in time."""
    LAPSED = "lapsed", _("Ended in silence")
    """It ended, and silence had the effect that the Act gives it."""
    STOPPED = "stopped", _("Stopped")
    """It is not due any more."""
    EXPIRED = "expired", _("Ended")
    """It ended and what was due had not taken place."""


EXPLAINED = ("steps", "law", "changes")
"""What tells how an end was found: much to read, for whoever shows it alone."""
LIVE = (Standing.RUNNING, Standing.SUSPENDED)
"""Standings of a clock that is not settled."""


class Clock(models.Model):
    """One time limit of one case, with the way its end was found.

    `limit` is its id in `act.time_limits`, `place` where the action has to be taken, `event_at` what it runs from. `due_at` is the
    moment at which it is over (24:00 at the place, as 00:00 of the day after); it is None where the Act names no day, such as
    "immediately", and while the clock is suspended. `steps` explain how the ends were found, `calendar` is the version of the calendar
    asked; empty where it is not known yet and counting alone was told. `law` and `changes` are what it takes to work it out anew: values
    of settings of law, and resumptions and extensions in order. `left` are the days a suspended clock goes on with. `concerned` names
    the audiences that have to act. `tacit_step` is the step that follows from silence. `earlier_end` is an end that a corrected
    calendar found before the one already told: it holds only if a person decides so. `round_place` is the addressee's place in a round
    whose clock it is; None for a clock of the case.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    round_place = models.ForeignKey(RoundPlace, on_delete=models.PROTECT, null=True, related_name="clocks")
    limit = models.CharField(max_length=20)
    place = models.CharField(max_length=4)
    opened_by = models.ForeignKey(StepRecord, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    event_at = models.DateTimeField()
    law = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    outcome = models.CharField(max_length=20)
    nominal_end = models.DateField(null=True)
    legal_end = models.DateField(null=True)
    target = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    binding = models.BooleanField(default=True)
    silence = models.CharField(max_length=20, blank=True)
    calendar = models.CharField(max_length=200, blank=True)
    steps = models.JSONField(default=list)
    left = models.PositiveIntegerField(null=True)
    earlier_end = models.DateField(null=True)
    concerned = ArrayField(models.CharField(max_length=100), default=list)
    tacit_step = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.RUNNING)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(StepRecord, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "limit"],
                condition=models.Q(state__in=LIVE, round_place=None),
                name="one_live_clock_of_a_limit",
            ),
            models.UniqueConstraint(
                fields=["round_place"], condition=models.Q(round_place__isnull=False), name="one_clock_of_an_addressee"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="running"), name="clocks_running"),
            models.Index(fields=["due_at"], condition=models.Q(state__in=["expired", "lapsed"]), name="clocks_ended"),
            models.Index(fields=["due_at"], condition=models.Q(earlier_end__isnull=False), name="clocks_to_decide"),
            GinIndex(fields=["concerned"], condition=models.Q(state="running"), name="clocks_whose"),
        ]


class Reminder(models.Model):
    """One reminder of a clock was sent. `days` is how long before the end; an end that moved is reminded of anew."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="reminders")
    days = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock", "days", "due_at"], name="reminded_once"),
        ]


class FeedAddress(models.Model):
    """The secret address at which an organisation's calendar is read. Only the SHA-256 of the secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation"], condition=models.Q(ended_at=None), name="one_feed_address")
        ]
