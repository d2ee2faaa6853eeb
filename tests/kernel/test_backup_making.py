"""A backup holds what its snapshot names, each document once; what is wrong is found when it is made, not when it is needed."""

from __future__ import annotations

import base64
import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from aioffice.kernel.backup import checking, folders, making, programs
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import SECRETS, read_contents
from aioffice.kernel.documents import service as documents
from aioffice.kernel.documents.models import Document
from aioffice.kernel.documents.sealing import Keyring, SealError, copy_id
from aioffice.kernel.documents.storage import FileStorage, SealedStorage, Stored
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.settings import settings
from tests.support.disk import record_synced
from tests.support.filings import PDF
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
OTHER = PDF + b"\n% another"
KEY = bytes(32)


@pytest.fixture(autouse=True)
def last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the last backup is noted: a place of the test's own, for the data folder is that of all workers."""
    place = tmp_path / "data" / making.LAST
    place.parent.mkdir()
    monkeypatch.setattr(making, "LAST", place)
    return place


@pytest.fixture(params=["in the clear", "sealed"])
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> FileStorage:
    folder = tmp_path / "documents"
    made = FileStorage(folder) if request.param == "in the clear" else SealedStorage(folder, Keyring((KEY,)))
    monkeypatch.setattr(documents, "storage", lambda: made)
    return made


@pytest.fixture
def filer(store: FileStorage) -> Actor:
    return acting_for(organisation("Example Systems (fictional)", Capacity.PROVIDER))


def send(filer: Actor, content: bytes, name: str = "a.pdf") -> Document:
    return documents.upload([content], name, actor=filer, at=NOW)


def back_up(
    target: Path,
    store: FileStorage,
    *,
    at: datetime = AT,
    keep: int | None = None,
    secrets: bool = True,
    verify: bool = False,
) -> making.Made:
    # The key that sealed the documents comes from the environment here, so that it need not be in the backup.
    office = settings().model_copy(update={"document_key": SecretStr(base64.b64encode(KEY).decode())})
    return making.make(target, office, store, at=at, secrets=secrets, keep=keep, closed=False, verify=verify)


def pool(target: Path) -> set[str]:
    return {path.name for path in (target / "documents").glob("??/*")}


def test_documents_are_shared_and_go_with_the_last_backup_that_holds_them(
    store: FileStorage, filer: Actor, tmp_path: Path
) -> None:
    target = tmp_path / "backups"
    first = send(filer, PDF)
    one = back_up(target, store)
    held = pool(target)
    assert one.copied == len(held) == 1
    send(filer, OTHER)
    two = back_up(target, store, at=AT + timedelta(days=1))
    assert (two.copied, two.manifest.documents, len(pool(target))) == (1, 2, 2)
    documents.remove_document(first.pk, actor=filer, at=NOW)
    three = back_up(target, store, at=AT + timedelta(days=2), keep=2)
    assert three.removed == [one.folder.name]
    assert held < pool(target), "the second backup still holds it"
    back_up(target, store, at=AT + timedelta(days=3), keep=1)
    assert not held & pool(target)
    (left,) = folders.backups(target)
    manifest, findings = checking.check(left)
    assert findings == []
    assert manifest.rows["office.documents_document"] == 1


def test_a_backup_is_for_its_owner_alone(store: FileStorage, filer: Actor, tmp_path: Path, last: Path) -> None:
    send(filer, PDF)
    made = back_up(tmp_path / "backups", store)
    for path in (tmp_path / "backups").rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077 or path.name == ".lock", path
    assert (made.folder / SECRETS).exists()
    without = back_up(tmp_path / "backups", store, at=AT + timedelta(1), secrets=False)
    assert not (without.folder / SECRETS).exists()
    assert json.loads(last.read_bytes()) == {"at": (AT + timedelta(1)).isoformat(), "target": str(tmp_path / "backups")}


def test_a_document_that_is_not_there_or_has_changed_is_said_at_once(
    store: FileStorage, filer: Actor, tmp_path: Path
) -> None:
    target, document = tmp_path / "backups", send(filer, PDF)
    path = store.stored(document.digest).path
    good = path.read_bytes()
    path.write_bytes(good[:-1] + b"!")
    with pytest.raises((BackupError, SealError), match=f"{document.digest}"):
        back_up(target, store)
    path.unlink()
    with pytest.raises(BackupError, match="is in the database and not in"):
        back_up(target, store)
    assert folders.backups(target) == []
    assert not list(target.glob("*.partial"))
    path.write_bytes(good)
    back_up(target, store)


class ErasesWhenAsked(FileStorage):
    """While the backup is made, whoever may erases the document: row first, then content."""

    def stored(self, digest: str) -> Stored:
        if self.folder.exists():
            with psycopg.connect(**programs.owner(settings())) as owner:
                owner.execute("delete from office.documents_document where digest = %s", [digest])
            self.remove(digest)
        return super().stored(digest)


def test_what_is_erased_meanwhile_is_in_no_backup(filer: Actor, store: FileStorage, tmp_path: Path) -> None:
    send(filer, PDF)
    made = back_up(tmp_path / "backups", ErasesWhenAsked(store.folder))
    assert made.manifest.documents == 0
    assert made.manifest.rows["office.documents_document"] == 0
    assert read_contents(made.folder) == []


class SealsWhenAsked(SealedStorage):
    """While the backup is made, `aioffice encrypt-documents` comes by and seals what it was about to copy."""

    def stored(self, digest: str) -> Stored:
        found = super().stored(digest)
        self.seal(digest)
        return found


class WrapsWhenAsked(SealedStorage):
    """While the backup is made, `aioffice rotate-document-key` gives another key to what it was about to copy."""

    wrapped = False

    def stored(self, digest: str) -> Stored:
        found = super().stored(digest)
        if not self.wrapped:
            self.wrapped = self.rewrap(digest)
        return found


def test_what_is_sealed_meanwhile_is_copied_as_it_lies_then(filer: Actor, store: FileStorage, tmp_path: Path) -> None:
    send(filer, PDF)
    made = back_up(tmp_path / "backups", SealsWhenAsked(store.folder, Keyring((KEY,))))
    (name,) = pool(tmp_path / "backups")
    assert name.endswith(".sealed")
    assert checking.check(made.folder)[1] == []


def test_what_gets_another_key_meanwhile_is_copied_under_the_name_of_the_copy_that_it_is(
    filer: Actor, store: FileStorage, tmp_path: Path
) -> None:
    document = send(filer, PDF)
    if not isinstance(store, SealedStorage):
        SealedStorage(store.folder, Keyring((KEY,))).seal(document.digest)
    other = WrapsWhenAsked(store.folder, Keyring((bytes([1]) * 32, KEY)))
    made = back_up(tmp_path / "backups", other, secrets=False)
    assert other.wrapped
    (content,) = read_contents(made.folder)
    lying = folders.pooled(made.folder, content.name)
    assert copy_id(lying.read_bytes()) in content.name
    assert content.name == other.stored(document.digest).name


def spoil(path: Path) -> bytes:
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    return good


def test_all_that_is_in_the_pool_is_read_again_in_turn(store: FileStorage, filer: Actor, tmp_path: Path) -> None:
    target = tmp_path / "backups"
    for number in range(6):
        send(filer, PDF + b"%d" % number, f"{number}.pdf")
    back_up(target, store)
    counts, nights = [], 30
    for night in range(1, nights + 1):
        made = back_up(target, store, at=AT + timedelta(days=night), keep=1)
        counts.append(made.read_again)
    contents = read_contents(folders.backups(target)[-1])
    assert {one.read_on for one in contents} <= {(AT + timedelta(days=night)).date() for night in range(1, nights + 1)}
    assert max(counts) == 1, "a share each night"
    after_a_month = back_up(target, store, at=AT + timedelta(days=2 * nights), keep=1)
    assert after_a_month.read_again == 6, "whoever backs up once a month reads all"
    assert back_up(target, store, at=AT + timedelta(days=2 * nights, hours=1), verify=True).read_again == 6


def test_a_copy_that_rotted_in_the_pool_is_brought_again(store: FileStorage, filer: Actor, tmp_path: Path) -> None:
    target, document = tmp_path / "backups", send(filer, PDF)
    first = back_up(target, store)
    lying = folders.pooled(first.folder, store.stored(document.digest).name)
    good = spoil(lying)
    second = back_up(target, store, at=AT + timedelta(days=1), verify=True)
    assert (second.read_again, second.mended, second.copied) == (1, 1, 0)
    assert lying.read_bytes() == good
    for backup in folders.backups(target):
        assert checking.check(backup)[1] == []


def test_content_that_rotted_in_the_office_is_said_with_the_copy_that_is_whole(
    store: FileStorage, filer: Actor, tmp_path: Path
) -> None:
    target, document = tmp_path / "backups", send(filer, PDF)
    first = back_up(target, store)
    lying = store.stored(document.digest)
    good, copy = spoil(lying.path), folders.pooled(first.folder, lying.name)
    for keep in (1, None):
        with pytest.raises(BackupError, match=f"{copy} holds it whole: copy that over {lying.path}"):
            back_up(target, store, at=AT + timedelta(days=1), keep=keep, verify=True)
    assert folders.backups(target) == [first.folder], "nothing is pruned for a backup that failed"
    spoil(copy)
    with pytest.raises(BackupError, match=document.digest) as refused:
        back_up(target, store, at=AT + timedelta(days=1), keep=1, verify=True)
    assert "holds it whole" not in str(refused.value)
    lying.path.write_bytes(good)
    assert back_up(target, store, at=AT + timedelta(days=1), keep=1, verify=True).mended == 1


def test_what_a_backup_holds_is_on_the_disk_before_it_has_its_name(
    store: FileStorage, filer: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(filer, PDF)
    synced = record_synced(monkeypatch)
    made = back_up(tmp_path / "backups", store)
    partial = made.folder.with_name(made.folder.name + folders.PARTIAL)
    (lying,) = (tmp_path / "backups" / "documents").glob("??/*")
    before = synced[: synced.index(partial)]
    assert {partial / name for name in [*made.manifest.parts, "manifest.json"]} <= set(before)
    assert {lying.with_name(lying.name + folders.PARTIAL), lying.parent, lying.parents[1]} <= set(before)
    assert tmp_path / "backups" in synced[synced.index(partial) :], "its name"


def test_two_backups_into_one_folder_take_turns(store: FileStorage, tmp_path: Path) -> None:
    target = tmp_path / "backups"
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with folders.held(target):
            inside.set()
            leave.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert inside.wait(20)
    with pytest.raises(BackupError, match="Another backup into"):
        back_up(target, store)
    leave.set()
    holder.join()
    back_up(target, store)
    with pytest.raises(BackupError, match="is there already"):
        back_up(target, store)


def test_places_that_cannot_be_are_refused(store: FileStorage, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="lies in the data folder"):
        back_up(settings().data_dir / "backups", store)
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupError, match="cannot be written to"):
        back_up(tmp_path / "file", store)


def test_what_was_altered_afterwards_is_found(store: FileStorage, filer: Actor, tmp_path: Path) -> None:
    send(filer, PDF)
    made = back_up(tmp_path / "backups", store)
    (lying,) = (tmp_path / "backups" / "documents").glob("??/*")
    for path in [*made.folder.iterdir(), lying]:
        good = path.read_bytes()
        for bad in (good + b"\n", good[:-1] + bytes([good[-1] ^ 1]), None):
            path.unlink() if bad is None else path.write_bytes(bad)
            try:
                _manifest, findings = checking.check(made.folder)
            except BackupError as error:
                findings = [str(error)]
            # A blank line more in the manifest changes nothing that it says.
            assert any(path.name in one for one in findings) or (path.name == "manifest.json" and bad == good + b"\n")
            path.write_bytes(good)
    assert checking.check(made.folder)[1] == []


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"format": 2}', '{"at": "yesterday"}'])
def test_a_manifest_of_something_else_is_no_backup(said: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(said)
    with pytest.raises(BackupError, match="is not the manifest of a backup"):
        checking.check(tmp_path)
    with pytest.raises(BackupError, match="this is no backup"):
        checking.check(tmp_path / "nowhere")
