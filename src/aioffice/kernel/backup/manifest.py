"""What a backup says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from aioffice.kernel.backup.errors import BackupError

MANIFEST, DUMP, DOCUMENTS, SECRETS = "manifest.json", "database.dump", "documents.jsonl", "secrets.json"
"""The files of one backup."""

type Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
type CopyName = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}(\.[0-9a-f]{32}\.sealed)?$")]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Said):
    """One file: its SHA-256, and its size in bytes."""

    sha256: Sha256
    size: int


class Content(Part):
    """The content of a document: `digest` is the SHA-256 of what was uploaded, `sha256` of what lies here, which may be sealed."""

    digest: Sha256
    name: CopyName
    read_on: date | None = None
    """When the copy here and the office's own were last read against these hashes."""


class Log(_Said):
    """How one log stood: the key that its first entry names, and its newest signed checkpoint; both None while it was empty."""

    key: str | None
    size: int
    checkpoint: str | None


class Manifest(_Said):
    """Versions, parts, row counts of every table (`schema.table`) and the state of both logs, all as of one snapshot, `at`."""

    format: Literal[1] = 1
    at: datetime
    version: str
    postgres: str
    """Version of the server that was dumped."""
    closed: bool
    """Whether the office was closed meanwhile, so that nothing was filed after the snapshot."""
    next_transaction: int | None = None
    """Of a closed office: the number that its next writing transaction would have; as long as it is that, nothing was filed since."""
    migrations: tuple[str, ...]
    parts: Mapping[str, Part]
    rows: Mapping[str, int]
    logs: Mapping[str, Log]
    documents: int
    document_bytes: int


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the backup in a folder. BackupError when there is none, or it is not ours."""
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror}): this is no backup of the office.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(map(str, first["loc"])) or "the file"
        raise BackupError(
            f"{path} is not the manifest of a backup that this version reads: {place}: {first['msg']}"
        ) from error


def read_contents(folder: Path) -> list[Content]:
    """The documents that belong to a backup. BackupError when the list cannot be read."""
    path = folder / DOCUMENTS
    try:
        return [Content.model_validate_json(line) for line in path.read_bytes().splitlines()]
    except (OSError, ValidationError) as error:
        raise BackupError(f"{path} cannot be read: {str(error).splitlines()[0]}") from error
