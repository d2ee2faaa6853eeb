"""Content sealed at rest: AES-256-GCM in chunks, so that a large file is written and read as a stream.

    "AIOSEAL1" | id of the office's key (8) | id of this copy (16) | nonce (12) | the file's key, wrapped by the office's (48) | chunks

Every file has a key of its own, wrapped together with the SHA-256 of its content: a sealed file put in the place of another does not
open. A chunk's nonce is its number and whether it is the last, so that none can be left out, moved or cut off.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
from collections.abc import Buffer, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"AIOSEAL1"
KEY_BYTES, ID_BYTES, COPY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 8, 16, 12, 16
CHUNK = 1 << 16
"""Bytes of content in every chunk but the last."""
HEADER = len(MAGIC) + ID_BYTES + COPY_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES
_SEALED_CHUNK = CHUNK + TAG_BYTES


class SealError(RuntimeError):
    """Sealed content does not open: no key, another key, or it was altered. The message says which."""


def make_key() -> str:
    """A new key as the text that is kept."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def parse_key(text: str) -> bytes:
    """Read what `make_key` made; ValueError."""
    try:
        key = base64.b64decode(text.strip(), altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(
            f"A key of documents is {KEY_BYTES} bytes in base64 (44 signs): make one with `openssl rand -base64 32`."
        )
    return key


def key_id(key: bytes) -> bytes:
    """What names a key in the files that it sealed, and tells nothing about it."""
    return hashlib.sha256(b"aioffice document key\0" + key).digest()[:ID_BYTES]


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of an office: the first one seals, all of them open."""

    keys: tuple[bytes, ...]

    def named(self, wanted: bytes) -> bytes:
        """The key of that id. SealError."""
        for key in self.keys:
            if key_id(key) == wanted:
                return key
        have = ", ".join(key_id(key).hex() for key in self.keys) or "none"
        raise SealError(
            f"The content was sealed with the key {wanted.hex()}; this office has {have}. Set AIOFFICE_DOCUMENT_KEY to the key that "
            f"sealed it, or bring back the secrets.json of that time."
        )


class Sealer:
    """Writes content sealed into a file, piece by piece; `finish` has to come last."""

    def __init__(self, file: BinaryIO, keyring: Keyring) -> None:
        self._file, self._office_key = file, keyring.keys[0]
        self._key = AESGCM.generate_key(KEY_BYTES * 8)
        self._gcm = AESGCM(self._key)
        self._rest, self._count = bytearray(), 0
        # What the header holds depends on the digest, which nobody knows before the end.
        self._start = file.tell()
        file.write(bytes(HEADER))

    def write(self, data: bytes) -> None:
        """Take some more of the content."""
        self._rest += data
        # The last chunk is marked as such, so one is written only when more comes after it.
        while len(self._rest) > CHUNK:
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]

    def finish(self, digest: str) -> None:
        """Write what is left, and the header for content of this SHA-256."""
        self._put(bytes(self._rest), last=True)
        named = MAGIC + key_id(self._office_key) + os.urandom(COPY_BYTES)
        nonce = os.urandom(NONCE_BYTES)
        wrapped = AESGCM(self._office_key).encrypt(nonce, self._key, named + bytes.fromhex(digest))
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(named + nonce + wrapped)
        self._file.seek(end)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._gcm.encrypt(_nonce(self._count, last=last), chunk, None))
        self._count += 1


def rewrapped(header: bytes, keyring: Keyring, digest: str) -> bytes:
    """The header under which the same sealed content belongs to the first key of the ring, as another copy. SealError."""
    named = MAGIC + key_id(keyring.keys[0]) + os.urandom(COPY_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    wrapped = AESGCM(keyring.keys[0]).encrypt(nonce, _unwrapped(header, keyring, digest), named + bytes.fromhex(digest))
    return named + nonce + wrapped


def _unwrapped(header: bytes, keyring: Keyring, digest: str) -> bytes:
    """The file's own key. SealError."""
    office_key = keyring.named(bytes.fromhex(sealed_with(header)))
    at = len(MAGIC) + ID_BYTES + COPY_BYTES
    nonce, wrapped = header[at : at + NONCE_BYTES], header[at + NONCE_BYTES : HEADER]
    try:
        return AESGCM(office_key).decrypt(nonce, wrapped, header[:at] + bytes.fromhex(digest))
    except InvalidTag:
        raise _altered(digest) from None


def _altered(digest: str) -> SealError:
    return SealError(f"The sealed content {digest} was altered or cut off on the disk: bring it back from a backup.")


def copy_id(header: bytes) -> str:
    """What names this very copy: content that is sealed again has another. SealError when that is no header."""
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise SealError("This file is not sealed content of the office: it was altered or cut off.")
    return header[len(MAGIC) + ID_BYTES :][:COPY_BYTES].hex()


def sealed_with(header: bytes) -> str:
    """The id of the key that sealed it. SealError when that is no header."""
    copy_id(header)
    return header[len(MAGIC) :][:ID_BYTES].hex()


class Unsealed(io.RawIOBase):
    """Sealed content, read as what it is; every chunk is authenticated before a byte of it is given out.

    Raises SealError on opening for another key or another digest, on reading for a chunk that was altered, left out or moved.
    """

    def __init__(self, file: BinaryIO, keyring: Keyring, digest: str) -> None:
        super().__init__()
        self._file, self._digest = file, digest
        self._gcm = AESGCM(_unwrapped(file.read(HEADER), keyring, digest))
        sealed = file.seek(0, os.SEEK_END) - HEADER
        if sealed < TAG_BYTES:
            raise _altered(digest)
        self._chunks = max(1, -(-sealed // _SEALED_CHUNK))
        self._size = sealed - self._chunks * TAG_BYTES
        self._position = 0
        self._open: tuple[int, bytes] = (-1, b"")
        # The last chunk says that the file is whole, so it is opened before anything is given out.
        self._chunk(self._chunks - 1)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go elsewhere in the content."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"there is nothing before the beginning: {base + offset}")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Buffer, /) -> int:
        """Read up to the end of a chunk."""
        if self._position >= self._size:
            return 0
        number, within = divmod(self._position, CHUNK)
        view = memoryview(buffer).cast("B")
        piece = self._chunk(number)[within : within + len(view)]
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the file below too."""
        self._file.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(HEADER + number * _SEALED_CHUNK)
            sealed = self._file.read(_SEALED_CHUNK)
            try:
                opened = self._gcm.decrypt(_nonce(number, last=number == self._chunks - 1), sealed, None)
            except InvalidTag:
                raise _altered(self._digest) from None
            self._open = (number, opened)
        return self._open[1]


def unsealed(file: BinaryIO, keyring: Keyring, digest: str) -> BinaryIO:
    """Open sealed content for reading; closing it closes `file`, and so does an error. SealError."""
    try:
        return io.BufferedReader(Unsealed(file, keyring, digest), CHUNK)
    except SealError:
        file.close()
        raise


def seal(pieces: Iterable[bytes], file: BinaryIO, keyring: Keyring, digest: str) -> None:
    """Seal content of a known SHA-256 into a file."""
    sealer = Sealer(file, keyring)
    for piece in pieces:
        sealer.write(piece)
    sealer.finish(digest)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1) + bytes([last])
