"""What is stored about organisations and people."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.vocabulary import Capacity, IdentifierScheme, Role


class Organisation(models.Model):
    """A legal person or authority. `member_state` is the ISO code of its seat in the Union, empty for a third country.

    `admitted_at` is set by the admission procedure; `publications_frozen_at` by a report of impersonation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=300)
    address = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2 code of the seat"))
    member_state = models.CharField(max_length=2, blank=True, db_index=True)
    public_body = models.BooleanField(default=False)
    admitted_at = models.DateTimeField(null=True, blank=True)
    publications_frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    """An official identifier of an organisation, checked for form and check digit."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=10, choices=IdentifierScheme.choices)
    value = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["scheme", "value"], name="identifier_once")]


class CapacityGrant(models.Model):
    """A capacity an organisation holds: claimed by an operator at admission, granted to everybody else.

    `secure_access` is the separate access to the secure section (Article 49(4)) of an authority under Article 74(8).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="grants")
    capacity = models.CharField(max_length=40, choices=Capacity.choices)
    member_state = models.CharField(max_length=2, blank=True)
    secure_access = models.BooleanField(default=False)
    granted_by = models.CharField(max_length=60)
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "capacity", "member_state"],
                condition=models.Q(ended_at=None),
                name="capacity_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["capacity", "member_state"])]


class PersonManager(BaseUserManager["Person"]):
    """Creates people; allauth calls it through Django's conventions."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Person:
        """Create a person who signs in with `email`."""
        person = self.model(email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone who signs in. `cleared_at` names Commission staff cleared for the secure section (Article 49(4))."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name shown to others."""
        return self.name or self.email


class Membership(models.Model):
    """A person's place in an organisation, with one or more roles."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "organisation"], name="membership_once")]


class Invitation(models.Model):
    """An organisation asks somebody to act for it. Open until `ended_at`; until it is accepted there is no membership.

    `email` is the address as the organisation wrote it, all it knows of an account. `sent_at` is when the last e-mail about it was
    queued. `outcome` tells how it ended: `joined` for somebody new, who has the membership from the beginning.
    """

    OUTCOMES: ClassVar = [(name, name) for name in ("joined", "accepted", "declined", "withdrawn")]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    invited_by = models.CharField(max_length=60)
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, choices=OUTCOMES)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=models.Q(ended_at=None), name="one_open_invitation"
            )
        ]


class Mandate(models.Model):
    """A provider's written mandate to its authorised representative (Article 22), in force once both sides confirmed it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_id = models.UUIDField(unique=True)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates_given")
    representative = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates_held")
    scope = models.CharField(max_length=500, blank=True)
    provider_confirmed_at = models.DateTimeField(null=True, blank=True)
    representative_confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    @property
    def in_force(self) -> bool:
        """Whether both sides confirmed and nobody ended it."""
        return bool(self.provider_confirmed_at and self.representative_confirmed_at and not self.ended_at)


class ApiToken(models.Model):
    """A key with which a machine acts for an organisation. Only the SHA-256 of the secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices))
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class AuditEntry(models.Model):
    """One change that people make outside procedures (roles, tokens, settings): who, what, on what, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="audit")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
