"""Background jobs of the parties room."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.jobs import RETRY


@app.task(name="parties.send_invitation", queue="notices", retry=RETRY, pass_context=False)
def send_invitation(membership_id: str) -> bool:
    """Write to somebody who may now act for an organisation."""
    from aioffice.kernel.parties.invitations import send

    return send(UUID(membership_id), at=timezone.now())
