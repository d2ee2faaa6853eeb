"""Background jobs of the room that watches."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="watching.look", queue="housekeeping", queueing_lock="watching.look")
def look_around(timestamp: int) -> None:
    """Every minute, look whether publication and mail work, and write down that jobs are done at all."""
    from aioffice.kernel.watching.state import look

    look(timezone.now())


@app.periodic(cron="53 3 * * *")
@app.task(name="watching.forget_faults", queue="housekeeping", queueing_lock="watching.forget_faults")
def forget_faults(timestamp: int) -> int:
    """Every night, drop why jobs failed that are gone."""
    from aioffice.kernel.watching.faults import forget

    return forget(timezone.now())
