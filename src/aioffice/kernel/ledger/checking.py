"""Holding a document against the statement that the log has of it, value by value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aioffice.kernel.canonical import SALT_BYTES, leaves, salted_digest
from aioffice.kernel.ledger.statements import Statement

_SALT = re.compile(f"[0-9a-f]{{{2 * SALT_BYTES}}}")


class Wrong(StrEnum):
    """What can be wrong with one value."""

    DIFFERS = "differs from what the log says of it"
    MISSING = "is missing, and no redaction says so"
    NOT_STATED = "is nothing that the log speaks of"
    NO_SALT = "has no salt of 16 bytes, so that it cannot be checked"
    STILL_SERVED = "was redacted, and is served nevertheless"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value, by its JSON pointer, and what is wrong with it."""

    pointer: str
    wrong: Wrong

    def __str__(self) -> str:
        """As one says it."""
        return f"{self.pointer or 'the whole document'} {self.wrong}"


def covered(pointer: str, redacted: Iterable[str]) -> bool:
    """Whether a redaction of these pointers covers this one: it is named, or lies in what is named."""
    return any(pointer == one or pointer.startswith(f"{one}/") for one in redacted)


def check_document(
    document: Any, salts: Mapping[str, str], statement: Statement, redacted: Collection[str] = ()
) -> list[Difference]:
    """Every value that is not as the statement says, in the order of the pointers; an empty list if all is well.

    `redacted` are the pointers that later redactions of the subject name. A redacted value is null or absent, and so is its salt.
    """
    values = dict(leaves(document))
    differences = []
    for pointer in sorted(statement.digests.keys() | values.keys() | salts.keys()):
        wrong = _wrong(pointer, values, salts, statement, redacted)
        if wrong is not None:
            differences.append(Difference(pointer, wrong))
    return differences


def _wrong(
    pointer: str, values: Mapping[str, Any], salts: Mapping[str, str], statement: Statement, redacted: Collection[str]
) -> Wrong | None:
    if pointer not in statement.digests:
        return Wrong.NOT_STATED
    gone = values.get(pointer) is None and pointer not in salts
    if covered(pointer, redacted):
        return None if gone else Wrong.STILL_SERVED
    if pointer not in values:
        return Wrong.MISSING
    if pointer not in salts:
        return Wrong.MISSING if values[pointer] is None else Wrong.NO_SALT
    salt: Any = salts[pointer]
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        return Wrong.NO_SALT
    return (
        None
        if salted_digest(bytes.fromhex(salt), pointer, values[pointer]) == statement.digests[pointer]
        else Wrong.DIFFERS
    )


def redact(document: Any, salts: Mapping[str, str], pointers: Collection[str]) -> tuple[Any, dict[str, str]]:
    """The document and salts as they may be served after a redaction: null in place of each value covered, and no salt for it.

    The shape stays, so that the pointers of what is left still point to it.
    """
    return _without(document, "", pointers), {one: salt for one, salt in salts.items() if not covered(one, pointers)}


def _without(value: Any, pointer: str, pointers: Collection[str]) -> Any:
    if isinstance(value, dict) and value:
        return {
            key: _without(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", pointers)
            for key, item in value.items()
        }
    if isinstance(value, list) and value:
        return [_without(item, f"{pointer}/{index}", pointers) for index, item in enumerate(value)]
    return None if covered(pointer, pointers) else value
