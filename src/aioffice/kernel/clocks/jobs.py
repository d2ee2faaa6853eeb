"""Background jobs of the clocks room."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

SKEW = timedelta(seconds=5)
"""So far the clocks of two machines of one office may differ."""


@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep", queue="clocks", queueing_lock="clocks.sweep")
def sweep_clocks(timestamp: int) -> None:
    """Every minute, settle the time limits that ended and remind those who have to act."""
    from aioffice.kernel.clocks.sweeping import sweep
    from aioffice.kernel.settings import settings

    sweep(at=timezone.now(), patience=timedelta(seconds=settings().lock_seconds) + SKEW)
