"""What is stored of every case, whatever its procedure."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.models import Organisation, Person


class Case(models.Model):
    """One filing or matter, carried through its procedure.

    `organisation` is the filer; `counterpart` the other organisation the case names, if any; `member_states` those it concerns;
    `audience` the keys of those who may see it beside the filer; `secure` tells that it belongs to the secure section (49(4)).
    `facts` holds codes only (never free text or names), such as routing facts.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    procedure = models.CharField(max_length=60)
    number = models.CharField(max_length=60, unique=True, null=True)
    state = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    counterpart = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    member_states = ArrayField(models.CharField(max_length=2), default=list)
    audience = ArrayField(models.BigIntegerField(), default=list)
    secure = models.BooleanField(default=False)
    subject = models.CharField(max_length=500)
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-updated_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "procedure", "-updated_at"]),
            models.Index(fields=["-updated_at", "-id"]),
            GinIndex(fields=["audience"]),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)


class StepRecord(models.Model):
    """One step that was performed. Never changed, never deleted; what was sent lies in its payload.

    `took_place_at` is when it happened, `recorded_at` when the Office wrote it down. `digests` maps each JSON pointer
    of the payload to the salted SHA-256 of its value, so that a payload can be erased and the record still be held against it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="records")
    sequence = models.PositiveIntegerField()
    step = models.CharField(max_length=110)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    actor = models.CharField(max_length=60)
    actor_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    took_place_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    basis = models.CharField(max_length=200)
    digests = models.JSONField(default=dict)
    idempotency_scope = models.CharField(max_length=60, blank=True)
    idempotency_key = models.CharField(max_length=200, null=True)
    request_digest = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering: ClassVar = ["case", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence"], name="step_sequence_once"),
            models.UniqueConstraint(fields=["idempotency_scope", "idempotency_key"], name="idempotency_once"),
        ]

    @property
    def presumed(self) -> bool:
        """Whether nobody took the step: the law presumes it, because a time limit ended in silence."""
        return self.actor == "service:sweeper"


class StepPayload(models.Model):
    """What was sent with a step, the evidence of when it took place, and the salts of its digests.

    Values go out of it, or all of it goes, by a step declared with `erases`, by nothing else: the database lets nothing come in.
    """

    record = models.OneToOneField(StepRecord, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    data = models.JSONField()
    salts = models.JSONField()
    evidence = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)


class ErasedValue(models.Model):
    """That a value sent with a step was erased, when and by which step. `pointer` is empty where everything sent with the step went."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="erased_values")
    record = models.ForeignKey(StepRecord, on_delete=models.PROTECT, related_name="erased_values")
    pointer = models.CharField(max_length=300)
    erased_at = models.DateTimeField()
    erased_by = models.ForeignKey(StepRecord, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "pointer"], name="erased_once")]


class RoundPlace(models.Model):
    """One addressee's place in a round: asked when, answered when and how."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="places")
    round = models.CharField(max_length=60)
    opened_by = models.ForeignKey(StepRecord, on_delete=models.PROTECT, related_name="+")
    addressee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    answer = models.ForeignKey(StepRecord, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "round", "addressee"], condition=models.Q(answered_at=None), name="one_open_place"
            )
        ]


class CaseLink(models.Model):
    """A relation between two cases, of whatever desks: both stay cases of their own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    relation = models.CharField(max_length=60)
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    linked_at = models.DateTimeField()
    linked_by = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "relation", "other"], name="link_once")]


class OutboxEvent(models.Model):
    """Something a step told the other desks, written in the step's own transaction and delivered by a job.

    It goes once every handler has dealt with it and some weeks have passed (`events.forget_delivered`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=60)
    case_id = models.UUIDField()
    record_id = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="outbox_by_name")]


class HandledEvent(models.Model):
    """Proof that a handler has dealt with an event, written in the handler's own transaction: it never acts twice."""

    event_id = models.UUIDField()
    handler = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event_id", "handler"], name="handled_once")]


class NumberSeries(models.Model):
    """The last number given in a series and year."""

    series = models.CharField(max_length=20)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "year"], name="series_year_once")]


class Draft(models.Model):
    """What somebody has typed and not yet filed: raw strings as typed, with the schema's hash, checked only on filing.

    `audience` is empty, or for a case of the secure section (49(4)) the keys of which a colleague must hold one to see it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="drafts")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="drafts")
    step = models.CharField(max_length=110)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="drafts")
    values = models.JSONField(default=dict)
    schema_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    audience = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering: ClassVar = ["-updated_at"]
