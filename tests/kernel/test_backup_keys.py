"""A backup holds the keys that its own snapshot and documents need, whatever is done to the keys while it is made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from aioffice.kernel import secrets
from aioffice.kernel.backup import keys, making, restoring
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import SECRETS, Log
from aioffice.kernel.documents import service as documents
from aioffice.kernel.documents.sealing import Keyring, key_id, make_key, parse_key
from aioffice.kernel.documents.storage import OLD_KEYS, SealedStorage, Stored
from aioffice.kernel.ledger.changing_keys import change_key
from aioffice.kernel.ledger.keys import SigningKey, VerifierKey
from aioffice.kernel.ledger.signing import LOGS, NAMES, PUBLIC
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt
from tests.kernel.test_backup_making import AT, last
from tests.support.filings import PDF, section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

__all__ = ["last"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_secrets", "server_stays")]


class Store(SealedStorage):
    """A storage that is asked for a document once something else has happened."""

    first: Callable[[], None] | None = None

    def stored(self, digest: str) -> Stored:
        if self.first:
            first, self.first = self.first, None
            first()
        return super().stored(digest)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """One sealed document, and a log with entries."""
    own = parse_key(secrets.read(settings().data_dir)["document_key"])
    made = Store(tmp_path / "sealed", Keyring((own,)))
    monkeypatch.setattr(documents, "storage", lambda: made)
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    documents.upload([PDF], "a.pdf", actor=provider, at=NOW)
    perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW)
    settle(NOW)
    return made


def back_up(folder: Path, store: Store, **how: Any) -> making.Made:
    office = how.pop("office", settings())
    return making.make(folder, office, store, at=AT, **({"secrets": True, "keep": None, "closed": False} | how))


def held(made: making.Made) -> dict[str, list[VerifierKey]]:
    """The keys of the logs in a backup, as an office that is restored from it would have them."""
    kept = json.loads((made.folder / SECRETS).read_bytes())
    return {
        log: [SigningKey.parse(secret).verifier for name, secret in kept.items() if name.startswith(NAMES[log])]
        for log in LOGS
    }


def rotate_at_once() -> None:
    change_key(PUBLIC, actor=service("operator"), at=NOW, grace=False)


def test_the_key_of_the_snapshot_is_in_it_though_it_was_thrown_away_meanwhile(store: Store, tmp_path: Path) -> None:
    store.first = rotate_at_once
    made = back_up(tmp_path / "backups", store)
    assert store.first is None
    restoring.check_keys(made.manifest, held(made))


def test_a_key_made_just_before_the_snapshot_is_in_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = making.snapshot

    def snapshot(*words: Any) -> Any:
        rotate_at_once()
        return real(*words)

    monkeypatch.setattr(making, "snapshot", snapshot)
    made = back_up(tmp_path / "backups", store)
    restoring.check_keys(made.manifest, held(made))


def test_where_the_keys_of_documents_and_of_the_log_both_changed_it_begins_anew(store: Store, tmp_path: Path) -> None:
    def both() -> None:
        # The log of the snapshot needs the key of before, and the document, as it is copied now, the key of afterwards.
        rotate_at_once()
        new = make_key()
        secrets.change(settings().data_dir, lambda kept: kept | {"document_key": new})
        store.keyring = Keyring((parse_key(new), *store.keyring.keys))
        for digest in list(store.of_other_keys()):
            store.rewrap(digest)

    store.first = both
    made = back_up(tmp_path / "backups", store)
    restoring.check_keys(made.manifest, held(made))
    kept = json.loads((made.folder / SECRETS).read_bytes())
    assert parse_key(kept["document_key"]) == store.keyring.keys[0]


def test_keys_that_never_hold_still_end_it(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(*_words: Any) -> None:
        raise keys.ChangedMeanwhileError

    monkeypatch.setattr(keys, "choose", choose)
    with pytest.raises(BackupError, match="Keys were changed at every try"):
        back_up(tmp_path / "backups", store)
    assert [path.name for path in (tmp_path / "backups").iterdir() if path.is_dir()] == ["documents"]


def test_without_a_key_that_it_needs_there_is_no_backup_unless_the_keys_are_kept_elsewhere(
    store: Store, tmp_path: Path
) -> None:
    own = secrets.read(settings().data_dir)
    secrets.change(settings().data_dir, lambda kept: kept | {"document_key": make_key()})
    lost = key_id(parse_key(own["document_key"])).hex()
    with pytest.raises(BackupError, match=f"the key {lost} sealed documents, and neither"):
        back_up(tmp_path / "backups", store)
    given = settings().model_copy(update={"document_old_keys": (SecretStr(own["document_key"]),)})
    assert SECRETS in back_up(tmp_path / "given", store, office=given).manifest.parts
    assert SECRETS not in back_up(tmp_path / "elsewhere", store, secrets=False).manifest.parts


def test_old_keys_and_those_of_the_environment_count(tmp_path: Path) -> None:
    old, new = make_key(), make_key()
    kept = keys.Kept(json.dumps({"document_key": new, OLD_KEYS: f"{old} {make_key()}"}).encode())
    needed = [key_id(parse_key(one)).hex() for one in (old, new)]
    nothing = keys.Kept(None)
    empty = {log: Log(key=None, size=0, checkpoint=None) for log in LOGS}
    assert keys.choose(nothing, kept, empty, needed, settings()) == kept
    assert keys.choose(kept, nothing, empty, needed, settings()) == kept
    assert keys.choose(nothing, nothing, empty, [], settings()) == nothing
    with pytest.raises(BackupError):
        keys.choose(nothing, nothing, empty, needed[:1], settings())
