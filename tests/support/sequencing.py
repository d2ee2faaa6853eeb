"""What the sequencer's jobs do within the second, done at once."""

from __future__ import annotations

from datetime import datetime

from aioffice.kernel.ledger.sequencer import sequence
from aioffice.kernel.ledger.signing import LOGS
from aioffice.kernel.procedures.events import deliver_pending


def sequence_all(at: datetime) -> None:
    """Give everything that waits its place in both logs."""
    for log in LOGS:
        sequence(log, at)


def settle(at: datetime) -> None:
    """Publish what was filed, and sequence it."""
    deliver_pending(at=at)
    sequence_all(at)
