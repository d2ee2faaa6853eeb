"""The shapes of proofs and receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from aioffice.doors.api.schemas import Shape

_EXAMPLE: dict[str, Any] = {
    "subject": {"entry": "EU-B-2026-000001", "version": 1},
    "recorded_at": "2026-11-23T10:00:00.000000Z",
    "document": {"number": "EU-B-2026-000001", "version": 1},
    "salts": {"/number": "00112233445566778899aabbccddeeff", "/version": "ffeeddccbbaa99887766554433221100"},
    "entry": '{"digests":[["/number","5e0c…"],["/version","91bd…"]],"kind":"publication","recorded_at":"…","says":{},"subject":{…}}',
    "index": 17,
    "proof": ["d7dc937f7a2f278e52ea4dd4ef11ed4e5567bc7cffec5283cba134e20eed1bf5"],
    "checkpoint": "office.example/ledger\n43\nXimAZQ+RyrxtB9RByAHhg/AdxLjyJ7AklocGSkFwz5Y=\n\n— office.example/ledger yekuFf…\n",
    "key": "office.example/ledger+c9e92e15+AZlf…",
    "rotations": [],
    "how_to_check": [
        "Save this answer as receipt.json and run, offline: aioffice ledger check-receipt receipt.json --key …"
    ],
}


class LedgerProof(Shape):
    """A document, and what shows that the log states it. `aioffice ledger check-receipt` checks it offline."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

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
    rotations: list[str] = Field(
        description="Entries of the log by which one key took the place of another, oldest first: whoever knows an earlier key only is led "
        "from there to this one. Each is signed by both."
    )
    how_to_check: list[str]


class StepReceipt(LedgerProof):
    """The receipt of a step: what was sent, and under `@record` what the Office recorded of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE,
                    "subject": {
                        "case": "0193a000-0000-7000-8000-000000000021",
                        "sequence": 1,
                        "step": "exempt-registration.file",
                    },
                    "digests": {},
                }
            ]
        }
    )

    erased: dict[str, str] = Field(
        default={},
        description="By JSON pointer, the day on which a value that was sent was erased; an empty pointer stands for everything.",
    )
    digests: dict[str, str] = Field(
        default={},
        description="The digest of every value, where the entry has no room for them and states the digest of them all; else empty.",
    )
