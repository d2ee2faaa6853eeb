"""A small log in a folder, as the Office would serve it, and ways of making it lie."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aioffice.kernel.canonical import salted_digests
from aioffice.kernel.ledger import standalone, statements
from aioffice.kernel.ledger.checking import redact
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint
from aioffice.kernel.ledger.growing import Edge, Tile
from aioffice.kernel.ledger.keys import SigningKey, generate_key
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.reading import TileReader
from aioffice.kernel.ledger.statements import Statement, Subject
from aioffice.kernel.ledger.tiles import changed_bundles, entries_path, pack_entries, tile_path
from aioffice.kernel.ledger.verifying import publication_line

ORIGIN = "office.example/ledger"
T0 = datetime(2027, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
DOCUMENT = {
    "name": "Sorting letters",
    "provider": {"name": "Exempla AG", "seat": "AT", "e-mail": "post@exempla.example"},
    "states": ["AT", "DE"],
    "points": [4, 5],
    "withdrawn": False,
    "end": None,
    "notes": [],
}


def written(tile: Tile) -> str:
    return tile_path(tile.level, tile.index, tile.width)


class Log:
    """A log that grows in a folder: tiles, bundles, checkpoint and publications."""

    def __init__(self, folder: Path, key: SigningKey | None = None) -> None:
        self.folder, self.key = folder, key or generate_key(ORIGIN)
        self.edge = Edge()
        self.entries: list[bytes] = []
        self.published: dict[str, dict[str, Any]] = {}

    @property
    def vkey(self) -> str:
        return str(self.key.verifier)

    def write(self, path: str, data: bytes) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data)

    def fetch(self, path: str) -> bytes | None:
        return (self.folder / path).read_bytes() if (self.folder / path).is_file() else None

    def reader(self, size: int | None = None) -> TileReader:
        return TileReader(self.fetch, self.edge.size if size is None else size)

    def append(self, *said: Statement) -> None:
        self.append_entries(*(one.encode() for one in said))

    def append_entries(self, *entries: bytes) -> None:
        old = self.edge.size
        grown = self.edge.grow(map(leaf_hash, entries))
        self.entries += entries
        self.edge = grown.edge
        for tile in grown.tiles:
            self.write(written(tile), tile.hashes)
        for index, width in changed_bundles(old, self.edge.size):
            self.write(entries_path(index, width), pack_entries(self.entries[index * 256 : index * 256 + width]))

    def publish(self, subject: Subject, document: Any) -> None:
        digests, salts = salted_digests(document)
        self.published[json.dumps(subject)] = {
            "subject": subject,
            "index": self.edge.size,
            "document": document,
            "salts": salts,
        }
        self.append(statements.publication(subject, T0 + timedelta(seconds=self.edge.size), digests))

    def redact(self, subject: Subject, *pointers: str) -> None:
        self.append(statements.redaction(subject, T0, pointers, "GDPR, Article 17"))
        line = self.published[json.dumps(subject)]
        line["document"], line["salts"] = redact(line["document"], line["salts"], pointers)

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(ORIGIN, self.edge.size, self.edge.root())

    def seal(self) -> None:
        """Sign, and write the export."""
        self.write("checkpoint", bytes(sign_checkpoint(self.checkpoint, self.key)))
        self.write("publications", b"".join(publication_line(**line) for line in self.published.values()))

    def findings(self, **given: Any) -> list[str]:
        return standalone.verify(standalone.Directory(self.folder), [standalone.Key.parse(self.vkey)], **given).findings


def subject(number: int, version: int = 1) -> dict[str, str | int]:
    return {"entry": f"EU-2027-{number:06}", "version": version}


def example_log(folder: Path, count: int = 3) -> Log:
    """A log with some publications, one of them in two versions, one with a redaction, one step, one anchor."""
    log = Log(folder)
    for number in range(1, count + 1):
        log.publish(subject(number), DOCUMENT | {"name": f"System {number}"})
    log.append(statements.step({"case": "C-1", "step": "register.file"}, T0, salted_digests({"a": 1})[0]))
    log.publish(subject(1, 2), DOCUMENT | {"name": "System 1, better"})
    log.redact(subject(2), "/provider")
    log.append(statements.anchor("office.example/internal", bytes(32), T0))
    log.seal()
    return log
