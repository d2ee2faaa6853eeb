"""The Office checks itself with the very verifier that it gives to others, and hands out receipts that can be checked alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aioffice.kernel.canonical import canonical
from aioffice.kernel.ledger import standalone
from aioffice.kernel.ledger.checkpoints import Checkpoint, open_checkpoint
from aioffice.kernel.ledger.errors import LedgerError, MalformedStatement
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.merkle import leaf_hash, verify_inclusion
from aioffice.kernel.ledger.reading import Fetch
from aioffice.kernel.ledger.statements import Statement, Subject, parse_statement

Report = standalone.Report


class Fetched:
    """A source of the stand-alone verifier over functions."""

    def __init__(self, fetch: Fetch, lines: Callable[[], Iterable[bytes]]) -> None:
        self._fetch, self._lines = fetch, lines

    def get(self, path: str) -> bytes | None:
        """The bytes at a path; None if nothing is there."""
        return self._fetch(path)

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of the export, whatever the path: there is one file of lines."""
        return iter(self._lines())


def verify_log(
    fetch: Fetch,
    publications: Callable[[], Iterable[bytes]],
    keys: Sequence[VerifierKey],
    *,
    since: bytes | None = None,
    witnesses: Sequence[VerifierKey] = (),
) -> Report:
    """Check a whole log, wherever it lies: all that `standalone.verify` checks. `findings` of the report is empty if all fits.

    `fetch` answers for "checkpoint" and for the paths of tlog-tiles, `publications` yields the lines of the export.
    """
    return standalone.verify(
        Fetched(fetch, publications),
        [standalone.Key.parse(str(key)) for key in keys],
        since=since,
        witnesses=[standalone.Key.parse(str(key)) for key in witnesses],
    )


def publication_line(subject: Subject, index: int, document: Any, salts: Mapping[str, str]) -> bytes:
    """One line of the export `publications`: the document as it is public, with what is needed to hold it against entry `index`."""
    return canonical({"subject": dict(subject), "index": index, "document": document, "salts": dict(salts)}) + b"\n"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What shows, without the Office and without its log, that an entry stands in the log which the Office signed."""

    entry: bytes
    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """The receipt as canonical JSON. MalformedStatement if the entry is none of ours."""
        parse_statement(self.entry)
        return canonical(
            {
                "entry": self.entry.decode(),
                "index": self.index,
                "proof": [one.hex() for one in self.proof],
                "checkpoint": self.checkpoint.decode(),
            }
        )

    def verify(self, keys: Iterable[VerifierKey]) -> tuple[Statement, Checkpoint]:
        """What was recorded, and the signed state of the log that holds it. NotSigned, ProofFailed, Malformed..."""
        checkpoint = open_checkpoint(self.checkpoint, keys)
        verify_inclusion(leaf_hash(self.entry), self.index, checkpoint.size, self.proof, checkpoint.root)
        return parse_statement(self.entry), checkpoint


def parse_receipt(data: bytes) -> Receipt:
    """Read a receipt; MalformedStatement if it is none. What it says holds only after `verify`."""
    try:
        found = json.loads(data)
        receipt = Receipt(
            found["entry"].encode(),
            found["index"],
            tuple(bytes.fromhex(one) for one in found["proof"]),
            found["checkpoint"].encode(),
        )
        again = receipt.encode()
    except LedgerError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise MalformedStatement(f"this is not a receipt of the ledger: {error!r}") from None
    if again != data.strip() or type(receipt.index) is not int:
        raise MalformedStatement("the receipt is not in its canonical form")
    return receipt
