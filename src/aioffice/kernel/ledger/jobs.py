"""Background jobs of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.jobs import RETRY


@app.task(name="ledger.sequence", queue="ledger", retry=RETRY, pass_context=False)
def sequence_log(log: str) -> int:
    """Put what waits for a log into it. One such job is queued with everything that waits; most find that another was quicker."""
    from aioffice.kernel.ledger.sequencer import sequence

    return sequence(log, timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="ledger.sequence_left_over", queue="ledger", queueing_lock="ledger.sequence_left_over")
def sequence_left_over(timestamp: int) -> int:
    """Once a minute, put into the logs what waits though its job was lost."""
    from aioffice.kernel.ledger.sequencer import sequence
    from aioffice.kernel.ledger.signing import LOGS

    return sum(sequence(log, timezone.now()) for log in LOGS)


@app.periodic(cron="0 2 * * *")
@app.task(name="ledger.anchor", queue="ledger", queueing_lock="ledger.anchor")
def anchor_internal_log(timestamp: int) -> None:
    """At two in the morning, say in the public log where the internal one stands: not even the rhythm of an inquiry shows (Article 78)."""
    from aioffice.kernel.ledger.sequencer import anchor

    anchor(datetime.fromtimestamp(timestamp, UTC))
