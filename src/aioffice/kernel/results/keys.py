"""Keys that sign results: Ed25519, written as JSON Web Keys (RFC 7517, RFC 8037), named by their thumbprint (RFC 7638)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ALGORITHM = "EdDSA"
_PEM = "-----BEGIN "
LARGEST_SET = 1_000_000
"""Bytes of a set of keys that is read; one key has about a hundred."""


class KeyMisread(ValueError):
    """A text that holds no such key. The message never repeats the text."""


@dataclass(frozen=True, slots=True)
class CheckingKey:
    """The public half of a key."""

    public: bytes

    @property
    def id(self) -> str:
        """The thumbprint, 43 signs: what a signature calls its key."""
        members = {"crv": "Ed25519", "kty": "OKP", "x": _unpadded(self.public)}
        return _unpadded(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())

    @property
    def jwk(self) -> dict[str, str]:
        """The key as a JSON Web Key that everyone may have."""
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": _unpadded(self.public),
            "kid": self.id,
            "use": "sig",
            "alg": ALGORITHM,
        }

    @property
    def raw(self) -> Ed25519PublicKey:
        """The key as the signing library takes it."""
        return Ed25519PublicKey.from_public_bytes(self.public)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret key. Never shown by `repr`; `secret` writes it for keeping."""

    private: Ed25519PrivateKey

    def __repr__(self) -> str:
        """The name of its public half only."""
        return f"<SigningKey {self.checking.id}>"

    @property
    def checking(self) -> CheckingKey:
        """The public half."""
        return CheckingKey(self.private.public_key().public_bytes_raw())

    @property
    def secret(self) -> str:
        """The key as text, one line of JSON. Keep it where secrets are kept."""
        return json.dumps(self.checking.jwk | {"d": _unpadded(self.private.private_bytes_raw())})

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Read what `secret` wrote, or a PEM file as `openssl genpkey -algorithm ed25519` writes it. Raises KeyMisread."""
        if text.lstrip().startswith(_PEM):
            return cls(_from_pem(text))
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise KeyMisread("A key is one JSON Web Key or a PEM file of a private Ed25519 key.") from None
        if not isinstance(found, dict) or "d" not in found:
            raise KeyMisread("This key has no secret half (`d`): it can check signatures, not make them.")
        key = cls(Ed25519PrivateKey.from_private_bytes(_member(found, "d")))
        if key.checking != checking_key(found):
            raise KeyMisread("The two halves of this key do not belong together.")
        return key


def make() -> SigningKey:
    """A new key."""
    return SigningKey(Ed25519PrivateKey.generate())


def checking_key(jwk: Mapping[str, Any]) -> CheckingKey:
    """The public half that a JSON Web Key says. Raises KeyMisread."""
    return CheckingKey(_member(jwk, "x"))


def key_set(keys: Iterable[CheckingKey]) -> dict[str, list[dict[str, str]]]:
    """Keys as a JSON Web Key Set (RFC 7517, 5), each once."""
    return {"keys": [key.jwk for key in dict.fromkeys(keys)]}


def parse_set(text: str | bytes) -> list[CheckingKey]:
    """The Ed25519 keys of a JSON Web Key Set, or of a single key, those of other kinds left out. Raises KeyMisread if none is there."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise KeyMisread("This is no JSON Web Key Set: it is no JSON.") from None
    listed = found.get("keys", [found]) if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise KeyMisread('This is no JSON Web Key Set: {"keys": [...]} is expected.')
    keys = [checking_key(one) for one in listed if isinstance(one, dict) and one.get("crv") == "Ed25519"]
    if not keys:
        raise KeyMisread("There is no Ed25519 key in it.")
    return keys


def _member(jwk: Mapping[str, Any], name: str) -> bytes:
    value = jwk.get(name)
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(value, str):
        raise KeyMisread("The key is of another kind: Ed25519 is expected (kty OKP, crv Ed25519).")
    try:
        data = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != 32 or _unpadded(data) != value:
        raise KeyMisread(f"The member {name} of the key is not 32 bytes in Base 64 for addresses.")
    return data


def _from_pem(text: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except TypeError:
        raise KeyMisread("The key is sealed with a password: take a copy without one, or make a key.") from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyMisread("The PEM file holds no private key that can be read.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMisread("The key is of another kind: Ed25519 is expected.")
    return key


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
