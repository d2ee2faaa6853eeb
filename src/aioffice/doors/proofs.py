"""Proofs and receipts as every door hands them out: what `aioffice ledger check-receipt` checks, with how to check it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aioffice.kernel.ledger import site
from aioffice.kernel.ledger.evidence import Evidence
from aioffice.kernel.ledger.holds import public_held_since
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.signing import INTERNAL, PUBLIC, verifier_key
from aioffice.kernel.ledger.statements import Statement, Subject
from aioffice.kernel.settings import settings
from aioffice.register import public_queries


class NotYet(Exception):
    """It was published or done a moment ago, and the sequencer has not come to it; or it cannot, since `held_since` the log is held."""

    def __init__(self, held_since: datetime | None = None) -> None:
        super().__init__("not in the log yet")
        self.held_since = held_since


def log_url() -> str:
    """The address below which the public log lies."""
    return f"{settings().base_url}/ledger"


def subject_of(number: str, version: int | None) -> Subject:
    """How the log names an entry of the register as it stands, or one of its versions."""
    return {"entry": number} if version is None else {"entry": number, "version": version}


def proof_data(number: str, version: int | None = None) -> dict[str, Any] | None:
    """The proof that the public log states an entry, or one of its versions, as it is shown; None for what the public is not shown.

    Read over the connection of the public site. NotYet.
    """
    known = public_queries.entry(number=number) if version is None else public_queries.version(number=number, n=version)
    if known is None:
        return None
    proof, key = site.proof_of(subject_of(number, version)), site.log_key()
    if proof is None or key is None:
        raise NotYet(public_held_since())
    return receipt_data(Evidence(proof.document, proof.salts, proof.receipt, {}), key, site.rotations(PUBLIC))


def step_receipt(evidence: Evidence, erased: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The receipt of a step, signed with the key of the log of all steps, as the public log names it.

    `erased` says what of the step was erased, by JSON pointer, with the day.
    """
    note = parse_note(evidence.receipt.checkpoint)
    known = [one.key for one in site.log_keys(INTERNAL)]
    signer = next((key for key in known if any(line.is_by(key) for line in note.signatures)), None)
    receipt = receipt_data(evidence, signer or verifier_key(INTERNAL), site.rotations(INTERNAL))
    return {**receipt, "erased": dict(erased or {})}


def receipt_data(evidence: Evidence, key: VerifierKey, rotations: Sequence[Statement] = ()) -> dict[str, Any]:
    """A receipt or a proof that is signed with `key`.

    With `rotations`, whoever knows an earlier key only is led from there to this one, offline.
    """
    entry = json.loads(evidence.receipt.entry)
    return {
        "subject": entry["subject"],
        "recorded_at": entry["recorded_at"],
        **evidence.data(),
        "key": str(key),
        "rotations": [one.encode().decode() for one in rotations],
        "how_to_check": how_to_check(key),
    }


def how_to_check(key: VerifierKey) -> list[str]:
    """In words, for whoever finds the file and knows nothing of us."""
    return [
        (
            f"Save this answer as receipt.json, fetch {log_url()}/verifier.py (for Python 3.11 with `pip install cryptography`) and run, "
            f"offline: python verifier.py receipt.json --key '{key}'. Whoever has the software of the Office runs: "
            f"aioffice ledger check-receipt receipt.json --key '{key}'. Or check it by hand:"
        ),
        (
            "The last three lines of `checkpoint` before the empty line are the log's name, its size and its root; below stands the "
            "Ed25519 signature of `key` (C2SP signed-note, tlog-checkpoint)."
        ),
        (
            "SHA-256 over a zero byte and the bytes of `entry`, hashed with those of `proof` as RFC 6962 lays down for entry `index`, "
            "gives that root."
        ),
        (
            "For every value of `document`: SHA-256 over its salt (16 bytes), its JSON pointer, a zero byte and its canonical JSON "
            "(RFC 8785) is the digest that `entry` lists for the pointer. A value without salt is not shown."
        ),
    ]
