"""What is published a moment before its statement is sequenced is no finding: the verifier looks again before it says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from aioffice.kernel.canonical import salted_digests
from aioffice.kernel.ledger import standalone, statements
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.keys import generate_key
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.tiles import entries_path, pack_entries, tile_path
from aioffice.kernel.ledger.verifying import publication_line

KEY = generate_key("office.example/ledger")
KEYS = [standalone.Key.parse(str(KEY.verifier))]
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
SUBJECT = {"entry": "EU-B-2026-000001"}


class Moving:
    """A log that publishes a second text before its statement stands in it; the statement comes after so many looks."""

    def __init__(self, settles_after: int) -> None:
        self.left = settles_after
        self.entries: list[bytes] = []
        self.line = b""
        for name in ("One", "Two"):
            digests, self.salts = salted_digests({"name": name})
            self.entries.append(statements.publication(SUBJECT, AT, digests).encode())
            self.line = publication_line(SUBJECT, 1, {"name": name}, self.salts)

    def get(self, path: str) -> bytes | None:
        size = 1 if self.left > 0 else 2
        growth = Edge().grow(leaf_hash(entry) for entry in self.entries[:size])
        if path == "checkpoint":
            self.left -= 1
            return bytes(sign_checkpoint(Checkpoint(KEY.name, size, growth.edge.root()), KEY))
        files = {
            tile_path(0, 0, size): growth.tiles[0].hashes,
            entries_path(0, size): pack_entries(self.entries[:size]),
        }
        return files.get(path)

    def lines(self, path: str) -> Iterator[bytes]:
        yield self.line


def settled(source: Moving) -> list[str]:
    return standalone.verify_settled(source, KEYS, pause=0).findings


@pytest.mark.parametrize("looks", [0, 1, 2, 3])
def test_a_log_that_comes_after_fits(looks: int) -> None:
    assert settled(Moving(looks)) == []


def test_one_that_never_does_is_named_after_three_more_looks() -> None:
    findings = settled(Moving(100))
    assert [one for one in findings if "EU-B-2026-000001" in one]
