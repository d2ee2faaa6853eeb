"""Keys that sign notes: how they are written, and how they sign and verify (C2SP signed-note, tlog-cosignature; Ed25519, RFC 8032)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from aioffice.kernel.ledger.errors import MalformedNote

NOTE, COSIGNATURE = 1, 4
"""Signature types of C2SP signed-note: plain Ed25519, and a witness's cosignature with the time at which it was made."""
_KINDS = (NOTE, COSIGNATURE)
_SECRET = "PRIVATE+KEY+"  # noqa: S105 - how a secret key begins, not a secret


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name. Written `name+id+base64(type, key)`: the verifier key string (vkey) one hands to others."""

    name: str
    public: bytes
    kind: int = NOTE

    def __post_init__(self) -> None:
        """Refuse a name that could not stand in a signature line, and a key that is none: MalformedNote."""
        check_name(self.name)
        if self.kind not in _KINDS:
            raise MalformedNote(
                f"the key of {self.name} is of type {self.kind}; only {NOTE} and {COSIGNATURE} are known here"
            )
        if len(self.public) != 32:
            raise MalformedNote(f"the key of {self.name} is {len(self.public)} bytes long; Ed25519 keys have 32")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart (signed-note, Signatures)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """The verifier key string."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a verifier key string; MalformedNote says what is wrong with it."""
        parts = text.split("+", 2)
        if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
            raise MalformedNote(f"a verifier key is written name+8 hexadecimal digits+base64, not {text!r}")
        data = unbase64(parts[2], f"the key of {parts[0]}")
        key = cls(parts[0], data[1:], data[0] if data else 0)
        if key.key_id.hex() != parts[1]:
            raise MalformedNote(f"the key of {key.name} has the id {key.key_id.hex()}, but is called {parts[1]}")
        return key

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the 64 bytes are this key's signature over the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret key under a name. Never shown by `repr`; `secret` writes it for keeping."""

    name: str
    private: Ed25519PrivateKey
    kind: int = NOTE

    def __repr__(self) -> str:
        """Name and id only."""
        return f"<SigningKey {self.name} {self.verifier.key_id.hex()}>"

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw(), self.kind)

    @property
    def secret(self) -> str:
        """The key as text: `PRIVATE+KEY+name+id+base64(type, seed)`, as Go's sumdb/note writes it. Keep it where secrets are kept."""
        seed = self.private.private_bytes_raw()
        return f"{_SECRET}{self.name}+{self.verifier.key_id.hex()}+{_base64(bytes([self.kind]) + seed)}"

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 signature."""
        return self.private.sign(message)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Read what `secret` wrote. MalformedNote, which never repeats the text."""
        parts = text.removeprefix(_SECRET).split("+", 2)
        if not text.startswith(_SECRET) or len(parts) != 3:
            raise MalformedNote(f"a secret key is written {_SECRET}name+id+base64")
        data = unbase64(parts[2], f"the secret key of {parts[0]}")
        if len(data) != 33 or data[0] not in _KINDS:
            raise MalformedNote(f"the secret key of {parts[0]} is not a type byte and 32 bytes of seed")
        key = cls(parts[0], Ed25519PrivateKey.from_private_bytes(data[1:]), data[0])
        if key.verifier.key_id.hex() != parts[1]:
            raise MalformedNote(f"the secret key of {parts[0]} has another id than the one it is called by")
        return key


def generate_key(name: str, kind: int = NOTE) -> SigningKey:
    """Make a new key. `name` is best the log's origin or the witness's address without scheme; MalformedNote if it cannot be a name."""
    check_name(name)
    return SigningKey(name, Ed25519PrivateKey.generate(), kind)


def check_name(name: str) -> None:
    """MalformedNote if this cannot be a key name: empty, or with a space, a plus or a control character (signed-note, Format)."""
    if not name or "+" in name or any(char.isspace() or ord(char) < 0x20 for char in name):
        raise MalformedNote(f"a key name is not empty and holds no space and no plus; {name!r} cannot be one")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unbase64(text: str, what: str) -> bytes:
    """Standard Base 64 with padding and no stray bits (RFC 4648, 4); `what` names it in the error: MalformedNote."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedNote(f"{what} is not Base 64: {error}") from None
    if _base64(data) != text:
        raise MalformedNote(f"{what} is not written as Base 64 writes it")
    return data
