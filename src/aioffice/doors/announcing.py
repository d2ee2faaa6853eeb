"""What stands announced, for the banner of every page: remembered for some seconds, and through a time without a database."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import Error
from django.utils import timezone

from aioffice.kernel.watching.announcements import Announcement, newest

log = structlog.get_logger(__name__)

REMEMBERED_SECONDS = 10.0


class Memory:
    """The announcements as this process read them last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Sequence[Announcement] = ()
        self._again_at = 0.0

    def all(self, at: datetime) -> Sequence[Announcement]:
        """What was announced lately; where the database does not answer, what was known before."""
        with self._lock:
            if time.monotonic() < self._again_at:
                return self._known
            # whoever comes meanwhile takes what is known
            self._again_at = time.monotonic() + REMEMBERED_SECONDS
        try:
            self._known = newest(at)
        except Error:
            log.warning("announcements_not_read")
        return self._known

    def standing(self, at: datetime) -> list[Announcement]:
        """What holds now."""
        return [one for one in self.all(at) if one.stands(at)]

    def forget(self) -> None:
        """Read anew next time."""
        self._again_at = 0.0


MEMORY = Memory()


def standing() -> list[Announcement]:
    """What holds now, for a page."""
    return MEMORY.standing(timezone.now())
