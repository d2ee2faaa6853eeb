"""What is stored of a read."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.reading.vocabulary import Door, Thing


class Reading(models.Model):
    """Somebody opened something that another organisation filed, or this log. Never changed.

    `organisation` is that of the reader. `cases` are the cases it belongs to (several for a document that several use), `numbers` those
    they had then. `version` is the case's version, or for a receipt the step's number. `rights` names the audiences through which the
    reader may see it (see `parties.keys`). `asked` is what somebody looked for in this log.

    `audience` holds the keys of those who may read the row. Of what lies in the secure section (Article 49(4)) it is shown only to
    those of them who hold a key of `restricted` too, the audience of the case as it was then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    door = models.CharField(max_length=10, choices=Door.choices)
    thing = models.CharField(max_length=10, choices=Thing.choices)
    cases = ArrayField(models.UUIDField(), default=list)
    numbers = ArrayField(models.CharField(max_length=60), default=list)
    document = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)
    rights = ArrayField(models.CharField(max_length=100), default=list)
    asked = models.JSONField(default=dict)
    audience = ArrayField(models.BigIntegerField())
    restricted = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            GinIndex(fields=["cases"], name="reading_by_case"),
            models.Index(fields=["actor", "-id"], name="reading_by_actor"),
            models.Index(fields=["at"], name="reading_by_time"),
        ]
