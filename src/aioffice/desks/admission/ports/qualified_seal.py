"""Port: validation of qualified electronic seals (Regulation (EU) No 910/2014, Articles 35 to 40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _

from aioffice.desks.admission.ports.errors import NotConnected


@dataclass(frozen=True, slots=True)
class Seal:
    """A valid qualified seal: whose it is (name and organisation identifier of the certificate) and when it was set."""

    organisation_name: str
    organisation_identifier: str
    sealed_at: datetime


class QualifiedSeal(Protocol):
    """Validates seals against the Union's trusted lists."""

    @property
    def connected(self) -> bool:
        """Whether a validation service stands behind the port."""

    def validate(self, document: BinaryIO, *, naming: str, at: datetime) -> Seal:
        """Return the seal on a document that carries the text `naming`.

        `naming` ties the document to one application, so that no other sealed document of the same organisation will do.
        Raises `SealInvalid`, or `NotConnected`.
        """


@dataclass(frozen=True, slots=True)
class NoSealValidation:
    """No validation service: every question is answered with `NotConnected`."""

    connected: bool = False

    def validate(self, document: BinaryIO, *, naming: str, at: datetime) -> Seal:
        """Raise `NotConnected`."""
        raise NotConnected(
            _("This office is not connected to a validation service for qualified seals. Use the code from the letter.")
        )
