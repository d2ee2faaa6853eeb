"""Asking witnesses to cosign the newest checkpoint, over HTTP (C2SP tlog-witness). Only the job that asks waits for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import structlog
import urllib3
from django.db import connections

from aioffice.kernel.db import acting
from aioffice.kernel.db.acting import OFFICE
from aioffice.kernel.ledger import cosignatures
from aioffice.kernel.ledger.add_checkpoint import MOST_BYTES, Submission, read_signatures, read_size
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.cosignatures import COLLECTOR, Witness
from aioffice.kernel.ledger.errors import LedgerError
from aioffice.kernel.ledger.notes import Note
from aioffice.kernel.ledger.proving import prove_consistency
from aioffice.kernel.ledger.signing import PUBLIC
from aioffice.kernel.ledger.store import STORES
from aioffice.kernel.settings import settings

log = structlog.get_logger(__name__)


class Refusal(StrEnum):
    """Why a witness did not cosign."""

    NONE = ""
    UNREACHED = "unreached"
    UNKNOWN = "unknown"
    """It does not know the log, or its key."""
    SPLIT = "split"
    """It has seen the log otherwise than it is shown to it now."""
    AHEAD = "ahead"
    """It has seen more entries than there are."""
    MALFORMED = "malformed"
    """It answered something else than the protocol has, or a signature that does not hold."""


def ask_all(at: datetime, *, unreached_too: bool = True) -> int:
    """Ask every witness that has an address and has not cosigned the newest checkpoint; return how many did now.

    One that was not reached last time is passed over unless `unreached_too`, so that it does not hold up the others each time.
    """
    wanted = [one for one in cosignatures.configured() if one.url]
    _forget_others([str(one.key) for one in cosignatures.configured()])
    own = cosignatures.own_checkpoint()
    if own is None or not wanted:
        return 0
    size = Checkpoint.parse(own.text).size
    count = 0
    unreached = _unreached()
    with urllib3.PoolManager(timeout=settings().witness_timeout_seconds, retries=False) as pool:
        for witness in wanted:
            if cosignatures.seen_by(witness.key) >= size or (str(witness.key) in unreached and not unreached_too):
                continue
            refusal = _ask(pool, witness, own, at)
            _keep(witness, refusal, at)
            count += refusal is Refusal.NONE
    return count


def _ask(pool: urllib3.PoolManager, witness: Witness, own: Note, at: datetime) -> Refusal:
    size, old, told = Checkpoint.parse(own.text).size, cosignatures.seen_by(witness.key), False
    while True:
        try:
            status, body = _post(pool, witness, Submission(old, _proof(old, size), own))
            if status == 200:
                cosignatures.store(own, read_signatures(body, own), [witness.key], at)
                return Refusal.NONE
            if status == 409 and not told:
                old, told = read_size(body), True
                if old <= size:
                    continue
                return _refused(witness, Refusal.AHEAD, size, f"it has seen {old} entries")
        except urllib3.exceptions.HTTPError as error:
            log.warning("witness_unreached", witness=witness.key.name, error=str(error))
            return Refusal.UNREACHED
        except LedgerError as error:
            return _refused(witness, Refusal.MALFORMED, size, str(error))
        if status in (409, 422):
            return _refused(witness, Refusal.SPLIT, size, f"it does not find that the log grew from {old} entries")
        if status in (403, 404):
            return _refused(witness, Refusal.UNKNOWN, size, f"status {status}")
        log.warning("witness_unreached", witness=witness.key.name, status=status)
        return Refusal.UNREACHED


def _refused(witness: Witness, refusal: Refusal, size: int, why: str) -> Refusal:
    tell = log.error if refusal in (Refusal.SPLIT, Refusal.AHEAD) else log.warning
    event = "ledger_split_view" if refusal in (Refusal.SPLIT, Refusal.AHEAD) else "witness_refused"
    tell(event, witness=witness.key.name, refusal=refusal.value, size=size, why=why)
    return refusal


def _post(pool: urllib3.PoolManager, witness: Witness, submission: Submission) -> tuple[int, bytes]:
    answer = pool.request(
        "POST",
        f"{witness.url}/add-checkpoint",
        body=bytes(submission),
        headers={"Content-Type": "text/plain; charset=utf-8", "User-Agent": "ai-office-ledger"},
        redirect=False,
        preload_content=False,
    )
    try:
        return answer.status, answer.read(MOST_BYTES, decode_content=True)
    finally:
        answer.release_conn()


def _proof(old: int, size: int) -> tuple[bytes, ...]:
    with acting(COLLECTOR):
        return tuple(prove_consistency(old, size, STORES[PUBLIC].reader(size).hashes))


def _keep(witness: Witness, refusal: Refusal, at: datetime) -> None:
    with acting(COLLECTOR, at), connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "insert into published.log_witness (witness, asked_at, refusal) values (%s, %s, %s) "
            "on conflict (witness) do update set asked_at = excluded.asked_at, refusal = excluded.refusal",
            [str(witness.key), at, refusal.value],
        )


def _unreached() -> set[str]:
    with acting(COLLECTOR), connections[OFFICE].cursor() as cursor:
        cursor.execute("select witness from published.log_witness where refusal = %s", [Refusal.UNREACHED.value])
        return {row[0] for row in cursor.fetchall()}


def _forget_others(known: list[str]) -> None:
    with acting(COLLECTOR), connections[OFFICE].cursor() as cursor:
        cursor.execute("delete from published.log_witness where witness <> all(%s)", [known])
