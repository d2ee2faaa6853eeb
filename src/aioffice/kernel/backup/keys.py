"""The keys that belong into a backup: those that sign the logs as its snapshot shows them, and those that sealed its documents.

Keys may be changed while a backup is made. The secrets are read before the snapshot and after the last document, and the ones are taken
that fit: with others, the backup could be made, checked and kept, and never restored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aioffice.kernel import secrets
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.documents.sealing import key_id, parse_key
from aioffice.kernel.documents.storage import OLD_KEYS
from aioffice.kernel.ledger.keys import SigningKey
from aioffice.kernel.ledger.signing import BEFORE, LOGS, NAMES, NEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aioffice.kernel.backup.manifest import Log
    from aioffice.kernel.settings import Settings

_OF_LOGS = [NAMES[log] + which for log in LOGS for which in ("", NEXT, BEFORE)]


class ChangedMeanwhileError(Exception):
    """No one state of the secrets fits all of the backup: keys were changed, and changed again. Another backup fits."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The file of secrets at one moment; `data` is None where there was none."""

    data: bytes | None

    @property
    def keys(self) -> set[str]:
        """What names the keys in it: verifier keys of the logs, ids of the keys of documents."""
        held = json.loads(self.data) if self.data else {}
        return _named(
            [held[name] for name in _OF_LOGS if held.get(name)],
            [held.get("document_key", ""), *held.get(OLD_KEYS, "").split()],
        )


def read(settings: Settings) -> Kept:
    """The secrets as they are now."""
    path = secrets.kept_in(settings.data_dir)
    return Kept(path.read_bytes() if path.exists() else None)


def given(settings: Settings) -> set[str]:
    """The keys that are set in the environment, and are in no backup."""
    of_logs = [getattr(settings, name, None) for name in _OF_LOGS]
    return _named(
        [key.get_secret_value() for key in of_logs if key],
        [key.get_secret_value() for key in (settings.document_key, *settings.document_old_keys) if key],
    )


def choose(
    before: Kept, after: Kept, logs: Mapping[str, Log], sealed_with: Collection[str], settings: Settings
) -> Kept:
    """The secrets, of before or after, that hold every key which the backup needs and the environment does not give.

    ChangedMeanwhileError where only both together do; BackupError where a key is nowhere.
    """
    whose = {log.key: f"signs the {name} log" for name, log in logs.items() if log.key is not None}
    whose |= dict.fromkeys(sealed_with, "sealed documents")
    needed = whose.keys() - given(settings)
    for kept in (after, before):
        if needed <= kept.keys:
            return kept
    lost = sorted(needed - before.keys - after.keys)
    if not lost:
        raise ChangedMeanwhileError
    raise BackupError(
        "Such a backup could not be restored: "
        + "; ".join(f"the key {key} {whose[key]}" for key in lost)
        + ", and neither secrets.json nor the environment of this process holds it. Set the AIOFFICE_… variables here as the office has "
        "them, or say --without-secrets and keep the keys elsewhere."
    )


def _named(of_logs: Collection[str], of_documents: Collection[str]) -> set[str]:
    signing = {str(SigningKey.parse(text).verifier) for text in of_logs}
    return signing | {key_id(parse_key(text)).hex() for text in of_documents if text}
