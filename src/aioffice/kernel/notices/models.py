"""What is stored of messages: the notice to an organisation, who has read it, who got an e-mail about it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.models import Organisation, Person
from aioffice.kernel.procedures.models import Case


class Notice(models.Model):
    """One organisation is told of one step of a case, or of one of its clocks; `record_id` is the one or the other.

    Without a case, its administrators are told of something of their own (a webhook that was switched off), whose id is `record_id` and
    whose name is `reference`; `step` then says what happened.

    `title` is the untranslated text, so that everyone reads it in their own language. `secure` notices are about cases of the secure
    section (49(4)): beside being of the organisation, the reader must hold one of the keys in `audience`. `mailed_at` is set when
    everybody was written to.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notices")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    record_id = models.UUIDField()
    step = models.CharField(max_length=110)
    title = models.CharField(max_length=300)
    reference = models.CharField(max_length=60, blank=True)
    secure = models.BooleanField(default=False)
    audience = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at", "-id"]),
            models.Index(fields=["created_at"], condition=models.Q(mailed_at=None), name="notices_to_mail"),
        ]


class ReadMark(models.Model):
    """One person has read one notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="marks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "person"], name="read_once")]


class Mailing(models.Model):
    """One person is e-mailed about one notice; the row is what keeps a second e-mail from being sent.

    `claimed_at` is when somebody set about sending it, `sent_at` when it had gone out. Nothing of the database is held in between.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="mailings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "person"], name="mailed_once")]
