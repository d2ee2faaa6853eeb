"""Codes in letters: sixty bits that follow from the code's id and the Office's secret key, so that none is ever stored.

The letter is written by a job of its own and may be written again after a crash; what is kept of the code is its SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.utils.crypto import salted_hmac

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs that nobody mistakes for one another on paper."""
LENGTH = 12
_PURPOSE = "aioffice.desks.admission.letter"


def code_of(code_id: UUID) -> str:
    """Return the code with that id, as it stands in the letter: `ABCD-EFGH-JKLM`."""
    number = int.from_bytes(salted_hmac(_PURPOSE, str(code_id), algorithm="sha256").digest(), "big")
    signs = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(LENGTH))
    return "-".join(signs[start : start + 4] for start in range(0, LENGTH, 4))


def digest_of(code_id: UUID, code: str) -> str:
    """Return what is kept of a code: SHA-256 over its id and its signs, as hexadecimal text."""
    return hashlib.sha256(f"{code_id}:{_signs(code)}".encode()).hexdigest()


def matches(code_id: UUID, digest: str, entered: str) -> bool:
    """Whether somebody entered the code; dashes, blanks and small letters do not matter."""
    return hmac.compare_digest(digest, digest_of(code_id, entered))


def _signs(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())
