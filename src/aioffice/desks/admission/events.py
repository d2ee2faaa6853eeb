"""What this desk tells: events that follow a step, each dealt with once."""

from __future__ import annotations

from aioffice.kernel.procedures.declaration import Event


class CapacityEnded(Event):
    """A granted capacity has ended: what rested on it ends too."""


class ImpersonationReported(Event):
    """A filer is said not to be who it claims: it is heard."""


class ImpersonationDecided(Event):
    """The Office has looked at a report: the hearing closes."""


class PublicationsReleased(Event):
    """A report was dismissed: what waited is published."""
