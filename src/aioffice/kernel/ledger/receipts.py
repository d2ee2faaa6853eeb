"""The receipt of a step: what shows to whoever took it that the Office recorded just this, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from aioffice.kernel.canonical import leaves
from aioffice.kernel.days import office_day
from aioffice.kernel.db import acting
from aioffice.kernel.ledger import keychain
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.evidence import Evidence
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.proving import prove_inclusion
from aioffice.kernel.ledger.sequencer import SEQUENCER
from aioffice.kernel.ledger.signing import INTERNAL
from aioffice.kernel.ledger.statements import parse_statement
from aioffice.kernel.ledger.store import STORES
from aioffice.kernel.ledger.verifying import Receipt
from aioffice.kernel.ledger.writing import RECORD, record_salt, recorded, step_digests

if TYPE_CHECKING:
    from aioffice.kernel.ledger.keys import VerifierKey
    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.models import StepRecord


def step_evidence(record: StepRecord, *, reader: Actor, at: datetime) -> Evidence | None:
    """The receipt of a step with what was sent and what was recorded beside it; None while the sequencer has not come to it.

    Called for a record (with its payload, where it has one) that the reader has been let see. Which person acted is
    shown to that person's organisation alone; what was erased is null and has no salt. The receipt holds all the same.
    """
    receipt = _receipt(record.pk, at)
    if receipt is None:
        return None
    payload = getattr(record, "payload", None)
    kept = payload.salts if payload is not None else {}
    salts = {pointer: salt for pointer, salt in kept.items() if pointer in record.digests}
    sent = payload.data if payload is not None else _nothing(record.digests)
    beside: dict[str, Any] = recorded(record)
    own = {pointer: record_salt(record).hex() for pointer, _ in leaves({RECORD: beside})}
    if record.actor_organisation_id is None or record.actor_organisation_id != reader.organisation:
        beside["actor"] = None
        del own[f"/{RECORD}/actor"]
    folded = parse_statement(receipt.entry).digests.keys() == {""}
    document = {**(sent if isinstance(sent, dict) else {}), RECORD: beside}
    return Evidence(document, salts | own, receipt, step_digests(record) if folded else {})


def erased_on(record: StepRecord) -> dict[str, str]:
    """What was erased of a step, by JSON pointer (empty for everything), with the day. Called inside `acting`."""
    erased = record.erased_values.order_by("erased_at", "pointer")
    return {one.pointer: office_day(one.erased_at).isoformat() for one in erased}


def _nothing(digests: Mapping[str, str]) -> Any:
    """What is left of an erased payload: its shape, with null in every place."""
    tree: dict[str, Any] = {}
    for pointer in digests:
        place = tree
        for part in pointer.split("/")[1:]:
            place = place.setdefault(part.replace("~1", "/").replace("~0", "~"), {})
    return _shape(tree) if tree else {}


def _shape(tree: dict[str, Any]) -> Any:
    if not tree:
        return None
    if tree.keys() == {str(index) for index in range(len(tree))}:
        return [_shape(tree[str(index)]) for index in range(len(tree))]
    return {name: _shape(inner) for name, inner in tree.items()}


def _receipt(record_id: UUID, at: datetime) -> Receipt | None:
    store = STORES[INTERNAL]
    with acting(SEQUENCER, at):
        with connection.cursor() as cursor:
            cursor.execute("select index from office.ledger_entry where record_id = %s", [record_id])
            row = cursor.fetchone()
        note = _checkpoint(row[0]) if row is not None else None
        if note is None:
            return None
        size = Checkpoint.parse(parse_note(note).text).size
        reader = store.reader(size)
        return Receipt(reader.entry(row[0]), row[0], tuple(prove_inclusion(row[0], size, reader.hashes)), note)


def _checkpoint(index: int) -> bytes | None:
    """The first checkpoint that holds the entry and is signed with today's key; None while there is none.

    Not the newest: a receipt that is looked at again must not count what others do meanwhile.
    """
    known = keychain.periods(INTERNAL)
    if not known:
        return None
    return next((note for note in STORES[INTERNAL].covering(index, known[0].since) if _by(known[0].key, note)), None)


def _by(key: VerifierKey, note: bytes) -> bool:
    return any(line.is_by(key) for line in parse_note(note).signatures)
