"""A backup holds what its snapshot names, each document once; what is wrong is found when it is made, not when it is needed."""

from __future__ import annotations

import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from aioffice.kernel.backup import checking, folders, making, programs
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import SECRETS, read_contents
from aioffice.kernel.documents import service as documents
from aioffice.kernel.documents.models import Document
from aioffice.kernel.documents.sealing import Keyring, SealError
from aioffice.kernel.documents.storage import FileStorage, SealedStorage, Stored
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.settings import settings
from tests.support.filings import PDF
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)
OTHER = PDF + b"\n% another"


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
    made = FileStorage(folder) if request.param == "in the clear" else SealedStorage(folder, Keyring((bytes(32),)))
    monkeypatch.setattr(documents, "storage", lambda: made)
    return made


@pytest.fixture
def filer(store: FileStorage) -> Actor:
    return acting_for(organisation("Example Systems (fictional)", Capacity.PROVIDER))


def send(filer: Actor, content: bytes, name: str = "a.pdf") -> Document:
    return documents.upload([content], name, actor=filer, at=NOW)


def back_up(
    target: Path, store: FileStorage, *, at: datetime = AT, keep: int | None = None, secrets: bool = True
) -> making.Made:
    return making.make(target, settings(), store, at=at, secrets=secrets, keep=keep, closed=False)


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
