"""Reading a backup against its manifest, without restoring it."""

from __future__ import annotations

from pathlib import Path

from aioffice.kernel.backup import folders
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import DOCUMENTS, DUMP, Manifest, Part, read_contents, read_manifest
from aioffice.kernel.backup.pool import part_of


def check(backup: Path) -> tuple[Manifest, list[str]]:
    """Hash every part and every document of a backup; return its manifest and what does not fit, one sentence each.

    Raises BackupError when the folder is no backup at all.
    """
    manifest = read_manifest(backup)
    findings = [
        f"{name} is not listed in the manifest: this backup is not whole."
        for name in (DUMP, DOCUMENTS)
        if name not in manifest.parts
    ]
    for name, part in manifest.parts.items():
        findings += _compare(backup / Path(name).name, part)
    try:
        contents = read_contents(backup)
    except BackupError as error:
        return manifest, [*findings, str(error)]
    for content in contents:
        findings += _compare(folders.pooled(backup, content.name), content)
    if len(contents) != manifest.documents:
        findings.append(f"The manifest counts {manifest.documents} documents, the list {len(contents)}.")
    return manifest, findings


def _compare(path: Path, said: Part) -> list[str]:
    try:
        found = part_of(path)
    except OSError as error:
        return [f"{path} cannot be read: {error.strerror}."]
    if found.size != said.size:
        return [f"{path} has {found.size} bytes, not {said.size}."]
    if found.sha256 != said.sha256:
        return [f"{path} has the SHA-256 {found.sha256}, not {said.sha256}."]
    return []
