"""A result as a JSON Web Signature in its compact form: one line of text that says who signed it, when, and with which key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from aioffice.kernel.canonical import canonical
from aioffice.kernel.results.keys import ALGORITHM, CheckingKey, SigningKey

TYPE = "vnd.aioffice.classification+jose"
"""What the header says it is (`typ`), so that nothing else signed with a key is ever taken for a result."""
MEDIA_TYPE = "application/jose"
LARGEST = 8_000_000
"""Characters of a signed result that is read; the largest that is made here has about a tenth."""


class NotSigned(ValueError):
    """A text that is no signed result, or whose signature does not hold."""


class KeyNotKnown(NotSigned):
    """The signature was made with a key that is not among those it is checked with."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signed result says: the result, by whom and when it says it was signed, and the name of its key."""

    content: Any
    issuer: str
    at: datetime | None
    key_id: str


def sign(content: Mapping[str, Any], key: SigningKey, *, issuer: str = "", at: datetime) -> str:
    """Sign a result. `issuer` says who does: the address of the office, or the name of an organisation."""
    header = {"typ": TYPE, "kid": key.checking.id, "iat": int(at.timestamp())} | ({"iss": issuer} if issuer else {})
    return jwt.PyJWS().encode(canonical(dict(content)), key.private, algorithm=ALGORITHM, headers=header)


def is_signed(text: str) -> bool:
    """Whether a text looks like a signed result and not like JSON."""
    return text.count(".") == 2 and not text.lstrip().startswith("{")


def unchecked(text: str) -> Signed:
    """What a signed result says, without a look at its signature. Raises NotSigned."""
    return _opened(text, None)


def verify(text: str, keys: Iterable[CheckingKey]) -> Signed:
    """What a signed result says, its signature checked. Raises NotSigned, and KeyNotKnown where another key made it."""
    said = unchecked(text)
    key = next((one for one in keys if one.id == said.key_id), None)
    if key is None:
        raise KeyNotKnown(f"It is signed with the key {said.key_id}, which is not among those it is checked with.")
    return _opened(text, key)


def _opened(text: str, key: CheckingKey | None) -> Signed:
    text = text.strip()
    if len(text) > LARGEST:
        raise NotSigned(f"This is no signed result of ours: it has more than {LARGEST:,} characters.")
    try:
        found = jwt.PyJWS().decode_complete(
            text,
            key.raw if key is not None else "",
            algorithms=[ALGORITHM],
            options=None if key is not None else {"verify_signature": False},
        )
    except jwt.InvalidSignatureError:
        raise NotSigned("The signature does not hold: what was signed was changed afterwards.") from None
    except (PyJWTError, ValueError, TypeError, RecursionError):
        raise NotSigned("This is no signed result: a JSON Web Signature in its compact form is expected.") from None
    header = found["header"]
    if header.get("typ") != TYPE or header.get("alg") != ALGORITHM or not isinstance(header.get("kid"), str):
        raise NotSigned(f"This is signed, and is no result of a classification: its header should say typ {TYPE}.")
    try:
        content = json.loads(found["payload"])
    except (ValueError, RecursionError):
        raise NotSigned("What is signed is no JSON.") from None
    issuer = header.get("iss")
    return Signed(content, issuer if isinstance(issuer, str) else "", _moment(header.get("iat")), header["kid"])


def _moment(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
