"""Canonical JSON and salted digests: what a step record keeps of a payload for ever.

The canonical form follows RFC 8785 (JCS) for the values forms produce: strings, whole numbers, booleans, null, lists and objects with
keys in UTF-16 order. Fractions are refused; forms carry them as strings.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from typing import Any


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


def salted_digests(data: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Return (digests, salts) per JSON pointer: SHA-256 over salt, pointer and canonical value; 16 random bytes of salt each."""
    digests: dict[str, str] = {}
    salts: dict[str, str] = {}
    for pointer, value in leaves(data):
        salts[pointer] = fresh_salt()
        digests[pointer] = hashlib.sha256(
            bytes.fromhex(salts[pointer]) + pointer.encode() + canonical(value)
        ).hexdigest()
    return digests, salts


def fresh_salt() -> str:
    """16 random bytes, as hexadecimal text."""
    return os.urandom(16).hex()


def differing_pointers(one: Any, other: Any) -> list[str]:
    """Return the JSON pointers at which two JSON values differ."""
    left, right = dict(leaves(one)), dict(leaves(other))
    return sorted(p for p in left.keys() | right.keys() if left.get(p, _ABSENT) != right.get(p, _ABSENT))


_ABSENT = object()
