"""Background jobs of the documents room."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.jobs import RETRY


@app.periodic(cron="17 3 * * *")
@app.task(name="documents.sweep", queue="housekeeping", queueing_lock="documents.sweep")
def sweep_storage(timestamp: int) -> int:
    """Every night, remove content from the storage that no document refers to."""
    from aioffice.kernel.documents.service import sweep

    now = timezone.now()
    return sweep(before=now - timedelta(days=2), at=now)


@app.task(name="documents.remove_content", queue="housekeeping", retry=RETRY, pass_context=False)
def remove_content(digests: list[str]) -> int:
    """After an erasure, remove the bytes of files that no document refers to any more."""
    from aioffice.kernel.documents.redacting import remove_unreferred

    return remove_unreferred(digests, at=timezone.now())
