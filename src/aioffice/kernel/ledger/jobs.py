"""Background jobs of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from aioffice.kernel.jobs import RETRY, WITNESSES


@app.task(name="ledger.sequence", queue="ledger", retry=RETRY, pass_context=False)
def sequence_log(log: str) -> int:
    """Put what waits for a log into it. One such job is queued with everything that waits; most find that another was quicker."""
    from aioffice.kernel.ledger.sequencer import sequence

    return sequence(log, timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="ledger.sequence_left_over", queue="ledger", queueing_lock="ledger.sequence_left_over")
def sequence_left_over(timestamp: int) -> int:
    """Once a minute, put into the logs what waits though its job was lost, and say with which key the internal one is signed."""
    from aioffice.kernel.ledger.sequencer import sequence, state_keys
    from aioffice.kernel.ledger.signing import LOGS

    state_keys(timezone.now())
    return sum(sequence(log, timezone.now()) for log in LOGS)


@app.periodic(cron="0 2 * * *")
@app.task(name="ledger.anchor", queue="ledger", queueing_lock="ledger.anchor")
def anchor_internal_log(timestamp: int) -> None:
    """At two in the morning, say in the public log where the internal one stands: not even the rhythm of an inquiry shows (Article 78)."""
    from aioffice.kernel.ledger.sequencer import anchor

    anchor(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="17 3 * * *")
@app.task(name="ledger.tidy", queue="housekeeping", queueing_lock="ledger.tidy")
def tidy(timestamp: int) -> None:
    """Every night, throw away keys whose grace has ended, and documents of checkpoints that nobody checks any more."""
    from aioffice.kernel.ledger.changing_keys import tidy_all
    from aioffice.kernel.ledger.past import forget_old

    now = timezone.now()
    tidy_all(now)
    forget_old(now)


@app.task(
    name="ledger.ask_witnesses", queue=WITNESSES, queueing_lock="ledger.ask_witnesses", lock="ledger.ask_witnesses"
)
def ask_witnesses() -> int:
    """Ask the witnesses to cosign the newest checkpoint; return how many did. Apart from the sequencer, which waits for nobody."""
    from aioffice.kernel.ledger.asking_witnesses import ask_all

    return ask_all(timezone.now(), unreached_too=False)


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="ledger.ask_witnesses_again",
    queue=WITNESSES,
    queueing_lock="ledger.ask_witnesses_again",
    lock="ledger.ask_witnesses",
)
def ask_witnesses_again(timestamp: int) -> int:
    """Every five minutes, ask those who did not answer."""
    from aioffice.kernel.ledger.asking_witnesses import ask_all

    return ask_all(timezone.now())
