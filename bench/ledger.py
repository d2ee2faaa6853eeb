"""How fast the ledger grows and proves: `python bench/ledger.py`. Takes some seconds and little memory."""

from __future__ import annotations

import hashlib
import statistics
import time

from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.merkle import leaf_hash, perfect_root, verify_consistency, verify_inclusion
from aioffice.kernel.ledger.proving import prove_consistency, prove_inclusion, root
from aioffice.kernel.ledger.reading import TileReader
from aioffice.kernel.ledger.tiles import parse_path

SIZE = 10_000_000
MANY, BATCH, ENTRY_BYTES = 200_000, 1_000, 1_500


class RepeatingLog:
    """A log of ten million entries whose tiles are all alike, so that it need not be stored: entry i says i modulo 256.

    Its proofs cost what those of any log of its size cost: the same tiles are read and hashed.
    """

    def __init__(self, levels: int = 3) -> None:
        row = b"".join(leaf_hash(str(number).encode()) for number in range(256))
        self.rows = [row]
        for _ in range(levels):
            row = perfect_root(row) * 256
            self.rows.append(row)

    def fetch(self, path: str) -> bytes | None:
        """The tile at a path."""
        level, _, width = parse_path(path)
        return None if level is None else self.rows[level][: width * 32]

    def reader(self, size: int = SIZE) -> TileReader:
        """A reader that has read nothing yet."""
        return TileReader(self.fetch, size)


def appending() -> float:
    """Leaves a second, hashed from entries of 1,500 bytes and appended in batches of 1,000, with the root after each batch."""
    entries = [bytes([number % 256]) * ENTRY_BYTES for number in range(BATCH)]
    edge, begun = Edge(), time.perf_counter()
    for _ in range(MANY // BATCH):
        edge = edge.grow(map(leaf_hash, entries)).edge
        edge.root()
    return MANY / (time.perf_counter() - begun)


def proving(count: int = 200) -> tuple[list[float], list[float]]:
    """Milliseconds of each proof of inclusion and of consistency in the log of ten million, every tile read anew."""
    log = RepeatingLog()
    top = root(SIZE, log.reader().hashes)
    inclusion, consistency = [], []
    for number in range(count):
        place = int.from_bytes(hashlib.sha256(str(number).encode()).digest()[:8], "big") % (SIZE - 1)
        begun = time.perf_counter()
        proof = prove_inclusion(place, SIZE, log.reader().hashes)
        inclusion.append((time.perf_counter() - begun) * 1000)
        verify_inclusion(leaf_hash(str(place % 256).encode()), place, SIZE, proof, top)
        begun = time.perf_counter()
        proof = prove_consistency(place + 1, SIZE, log.reader().hashes)
        consistency.append((time.perf_counter() - begun) * 1000)
        verify_consistency(place + 1, SIZE, proof, root(place + 1, log.reader(place + 1).hashes), top)
    return inclusion, consistency


def main() -> None:
    """Print the figures, with what they should be."""
    print(f"append: {appending():,.0f} leaves a second in batches of {BATCH:,} (at least 20,000)")
    for what, times in zip(("inclusion", "consistency"), proving(), strict=True):
        print(
            f"{what} proof among {SIZE:,}: {statistics.median(times):.2f} ms in the middle, {statistics.quantiles(times, n=20)[-1]:.2f} ms "
            f"for 19 in 20 (below 5 ms), {max(times):.2f} ms at most"
        )


if __name__ == "__main__":
    main()
