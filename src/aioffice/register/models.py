"""What the register stores: systems, entries and every version of what an entry said."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.procedures.models import Case

EU = "eu"
"""The collection of registrations under Article 49. Every other collection is reference material and never counted with it."""


class FilingStatus(models.TextChoices):
    """Where a filing stands, apart from the status of the system it speaks of."""

    CURRENT = "current", _("Current")
    SUPERSEDED = "superseded", _("Superseded")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")
    WITHDRAWN = "withdrawn", _("Withdrawn from the source")


class System(models.Model):
    """An AI system of an operator, whatever entries speak of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=500)
    created_at = models.DateTimeField()
    audience = ArrayField(models.BigIntegerField(), default=list)


class Entry(models.Model):
    """One entry of the register, opened by one case. `section` is that of Annex VIII, empty in a reference collection.

    `withheld` maps JSON pointers of the content to the ground and date of withholding; `accuracy_questioned` is an authority's flag.
    `provider_entry` is the entry a Section C filing selects (field C3). `in_error_since`: when it was declared entered in error.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="entry")
    number = models.CharField(max_length=60, unique=True)
    collection = models.CharField(max_length=60, default=EU)
    section = models.CharField(max_length=1, blank=True)
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, related_name="entries")
    provider_entry = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="uses")
    source_id = models.CharField(max_length=60, blank=True)
    secure = models.BooleanField(default=False)
    accuracy_questioned = models.BooleanField(default=False)
    in_error_since = models.DateTimeField(null=True)
    withheld = models.JSONField(default=dict)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="entries")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collection", "source_id"], condition=~models.Q(source_id=""), name="source_record_once"
            )
        ]
        indexes: ClassVar = [GinIndex(fields=["audience"]), models.Index(fields=["organisation", "collection"])]


class EntryVersion(models.Model):
    """What an entry said from `valid_from` on, as the Office knew it from `recorded_at` on.

    `content` holds the Annex VIII fields by name, `routing` what was asked beside them. Content never changes, but for what is erased:
    `erased` says of each such field (`provider.name`, `reason`) since when and on which basis. `filing_status` changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    record_id = models.UUIDField()
    content = models.JSONField()
    routing = models.JSONField(default=dict)
    language = models.CharField(max_length=2)
    valid_from = models.DateTimeField()
    recorded_at = models.DateTimeField()
    filing_status = models.CharField(max_length=20, choices=FilingStatus.choices, default=FilingStatus.CURRENT)
    reason = models.CharField(max_length=1000, blank=True)
    note = models.JSONField(default=dict)
    erased = models.JSONField(default=dict)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering: ClassVar = ["entry", "n"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "n"], name="version_n_once")]
