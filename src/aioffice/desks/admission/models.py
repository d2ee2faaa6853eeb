"""What this desk stores beside its cases: the codes sent by letter to applicants' registered addresses."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.procedures.models import Case


class LetterCode(models.Model):
    """One code on its way by letter. Only its SHA-256 is kept; the letter is the one place where the code can be read.

    `reference`, `addressee`, `address` and `language` are those of the letter. `attempts` counts wrong entries; `ended_at` is set when
    the code was used, replaced by a newer one, or entered wrongly too often. `posted_at` is when the letter was handed over for posting.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letter_codes")
    digest = models.CharField(max_length=64)
    reference = models.CharField(max_length=60)
    addressee = models.CharField(max_length=300)
    address = models.CharField(max_length=500)
    language = models.CharField(max_length=2)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering: ClassVar = ["-issued_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(ended_at=None), name="one_code_in_force")
        ]
