"""Background jobs of the retention room."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.jobs import RETRY

log = structlog.get_logger(__name__)


@app.periodic(cron="7 4 * * *")
@app.task(name="retention.propose", queue="housekeeping", queueing_lock="retention.propose")
def propose_daily(timestamp: int) -> int:
    """Every night, propose what has reached its end, and go on with what was accepted; return how many proposals wait."""
    from aioffice.kernel.retention.deciding import left_over, remove
    from aioffice.kernel.retention.proposing import propose

    now = timezone.now()
    for proposal in left_over(at=now):
        try:
            remove(proposal, at=now)
        except Exception:  # one that cannot be deleted keeps no other kind waiting
            log.exception("retention_not_carried_out", proposal=str(proposal))
    return len(propose(at=now))


@app.task(name="retention.remove", queue="housekeeping", retry=RETRY, pass_context=False)
def remove_accepted(proposal_id: str) -> int:
    """Delete what a person has accepted."""
    from aioffice.kernel.retention.deciding import remove

    return remove(UUID(proposal_id), at=timezone.now())
