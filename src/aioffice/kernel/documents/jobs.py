"""Background jobs of the documents room."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(name="documents.sweep", queue="housekeeping", queueing_lock="documents.sweep")
def sweep_storage(timestamp: int) -> int:
    """Every night, remove content from the storage that no document refers to."""
    from aioffice.kernel.documents.service import sweep

    now = timezone.now()
    return sweep(before=now - timedelta(days=2), at=now)
