"""What is stored about uploaded files; the bytes themselves lie in the storage, by their hash."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.procedures.models import Case


class ScanState(models.TextChoices):
    """What the virus scanner said when the file came in. An infected file is refused and never stored."""

    NOT_SCANNED = "not_scanned", _("Not scanned for viruses")
    CLEAN = "clean", _("Scanned, no virus found")


class Document(models.Model):
    """A file that an organisation uploaded. `digest` is its SHA-256, `size` is in bytes.

    `audience` holds the keys of those who may open it beside the organisation: whoever may see a case that uses it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="documents")
    uploaded_by = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    filename = models.CharField(max_length=150)
    scan_state = models.CharField(max_length=20, choices=ScanState.choices)
    created_at = models.DateTimeField()
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "digest", "filename"], name="document_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"]), GinIndex(fields=["audience"])]

    def __str__(self) -> str:
        return self.filename


class DocumentUse(models.Model):
    """A case refers to a document, at a place (JSON pointer) of what was sent with a step."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="uses")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    record_id = models.UUIDField()
    pointer = models.CharField(max_length=300)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_id", "pointer"], name="document_use_once"),
        ]
