"""A receipt together with what it is of: the document and the salts of its values. Checked by anyone, without the Office and offline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from aioffice.kernel.canonical import SALT_BYTES, canonical, digest, leaves, salted_digest
from aioffice.kernel.ledger.checking import Difference, check_document
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.errors import MalformedStatement
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.statements import Statement
from aioffice.kernel.ledger.verifying import Receipt, parse_receipt

_SALT = re.compile(f"[0-9a-f]{{{2 * SALT_BYTES}}}")
_RECEIPT = ("entry", "index", "proof", "checkpoint")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: the statement, the state of the log that holds it, what does not fit, and what is not shown."""

    statement: Statement
    checkpoint: Checkpoint
    differences: list[Difference]
    not_shown: list[str]
    """Pointers of values that the entry states and the file holds back: erased, or withheld."""

    @property
    def fitting(self) -> int:
        """How many values stand in the file as the entry states them."""
        return max(0, len(self.statement.digests) - len(self.not_shown) - len(self.differences))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document, the salts of its values, and the receipt of the entry that states them.

    `digests` is empty but where the entry had no room for one digest per value and states the digest of all digests instead.
    """

    document: Any
    salts: Mapping[str, str]
    receipt: Receipt
    digests: Mapping[str, str]

    def data(self) -> dict[str, Any]:
        """As JSON holds it."""
        receipt = json.loads(self.receipt.encode())
        more = {"digests": dict(self.digests)} if self.digests else {}
        return {"document": self.document, "salts": dict(self.salts), **receipt, **more}

    def check(self, keys: Iterable[VerifierKey]) -> Checked:
        """Check signature, inclusion and every value. NotSigned, ProofFailed, Malformed... if the receipt itself does not hold."""
        statement, checkpoint = self.receipt.verify(keys)
        if self.digests:
            if statement.digests != {"": digest(dict(self.digests))}:
                raise MalformedStatement("the digests given are not those whose digest the entry states")
            statement = Statement(
                statement.kind, statement.subject, statement.recorded_at, self.digests, says=statement.says
            )
        values = dict(leaves(self.document))
        not_shown = [one for one in statement.digests if one not in self.salts and values.get(one) is None]
        differences = check_document(self.document, self.salts, statement, not_shown)
        if self._sent_nothing(statement):
            differences = [one for one in differences if one.pointer]
        return Checked(statement, checkpoint, differences, not_shown)

    def _sent_nothing(self, statement: Statement) -> bool:
        """Whether a step was taken with an empty form, as its digest says: in the document no value stands for that."""
        salt = self.salts.get("", "")
        return (
            isinstance(self.document, dict)
            and self.document.keys() == {"@record"}
            and _SALT.fullmatch(salt) is not None
            and statement.digests.get("") == salted_digest(bytes.fromhex(salt), "", {})
        )


def parse_evidence(data: bytes) -> Evidence:
    """Read what `data` wrote, with or without further members; MalformedStatement says what is missing. It holds only after `check`."""
    try:
        found = json.loads(data)
        receipt = parse_receipt(canonical({name: found[name] for name in _RECEIPT}))
        document, salts, digests = found["document"], found["salts"], found.get("digests", {})
        canonical(document)
    except KeyError as error:
        raise MalformedStatement(f"the file has no {error.args[0]!r}: it is not a receipt of the ledger") from None
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedStatement(f"the file is not a receipt of the ledger: {error}") from None
    if not all(
        isinstance(one, dict) and all(isinstance(text, str) for text in one.values()) for one in (salts, digests)
    ):
        raise MalformedStatement("salts and digests in a receipt are objects, by JSON pointer")
    return Evidence(document, salts, receipt, digests)
