"""Background jobs of the parties room."""

from __future__ import annotations

from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.db import plumbing
from aioffice.kernel.jobs import OUTSIDE, RETRY


@app.task(name="parties.send_invitation", queue=OUTSIDE, retry=RETRY, pass_context=False)
def send_invitation(invitation_id: str) -> bool:
    """Write to somebody who is asked to act for an organisation, or may do so now."""
    from aioffice.kernel.parties.invitations import send

    return send(UUID(invitation_id), at=timezone.now())


@app.periodic(cron="43 2 * * *")
@app.task(name="parties.forget_sessions", queue="housekeeping", queueing_lock="parties.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Every night, delete sessions that have ended: one may hold what somebody typed when their sign-in ran out."""
    with plumbing():
        SessionStore.clear_expired()


@app.periodic(cron="47 2 * * *")
@app.task(name="parties.forget_attempts", queue="housekeeping", queueing_lock="parties.forget_attempts")
def forget_attempts(timestamp: int) -> int:
    """Every night, delete attempts to sign in that have expired; the cache itself does so only when it is full."""
    with plumbing(), connection.cursor() as cursor:
        cursor.execute("delete from office.sign_in_cache where expires < now()")
        return int(cursor.rowcount)
