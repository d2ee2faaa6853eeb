"""How long one receipt takes as PDF: `python bench/receipt.py`. The aim is less than 100 ms."""

from __future__ import annotations

import os
import statistics
import time
from datetime import UTC, datetime

import django

TIMES = 20
AIM_MS = 100


def main() -> None:
    """Print the same receipt some times, after one that reads the fonts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.doors.settings")
    django.setup()
    from aioffice.doors.proofs import receipt_data
    from aioffice.doors.receipt_pdf import receipt_pdf
    from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint
    from aioffice.kernel.ledger.evidence import Evidence
    from aioffice.kernel.ledger.growing import Edge
    from aioffice.kernel.ledger.keys import generate_key
    from aioffice.kernel.ledger.merkle import leaf_hash
    from aioffice.kernel.ledger.statements import step
    from aioffice.kernel.ledger.verifying import Receipt

    at, key = datetime(2026, 11, 23, 10, tzinfo=UTC), generate_key("office.example/ledger/internal")
    entry = step({"case": "1", "step": "mandate.confirm", "sequence": 1}, at, {}).encode()
    note = bytes(sign_checkpoint(Checkpoint(key.name, 1, Edge().grow([leaf_hash(entry)]).edge.root()), key))
    receipt = receipt_data(Evidence({}, {}, Receipt(entry, 0, (), note), {}), key.verifier)
    took = []
    for _ in range(TIMES + 1):
        begin = time.perf_counter()
        receipt_pdf(receipt, [("Step", "Confirm")], url="https://office.example/", at=at)
        took.append(1000 * (time.perf_counter() - begin))
    print(f"one receipt as PDF: median {statistics.median(took[1:]):.0f} ms, first {took[0]:.0f} ms (aim: {AIM_MS} ms)")


if __name__ == "__main__":
    main()
