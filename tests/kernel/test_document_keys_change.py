"""The key of documents changes: everything opens all the while, and in the end the old key opens nothing."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app
from aioffice.kernel import secrets
from aioffice.kernel.documents import storage as places
from aioffice.kernel.documents.sealing import CHUNK, Keyring, SealError, make_key, parse_key
from aioffice.kernel.documents.service import upload
from aioffice.kernel.documents.storage import OLD_KEYS, FileStorage, SealedStorage, keyring, storage
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.settings import settings
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.usefixtures("server_stays")

OLD, NEW = (Keyring((parse_key(make_key()),)) for _ in range(2))
BOTH = Keyring((*NEW.keys, *OLD.keys))
CONTENTS = [b"", b"short", os.urandom(3 * CHUNK + 7)]


def keep(store: FileStorage, content: bytes) -> str:
    with store.receiving([content], limit=10_000_000) as received:
        received.keep()
        return received.digest


def read(store: FileStorage, digest: str) -> bytes:
    with store.open(digest) as file:
        return file.read()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


def test_what_the_old_key_sealed_opens_with_the_new_one_alone(folder: Path) -> None:
    digests = [keep(SealedStorage(folder, OLD), content) for content in CONTENTS]
    store = SealedStorage(folder, BOTH)
    assert sorted(store.of_other_keys()) == sorted(digests)
    assert all(store.rewrap(digest) for digest in digests)
    assert not any(store.rewrap(digest) for digest in digests), "a second time there is nothing to do"
    assert list(store.of_other_keys()) == []
    for digest, content in zip(digests, CONTENTS, strict=True):
        assert read(SealedStorage(folder, NEW), digest) == content
        with pytest.raises(SealError, match="was sealed with the key"):
            SealedStorage(folder, OLD).open(digest)
    assert {path.suffix for path in folder.glob("??/??/*")} == {".sealed"}, "no draft is left"


def test_the_sealed_bytes_stay_and_the_copy_has_another_name_in_a_backup(folder: Path) -> None:
    digest = keep(SealedStorage(folder, OLD), CONTENTS[2])
    before = SealedStorage(folder, OLD).stored(digest)
    os.utime(before.path, (1000, 1000))
    bytes_before = before.path.read_bytes()
    SealedStorage(folder, BOTH).rewrap(digest)
    after = SealedStorage(folder, NEW).stored(digest)
    assert after.path.read_bytes()[-CHUNK:] == bytes_before[-CHUNK:]
    assert after.name != before.name
    assert after.path.stat().st_mtime == 1000, "for the sweep it is as old as it was"


def test_nothing_is_forgotten_while_something_needs_it(folder: Path) -> None:
    digest = keep(SealedStorage(folder, OLD), CONTENTS[1])
    store = SealedStorage(folder, BOTH)
    with pytest.raises(SealError, match=f"{digest} is still sealed with another key"):
        store.forget_other_keys()
    store.rewrap(digest)
    store.forget_other_keys()
    SealedStorage(folder, NEW).check_keys()
    assert (folder / "sealed-with").stat().st_mode & 0o777 == 0o600


def test_without_the_old_key_nothing_changes(folder: Path) -> None:
    digest = keep(SealedStorage(folder, OLD), CONTENTS[1])
    with pytest.raises(SealError, match="was sealed with the key"):
        SealedStorage(folder, NEW).rewrap(digest)
    assert read(SealedStorage(folder, OLD), digest) == CONTENTS[1]
    assert len([path for path in folder.rglob("*") if path.is_file() and path.name != "sealed-with"]) == 1


def test_an_altered_header_is_not_wrapped_anew(folder: Path) -> None:
    digest = keep(SealedStorage(folder, OLD), CONTENTS[1])
    path = SealedStorage(folder, OLD).stored(digest).path
    spoilt = bytearray(path.read_bytes())
    spoilt[60] ^= 1
    path.write_bytes(spoilt)
    with pytest.raises(SealError, match="was altered"):
        SealedStorage(folder, BOTH).rewrap(digest)
    assert path.read_bytes() == spoilt


def change(*more: str) -> Result:
    return CliRunner().invoke(app, ["rotate-document-key", "--json", *more])


@pytest.mark.usefixtures("own_secrets")
@pytest.mark.django_db(transaction=True)
def test_the_command_makes_a_key_and_later_forgets_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOFFICE_ENCRYPT_DOCUMENTS", "true")
    settings.cache_clear()
    try:
        provider = acting_for(organisation("Example Systems (fictional)", Capacity.PROVIDER))
        content = b"%PDF-1.7\n" + os.urandom(100) + b"\n%%EOF\n"
        digest = upload([content], "a.pdf", actor=provider, at=NOW).digest
        first = secrets.read(settings().data_dir)["document_key"]
        begun = change()
        assert begun.exit_code == 0, begun.stderr
        said = json.loads(begun.stdout)
        assert (said["new"], said["finished"], said["rewrapped"]) == (True, False, 1)
        known = secrets.read(settings().data_dir)
        assert known["document_key"] != first
        assert known[OLD_KEYS].split()[0] == first
        # What an upload that began under the old key still seals with it.
        store = storage()
        assert isinstance(store, SealedStorage)
        late = keep(SealedStorage(store.folder, Keyring((parse_key(first),))), b"late")
        assert read(store, late) == b"late"
        early = change("--finish")
        assert early.exit_code == 7
        assert "Too soon: an upload that began under the old key may be under way until" in early.stderr
        assert secrets.read(settings().data_dir)[OLD_KEYS] == known[OLD_KEYS], "nothing is forgotten"
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61), tick=True):
            ended = change("--finish")
        assert ended.exit_code == 0, ended.stderr
        assert json.loads(ended.stdout)["rewrapped"] == 1
        known = secrets.read(settings().data_dir)
        assert OLD_KEYS not in known
        ring = keyring()
        assert ring is not None
        assert ring.keys == (parse_key(known["document_key"]),)
        with storage().open(digest) as file:
            assert hashlib.sha256(file.read()).hexdigest() == digest
        # The key goes with this test: what it sealed stands in nobody's way.
        for sealed in (digest, late):
            storage().remove(sealed)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.usefixtures("own_secrets")
@pytest.mark.django_db(transaction=True)
def test_a_key_given_from_outside_replaces_one_given_before(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = make_key(), make_key()
    store = SealedStorage(places.folder(), Keyring((parse_key(before),)))
    digest = keep(store, b"given")
    monkeypatch.setenv("AIOFFICE_DOCUMENT_KEY", after)
    monkeypatch.setenv("AIOFFICE_DOCUMENT_OLD_KEYS", f"{before},{make_key()}")
    settings.cache_clear()
    try:
        done = change("--finish")
        assert done.exit_code == 0, done.stderr
        assert read(SealedStorage(store.folder, Keyring((parse_key(after),))), digest) == b"given"
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        store.remove(digest)


def test_a_key_that_is_none_is_named_without_being_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOFFICE_DOCUMENT_OLD_KEYS", f"{make_key()},too-short")
    settings.cache_clear()
    try:
        refused = change("--finish")
        assert refused.exit_code == 1
        assert "AIOFFICE_DOCUMENT_OLD_KEYS" in str(refused.exception) or "AIOFFICE_DOCUMENT_OLD_KEYS" in refused.stderr
        assert "too-short" not in refused.output
    finally:
        monkeypatch.undo()
        settings.cache_clear()
