"""Background jobs of the clocks room."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep", queue="clocks", queueing_lock="clocks.sweep")
def sweep_clocks(timestamp: int) -> None:
    """Every minute, settle the time limits that ended and remind those who have to act."""
    from aioffice.kernel.clocks.sweeping import sweep

    sweep(at=timezone.now())
