"""The shapes of proofs and receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from aioffice.doors.api.schemas import Shape


class LedgerProof(Shape):
    """A document, and what shows that the log states it. `aioffice ledger check-receipt` checks it offline."""

    subject: dict[str, str | int] = Field(description="What it is about, as the log names it.")
    recorded_at: datetime
    document: dict[str, Any] = Field(description="What the entry states, value by value.")
    salts: dict[str, str] = Field(
        description="By JSON pointer, the 16 bytes of salt of each value, as hexadecimal text. A value without salt is not shown."
    )
    entry: str = Field(description="The entry of the log: canonical JSON with the digest of every value.")
    index: int = Field(ge=0, description="Its place in the log, from 0.")
    proof: list[str] = Field(
        description="The hashes that lead from the entry to the root (RFC 6962), as hexadecimal text."
    )
    checkpoint: str = Field(description="The signed checkpoint: name of the log, number of entries, root.")
    key: str = Field(description="The verifier key with which the checkpoint is signed.")
    how_to_check: list[str]


class StepReceipt(LedgerProof):
    """The receipt of a step: what was sent, and under `@record` what the Office recorded of it."""

    digests: dict[str, str] = Field(
        default={},
        description="The digest of every value, where the entry has no room for them and states the digest of them all; else empty.",
    )
