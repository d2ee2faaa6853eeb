"""Where the bytes lie: a port, and its adapters for a folder of the data folder, in the clear and sealed.

Content is named by its SHA-256, so it is kept once.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from aioffice.kernel import durable, secrets
from aioffice.kernel.documents.sealing import (
    CHUNK,
    HEADER,
    Keyring,
    Sealer,
    SealError,
    copy_id,
    key_id,
    make_key,
    parse_key,
    rewrapped,
    sealed_with,
    unsealed,
)
from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_DIGEST = re.compile(r"[0-9a-f]{64}")
MARKS = "sealed-with"
"""A file beside the content: the ids of the keys that sealed some of it, one a line."""
OLD_KEYS = "document_old_keys"
"""The secret that holds the keys of before, with spaces between them."""
CHANGED_AT = "document_key_changed_at"
"""Beside them, when another key began to seal."""
UPLOAD_WITHIN = timedelta(hours=1)
"""No upload takes longer: what began before a change of keys has ended after it."""
SEALED = ".sealed"
"""What the name of a sealed file ends with."""
INCOMING = "incoming"
"""The folder beside the content where uploads are written until they are kept."""


class TooLarge(ValueError):
    """More bytes came than are allowed."""


class NoSuchContent(LookupError):
    """Nothing is stored under that digest."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Content as it lies on a disk: in the clear, named by its digest, or sealed, named by its digest and the id of that very copy."""

    name: str
    path: Path

    @property
    def digest(self) -> str:
        """The SHA-256 of the content."""
        return self.name.partition(".")[0]

    @property
    def sealed(self) -> bool:
        """Whether it is sealed."""
        return self.name.endswith(SEALED)


class Received(Protocol):
    """Content that has arrived and is not kept yet: it can be looked at, and goes away unless `keep` is called."""

    digest: str
    size: int

    def open(self) -> BinaryIO:
        """Open it for reading."""

    def keep(self) -> None:
        """Keep it for good; once this returns, a crash does not lose it."""


class Storage(Protocol):
    """Keeps content by its SHA-256 (64 small hexadecimal signs)."""

    def receiving(self, chunks: Iterable[bytes], *, limit: int) -> AbstractContextManager[Received]:
        """Take in content of at most `limit` bytes; raise `TooLarge` as soon as there is more."""

    def open(self, digest: str) -> BinaryIO:
        """Open kept content for reading; raise `NoSuchContent`."""

    def remove(self, digest: str) -> None:
        """Remove content; nothing happens when there is none."""

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Yield the digests of content last kept before a moment."""

    def is_kept_before(self, digest: str, moment: datetime) -> bool:
        """Whether there is content of that digest, last kept before a moment."""

    def clear_drafts(self, *, before: datetime | None = None) -> int:
        """Remove what was left by uploads that were cut off, and by no other; return how much. `before` spares what is younger."""

    def stored(self, digest: str) -> Stored:
        """How kept content lies here, for a backup to copy; raise `NoSuchContent`."""

    def put_back(self, stored: Stored) -> None:
        """Bring back what `stored` of this or another office described, from where it lies now."""

    def check_keys(self) -> None:
        """Raise `SealError` when there is content that was sealed with a key that is not here."""


@dataclass(slots=True)
class _InFile:
    digest: str
    size: int
    temporary: Path
    target: Path
    other: Path
    opener: Callable[[BinaryIO, str], BinaryIO]

    def open(self) -> BinaryIO:
        return self.opener(self.temporary.open("rb"), self.digest)

    def keep(self) -> None:
        durable.make_folder(self.target.parent)
        # Over an equal file this changes nothing but its time, which keeps the sweep away from content in use again.
        self.temporary.replace(self.target)
        # Another upload may have made the folders, and not be done with the names of them.
        durable.sync_up(self.target.parent, top=self.target.parents[3])
        # Content is kept once: what lay here the other way (sealed, or in the clear) goes when this is safe.
        self.other.unlink(missing_ok=True)


class FileStorage:
    """Content as files `ab/cd/<digest>` below a folder that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def receiving(self, chunks: Iterable[bytes], *, limit: int) -> Iterator[Received]:
        """Write to a temporary file, made durable before anyone looks at it."""
        with durable.draft(durable.make_folder(self.folder / INCOMING), "upload") as (file, temporary):
            digest, size = self._write(file, _limited(chunks, limit))
            durable.settle(file)
            yield self._received(digest, size, temporary)

    def open(self, digest: str) -> BinaryIO:
        """Open kept content for reading; raise `NoSuchContent`, or `SealError` when it is sealed."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            if self._sealed_path(digest).exists():
                raise SealError(
                    f"The content {digest} is sealed, and this office has no key of documents: set AIOFFICE_DOCUMENT_KEY, or bring "
                    f"back the secrets.json of that time."
                ) from None
            raise NoSuchContent(digest) from None

    def remove(self, digest: str) -> None:
        """Remove content; nothing happens when there is none."""
        self._path(digest).unlink(missing_ok=True)
        self._sealed_path(digest).unlink(missing_ok=True)

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Yield the digests of content last kept before a moment."""
        for path in self._lying():
            digest = path.name.removesuffix(SEALED)
            # It may be removed, or sealed, between the list and the look.
            with suppress(FileNotFoundError):
                if _DIGEST.fullmatch(digest) and path.stat().st_mtime < moment.timestamp():
                    yield digest

    def clear_drafts(self, *, before: datetime | None = None) -> int:
        """Remove what writers left who did not live to finish; with `before`, only what was last written to before then."""
        places = [(self.folder / INCOMING).glob("*")]
        if before is not None:
            # Those beside the content belong to whoever seals or restores: there is no hurry.
            places.append(path for path in self._lying() if not _DIGEST.fullmatch(path.name.removesuffix(SEALED)))
        return durable.clear(path for place in places for path in place if before is None or _is_older(path, before))

    def _lying(self) -> Iterator[Path]:
        """What lies where content lies, one folder after the other, so that nobody holds a list of all."""
        for first in sorted(self.folder.glob("??")):
            for second in sorted(first.glob("??")):
                with suppress(FileNotFoundError):
                    yield from sorted(second.iterdir())

    def is_kept_before(self, digest: str, moment: datetime) -> bool:
        """Whether there is content of that digest, last kept before a moment."""
        times = []
        for path in (self._path(digest), self._sealed_path(digest)):
            with suppress(FileNotFoundError):
                times.append(path.stat().st_mtime)
        return bool(times) and max(times) < moment.timestamp()

    def stored(self, digest: str) -> Stored:
        """How kept content lies here, for a backup to copy; raise `NoSuchContent`."""
        sealed = self._sealed_path(digest)
        try:
            with sealed.open("rb") as file:
                return Stored(f"{digest}.{copy_id(file.read(HEADER))}{SEALED}", sealed)
        except FileNotFoundError:
            path = self._path(digest)
            if not path.exists():
                raise NoSuchContent(digest) from None
            return Stored(digest, path)

    def put_back(self, stored: Stored) -> None:
        """Bring back what `stored` of this or another office described, from where it lies now."""
        target = self._sealed_path(stored.digest) if stored.sealed else self._path(stored.digest)
        durable.make_folder(target.parent)
        with stored.path.open("rb") as source, durable.replacing(target) as copy:
            if stored.sealed:
                self._mark(sealed_with(source.read(HEADER)))
                source.seek(0)
            shutil.copyfileobj(source, copy, CHUNK)

    def check_keys(self) -> None:
        """Raise `SealError` when there is content that was sealed with a key that is not here."""
        for wanted in self._marked() - self._have():
            # Only now is it worth looking through the whole folder: perhaps all of that content has gone.
            for path in self._lying():
                if path.suffix != SEALED:
                    continue
                with path.open("rb") as file:
                    if sealed_with(file.read(HEADER)) == wanted:
                        Keyring(()).named(bytes.fromhex(wanted))

    def _have(self) -> set[str]:
        return set()

    def _marked(self) -> set[str]:
        try:
            return set((self.folder / MARKS).read_text(encoding="ascii").split())
        except FileNotFoundError:
            return set()

    def _mark(self, key: str) -> None:
        """Remember that content is sealed with the key of this id, before there is any."""
        if key not in self._marked():
            durable.make_folder(self.folder)
            with os.fdopen(os.open(self.folder / MARKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
                file.write(f"{key}\n".encode())
                durable.settle(file)
            durable.sync(self.folder)

    def _write(self, file: BinaryIO, chunks: Iterable[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            size += len(chunk)
            digest.update(chunk)
            file.write(chunk)
        return digest.hexdigest(), size

    def _received(self, digest: str, size: int, temporary: Path) -> Received:
        return _InFile(digest, size, temporary, self._path(digest), self._sealed_path(digest), lambda file, _: file)

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise NoSuchContent(digest)
        return self.folder / digest[:2] / digest[2:4] / digest

    def _sealed_path(self, digest: str) -> Path:
        path = self._path(digest)
        return path.with_name(path.name + SEALED)


class SealedStorage(FileStorage):
    """The same folder with content sealed (`ab/cd/<digest>.sealed`), from its first byte on the disk; what lies in the clear is read too.

    Args:
        keyring: its first key seals, all of them open.
        sealing: seal what comes in. Without it new content lies in the clear, and sealed content is still read.
    """

    def __init__(self, folder: Path, keyring: Keyring, *, sealing: bool = True) -> None:
        super().__init__(folder)
        self.keyring, self.sealing = keyring, sealing

    def open(self, digest: str) -> BinaryIO:
        """Open kept content for reading; raise `NoSuchContent`, or `SealError` for another key and for what was altered."""
        # In the clear, then sealed, then looked for again: it may be sealed between the two looks.
        for path in (self._sealed_path(digest), self._path(digest), self._sealed_path(digest)):
            with suppress(FileNotFoundError):
                file = path.open("rb")
                return self._opened(file, digest) if path.suffix == SEALED else file
        raise NoSuchContent(digest)

    def _have(self) -> set[str]:
        return {key_id(key).hex() for key in self.keyring.keys}

    def in_the_clear(self) -> Iterator[str]:
        """The digests of content that is not sealed."""
        for path in self._lying():
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def seal(self, digest: str) -> bool:
        """Seal content that lies in the clear; whether there was any. Raises `SealError` when it is not what its name says.

        Nobody may take the same content in meanwhile, or remove it.
        """
        path, target = self._path(digest), self._sealed_path(digest)
        if not path.exists():
            return False
        before = path.stat().st_mtime_ns
        with path.open("rb") as source:
            found = sha256_of(source)
            if found != digest:
                raise SealError(f"{path} has changed on the disk: its SHA-256 is {found}. Bring it back from a backup.")
            source.seek(0)
            with self.receiving(iter(lambda: source.read(CHUNK), b""), limit=path.stat().st_size) as received:
                with received.open() as again:
                    if sha256_of(again) != digest:
                        raise SealError(f"{path} came out different when it was sealed: look at the disk.")
                received.keep()
        # For the sweep, it is as old as it was.
        os.utime(target, ns=(before, before))
        return True

    def of_other_keys(self) -> Iterator[str]:
        """The digests of content that is sealed with another key than the one that seals now."""
        for path in self._lying():
            if path.suffix != SEALED:
                continue
            # What goes meanwhile (a sweep, an erasure) needs no other key.
            with suppress(FileNotFoundError), path.open("rb") as file:
                if sealed_with(file.read(HEADER)) != self._current:
                    yield path.name.removesuffix(SEALED)

    def rewrap(self, digest: str) -> bool:
        """Let the key that seals now open this content, in place of another one; whether there was anything to do. SealError.

        The content itself stays sealed as it is, with its own key; only who opens that key is another. Nobody may take the same content
        in meanwhile, or remove it.
        """
        path = self._sealed_path(digest)
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return False
        with source:
            header = source.read(HEADER)
            if sealed_with(header) == self._current:
                return False
            with durable.replacing(path) as copy:
                copy.write(rewrapped(header, self.keyring, digest))
                shutil.copyfileobj(source, copy, CHUNK)
                copy.flush()
                before = path.stat().st_mtime_ns
                # For the sweep, it is as old as it was.
                os.utime(copy.fileno(), ns=(before, before))
                self._mark(self._current)
        return True

    def forget_other_keys(self) -> None:
        """Remember that the key that seals now is the only one that anything is sealed with. SealError when it is not."""
        left = next(self.of_other_keys(), None)
        if left is not None:
            raise SealError(f"The content {left} is still sealed with another key.")
        if (self.folder / MARKS).exists():
            durable.replace(self.folder / MARKS, f"{self._current}\n".encode())

    @property
    def _current(self) -> str:
        return key_id(self.keyring.keys[0]).hex()

    def _write(self, file: BinaryIO, chunks: Iterable[bytes]) -> tuple[str, int]:
        if not self.sealing:
            return super()._write(file, chunks)
        self._mark(self._current)
        sealer, digest, size = Sealer(file, self.keyring), hashlib.sha256(), 0
        for chunk in chunks:
            size += len(chunk)
            digest.update(chunk)
            sealer.write(chunk)
        sealer.finish(digest.hexdigest())
        return digest.hexdigest(), size

    def _received(self, digest: str, size: int, temporary: Path) -> Received:
        if not self.sealing:
            return super()._received(digest, size, temporary)
        return _InFile(digest, size, temporary, self._sealed_path(digest), self._path(digest), self._opened)

    def _opened(self, file: BinaryIO, digest: str) -> BinaryIO:
        return unsealed(file, self.keyring, digest)


def _is_older(path: Path, moment: datetime) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < moment.timestamp()
    return False


def _limited(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"more than {limit} bytes")
        yield chunk


def folder() -> Path:
    """Where this installation keeps documents."""
    return settings().data_dir / "documents"


def sha256_of(file: BinaryIO) -> str:
    """The SHA-256 of everything from here to the end of a file."""
    digest = hashlib.sha256()
    while piece := file.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def change_key() -> bool:
    """Make another key for what comes in from here on, where the office keeps its key itself; whether it does. The old one is kept."""
    office = settings()
    if office.document_key is not None:
        return False

    def changed(known: dict[str, str]) -> dict[str, str]:
        before = " ".join([known["document_key"], *known.get(OLD_KEYS, "").split()])
        return known | {"document_key": make_key(), OLD_KEYS: before}

    secrets.change(office.data_dir, changed)
    return True


def note_change(at: datetime) -> None:
    """Keep when another key began to seal: an upload that began before may still seal with the old one."""
    secrets.change(settings().data_dir, lambda known: known | {CHANGED_AT: at.isoformat()})


def old_key_needed_until() -> datetime | None:
    """Until when an upload may be under way that began under the old key; None where no change was noted, or it is long ago."""
    noted = secrets.read(settings().data_dir).get(CHANGED_AT)
    return datetime.fromisoformat(noted) + UPLOAD_WITHIN if noted else None


def forget_old_keys() -> None:
    """Throw the keys of before away that the office keeps itself: nothing is sealed with them any more."""

    def changed(known: dict[str, str]) -> dict[str, str]:
        known.pop(OLD_KEYS, None)
        known.pop(CHANGED_AT, None)
        # Where a key is given from outside, the one made on first start has sealed what it ever will.
        return known | ({"document_key": make_key()} if settings().document_key is not None else {})

    secrets.change(settings().data_dir, changed)


def keyring() -> Keyring | None:
    """The keys with which this installation's content is sealed; None before the first start, where no key is given."""
    office = settings()
    kept = secrets.read(office.data_dir)
    given = [key.get_secret_value() for key in (office.document_key, *office.document_old_keys) if key]
    if office.document_key is None:
        given.insert(0, kept.get("document_key", ""))
    # Keys of before, which seal nothing any more and open what they sealed.
    texts = [text for text in (*given, kept.get("document_key", ""), *kept.get(OLD_KEYS, "").split()) if text]
    return Keyring(tuple(dict.fromkeys(parse_key(text) for text in texts))) if texts else None


def storage() -> Storage:
    """Return the storage of this installation. Raises `SealError` when content shall be sealed and there is no key."""
    office, keys = settings(), keyring()
    if keys is not None:
        return SealedStorage(folder(), keys, sealing=office.encrypt_documents)
    if office.encrypt_documents:
        raise SealError(
            "AIOFFICE_ENCRYPT_DOCUMENTS is on and there is no key: start the office once, or set AIOFFICE_DOCUMENT_KEY."
        )
    return FileStorage(folder())
