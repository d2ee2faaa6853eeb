"""Background jobs of the notices room."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.jobs import OUTSIDE, RETRY


@app.task(name="notices.send_notices", queue=OUTSIDE, retry=RETRY, pass_context=False)
def send_notices(notice_ids: list[str]) -> int:
    """E-mail the people concerned by these notices; repeated, it sends only what is missing."""
    from aioffice.kernel.notices.mailing import send

    return send([UUID(text) for text in notice_ids], at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="notices.send_left_over", queue=OUTSIDE, queueing_lock="notices.send_left_over")
def send_left_over(timestamp: int) -> int:
    """Every ten minutes, e-mail about notices of the last two days whose job was lost."""
    from aioffice.kernel.notices.mailing import left_over, send

    now = timezone.now()
    found = left_over(at=now, older_than=timedelta(minutes=15), newer_than=timedelta(days=2))
    return send(found, at=now)
