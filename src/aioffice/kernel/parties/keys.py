"""Audience keys: whole numbers that say who may see a row, so that a policy is one comparison of two arrays.

A key is the first 63 bits of the SHA-256 of a name. Names in use:
`org:<uuid>` (one organisation), `ai_office` (staff of the Office), `<capacity>:<Member State>` (every organisation that holds the
capacity there), `secure:<Member State>` (Article 74(8) authorities of that State with the separate access grant),
`secure:commission` (named, cleared Commission staff), `secure:edps`, `service:<name>`, `auditors:<uuid>` (auditors of one organisation),
`oversight` (auditors of the Office and of the European Data Protection Supervisor).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

AI_OFFICE = "ai_office"
SECURE_COMMISSION = "secure:commission"
SECURE_EDPS = "secure:edps"
OVERSIGHT = "oversight"


@lru_cache(maxsize=65_536)
def audience_key(name: str) -> int:
    """Return the key of an audience name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


def audience_keys(names: Iterable[str]) -> list[int]:
    """Return the sorted, distinct keys of several names."""
    return sorted({audience_key(name) for name in names})


def auditors_of(organisation: str) -> str:
    """The name of the audience of an organisation's auditors, by its id as text."""
    return f"auditors:{organisation}"
