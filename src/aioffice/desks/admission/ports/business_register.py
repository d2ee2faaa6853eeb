"""Port: business registers of the Member States (Directive (EU) 2017/1132, the system of interconnected registers)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from aioffice.desks.admission.ports.errors import NotConnected


@dataclass(frozen=True, slots=True)
class CompanyRecord:
    """What a business register says of a company: its name, registered address and who represents it."""

    euid: str
    name: str
    registered_address: str
    representatives: tuple[str, ...] = ()


class BusinessRegister(Protocol):
    """Looks companies up."""

    @property
    def connected(self) -> bool:
        """Whether a register stands behind the port."""

    def look_up(self, euid: str) -> CompanyRecord | None:
        """Return what the register says of the company with that EUID, None when it knows none. Raises `NotConnected`."""


@dataclass(frozen=True, slots=True)
class NoBusinessRegister:
    """No business register: every question is answered with `NotConnected`."""

    connected: bool = False

    def look_up(self, euid: str) -> CompanyRecord | None:
        """Raise `NotConnected`."""
        raise NotConnected(
            _("This office is not connected to business registers. The letter goes to the address that was stated.")
        )
