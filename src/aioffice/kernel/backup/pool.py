"""The documents beside the backups, each once however many backups hold it; new ones are brought, and old ones read again in turn."""

from __future__ import annotations

import heapq
import math
import shutil
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import structlog

from aioffice.kernel import durable
from aioffice.kernel.backup import folders, programs
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import Content, Part, read_contents, read_manifest
from aioffice.kernel.backup.snapshot import digests
from aioffice.kernel.documents.sealing import HEADER, SealError, sealed_with
from aioffice.kernel.documents.storage import SEALED, NoSuchContent, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aioffice.kernel.documents.storage import Storage, Stored
    from aioffice.kernel.settings import Settings

log = structlog.get_logger(__name__)

READ_AGAIN = timedelta(days=30)
"""Within this time every document that is in the pool already is read again, there and in the office."""
CHUNK = 1 << 20


class ErasedMeanwhileError(Exception):
    """The snapshot names a document that is there no longer, and rightly so."""


class Pool:
    """The documents beside the backups, while one is made in `folder`."""

    def __init__(self, folder: Path, settings: Settings, storage: Storage, *, at: datetime, verify: bool) -> None:
        self.folder, self.settings, self.storage, self.at = folder, settings, storage, at
        self.copied = self.read_again = self.mended = 0
        before = folders.backups(folder.parent)
        self.known = {content.name: content for content in read_contents(before[-1])} if before else {}
        self.due = set(self.known) if verify else self._due(at - read_manifest(before[-1]).at) if before else set()

    def _due(self, since: timedelta) -> set[str]:
        """Those that were read longest ago, as many as the time since the last backup is worth."""
        share = math.ceil(len(self.known) * min(1.0, max(0.0, since / READ_AGAIN)))
        return {
            content.name
            for content in heapq.nsmallest(
                share, self.known.values(), key=lambda one: (one.read_on or date.min, one.name)
            )
        }

    def take(self, digest: str) -> Content:
        """Bring one document into the pool, unless it is there."""
        try:
            return self._take(digest)
        except (NoSuchContent, FileNotFoundError):
            # It may have been sealed, or got another key, between the look and the reading.
            pass
        try:
            return self._take(digest)
        except (NoSuchContent, FileNotFoundError):
            with psycopg.connect(**programs.owner(self.settings)) as connection:
                if digest not in digests(connection):
                    raise ErasedMeanwhileError(digest) from None
            raise BackupError(
                f"The document {digest} is in the database and not in {self.settings.data_dir / 'documents'}: bring it back from an "
                f"earlier backup first."
            ) from None

    def sealed_with(self, contents: Iterable[Content]) -> set[str]:
        """The ids of the keys that sealed those of the documents here that are sealed."""
        found = set()
        for content in contents:
            if content.name.endswith(SEALED):
                with folders.pooled(self.folder, content.name).open("rb") as file:
                    found.add(sealed_with(file.read(HEADER)))
        return found

    def _take(self, digest: str) -> Content:
        lying = self.storage.stored(digest)
        place = folders.pooled(self.folder, lying.name)
        before = self.known.get(lying.name)
        there = before is not None and place.exists() and place.stat().st_size == before.size
        if before is not None and there and lying.name not in self.due:
            return before
        whole = before is not None and there and part_of(place).sha256 == before.sha256
        self._read(digest, lying, place if whole else None)
        if before is not None and whole:
            self.read_again += 1
            return before.model_copy(update={"read_on": self.at.astimezone(UTC).date()})
        content = self._copy(digest, lying, place)
        if before is not None and there:
            self.mended += 1
            self.read_again += 1
            log.error("backup_copy_mended", place=str(place))
        else:
            self.copied += 1
        return content

    def _read(self, digest: str, lying: Stored, whole: Path | None) -> None:
        """Make sure that the office's own content is what it was; `whole` is a copy that is."""
        advice = f" {whole} holds it whole: copy that over {lying.path}, with its owner and rights." if whole else ""
        try:
            with self.storage.open(digest) as file:
                found = sha256_of(file)
        except SealError as error:
            raise BackupError(f"{error}{advice}") from error
        if found != digest:
            raise BackupError(
                f"The content of document {digest} has changed on the disk: its SHA-256 is {found}.{advice}"
            )

    def _copy(self, digest: str, lying: Stored, place: Path) -> Content:
        durable.make_folder(place.parent)
        draft = place.with_name(place.name + folders.PARTIAL)
        try:
            durable.write(draft, b"")
            with lying.path.open("rb") as source, draft.open("wb") as copy:
                shutil.copyfileobj(source, copy, CHUNK)
            durable.sync(draft)
            part = part_of(draft)
            if lying.name == digest and part.sha256 != digest:
                raise BackupError(
                    f"The copy of document {digest} came out different: {part.sha256}. Look at the disks."
                )
            if self.storage.stored(digest) != lying:
                raise FileNotFoundError(
                    lying.path
                )  # sealed, or with another key, by now: what was copied may be either
            draft.rename(place)
        finally:
            draft.unlink(missing_ok=True)
        durable.sync(place.parent)
        return Content(digest=digest, name=lying.name, read_on=self.at.astimezone(UTC).date(), **part.model_dump())


def part_of(path: Path) -> Part:
    """The hash and size of a file as it lies on the disk."""
    with path.open("rb") as file:
        return Part(sha256=sha256_of(file), size=path.stat().st_size)
