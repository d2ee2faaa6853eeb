"""Canonical JSON and salted digests: what a step record keeps of a payload for ever, and what the ledger says of a document.

The canonical form follows RFC 8785 (JCS) for the values forms produce: strings, whole numbers, booleans, null, lists and objects with
keys in UTF-16 order. Fractions are refused; forms carry them as strings.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any

SALT_BYTES = 16


def canonical(value: Any) -> bytes:
    """Return the canonical JSON bytes of a value; raise TypeError for a fraction."""
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda k: k.encode("utf-16-be"))}
    if isinstance(value, list):
        return [_ordered(item) for item in value]
    if isinstance(value, float):
        raise TypeError("fractions have no canonical form here: send them as text")
    return value


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, as hexadecimal text."""
    return hashlib.sha256(canonical(value)).hexdigest()


def leaves(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (JSON pointer, value) of every scalar, and of every empty list or object, in a JSON value."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{index}")
    else:
        yield pointer, value


def salted_digest(salt: bytes, pointer: str, value: Any) -> str:
    """SHA-256 over salt, pointer, a zero byte and the canonical value, as hexadecimal text.

    The zero byte ends the pointer: without it 2 at "/a1" and 12 at "/a" would be one and the same. Canonical JSON holds no zero byte,
    so the last zero byte is always this one.
    """
    return hashlib.sha256(salt + pointer.encode() + b"\0" + canonical(value)).hexdigest()


def salted_digests(data: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return (digests, salts) per JSON pointer, as hexadecimal text; 16 random bytes of salt each."""
    values = dict(leaves(data))
    salts = {pointer: fresh_salt() for pointer in values}
    return {
        pointer: salted_digest(bytes.fromhex(salts[pointer]), pointer, values[pointer]) for pointer in values
    }, salts


def fresh_salt() -> str:
    """16 random bytes, as hexadecimal text."""
    return os.urandom(SALT_BYTES).hex()


def differing_pointers(one: Any, other: Any) -> list[str]:
    """Return the JSON pointers at which two JSON values differ."""
    left, right = dict(leaves(one)), dict(leaves(other))
    return sorted(p for p in left.keys() | right.keys() if left.get(p, _ABSENT) != right.get(p, _ABSENT))


_ABSENT = object()
