"""Background jobs of the admission desk."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.jobs import OUTSIDE, RETRY


@app.task(name="admission.post_letter", queue=OUTSIDE, retry=RETRY, pass_context=False)
def post_letter(code_id: str) -> bool:
    """Write one letter and hand it over for posting."""
    from aioffice.desks.admission.letters import post

    return post(UUID(code_id), at=timezone.now())
