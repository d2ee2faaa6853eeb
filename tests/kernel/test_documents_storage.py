"""Content is kept once, under its hash, and a crash leaves nothing half written."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aioffice.kernel.documents.sealing import Keyring
from aioffice.kernel.documents.storage import INCOMING, MARKS, FileStorage, NoSuchContent, SealedStorage, TooLarge
from tests.support.disk import record_synced

CONTENT = [b"one ", b"two ", b"three"]
DIGEST = hashlib.sha256(b"".join(CONTENT)).hexdigest()


@pytest.fixture(params=["in the clear", "sealed"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> FileStorage:
    """Every adapter keeps one contract."""
    folder = tmp_path / "documents"
    return FileStorage(folder) if request.param == "in the clear" else SealedStorage(folder, Keyring((bytes(32),)))


def keep(store: FileStorage, chunks: list[bytes]) -> str:
    with store.receiving(chunks, limit=1000) as received:
        received.keep()
        return received.digest


def files(store: FileStorage) -> list[Path]:
    """Content and what is on its way."""
    return [path for path in store.folder.rglob("*") if path.is_file() and path.parent != store.folder]


def test_what_was_kept_is_read_back(store: FileStorage) -> None:
    with store.receiving(CONTENT, limit=1000) as received:
        assert (received.digest, received.size) == (DIGEST, 13)
        with received.open() as file:
            assert file.read() == b"one two three"
        received.keep()
    with store.open(DIGEST) as file:
        assert file.read() == b"one two three"


def test_the_same_content_is_kept_once(store: FileStorage) -> None:
    assert keep(store, CONTENT) == keep(store, [b"one two three"])
    assert [path.name.removesuffix(".sealed") for path in files(store)] == [DIGEST]


def test_what_is_not_kept_leaves_nothing(store: FileStorage) -> None:
    with store.receiving(CONTENT, limit=1000):
        assert len(files(store)) == 1
    assert files(store) == []
    with pytest.raises(NoSuchContent):
        store.open(DIGEST)


def test_too_much_is_stopped_as_soon_as_it_is_too_much(store: FileStorage) -> None:
    sent = 0

    def endless() -> object:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 100

    with pytest.raises(TooLarge), store.receiving(endless(), limit=1000):  # type: ignore[arg-type]
        pytest.fail("it was taken in")
    assert sent == 11
    assert files(store) == []


def test_exactly_the_limit_comes_in(store: FileStorage) -> None:
    with store.receiving([b"x" * 1000], limit=1000) as received:
        assert received.size == 1000


@pytest.mark.parametrize("digest", ["", "../../../etc/passwd", "A" * 64, DIGEST[:-1], "0" * 64])
def test_only_digests_of_kept_content_open_anything(store: FileStorage, digest: str) -> None:
    keep(store, CONTENT)
    with pytest.raises(NoSuchContent):
        store.open(digest)


def test_only_the_owner_can_look_into_the_folder(store: FileStorage) -> None:
    keep(store, CONTENT)
    modes = {oct(path.stat().st_mode & 0o777) for path in store.folder.rglob("*")}
    assert modes <= {"0o700", "0o600"}


def test_what_was_kept_is_on_the_disk_with_every_name_that_leads_to_it(
    store: FileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = record_synced(monkeypatch)
    digest = keep(store, CONTENT)
    place = store.stored(digest).path
    assert any(path.parent == store.folder / INCOMING and path.suffix == ".new" for path in synced), "the content"
    assert synced[-4:] == [place.parent, place.parents[1], store.folder, store.folder.parent]
    if isinstance(store, SealedStorage):
        assert synced.index(store.folder / MARKS) < len(synced) - 4, "what sealed it is known before it is kept"
        assert synced[synced.index(store.folder / MARKS) + 1] == store.folder


def test_what_an_upload_left_that_was_killed_goes_and_one_on_its_way_stays(store: FileStorage) -> None:
    kept = keep(store, [b"kept"])
    left = [store.folder / INCOMING / ".upload.0.new", store.stored(kept).path.parent / f".{kept}.0.new"]
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    young = store.folder / INCOMING / "young"
    young.write_bytes(b"half")
    with store.receiving(CONTENT, limit=1000) as received:
        (upload,) = set(store.folder.glob(f"{INCOMING}/.upload.*")) - set(left)
        os.utime(upload, (0, 0))
        assert store.clear_drafts(before=datetime.now(UTC) - timedelta(days=1)) == 2
        assert young.exists()
        assert store.clear_drafts() == 1
        received.keep()
    with store.open(kept) as one, store.open(DIGEST) as other:
        assert (one.read(), other.read()) == (b"kept", b"one two three")
    assert len(files(store)) == 2


def test_content_that_goes_while_the_list_is_made_is_not_on_it(
    store: FileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = {keep(store, [bytes([number])]) for number in range(5)}
    real, gone = Path.stat, []

    def stat(path: Path, **more: Any) -> os.stat_result:
        if path.name.removesuffix(".sealed") in digests and not gone:
            gone.append(path.name.removesuffix(".sealed"))
            path.unlink()
        return real(path, **more)

    monkeypatch.setattr(Path, "stat", stat)
    listed = set(store.kept_before(datetime.now(UTC) + timedelta(days=1)))
    assert listed == digests - set(gone)
    assert len(listed) == 4


def test_old_content_is_listed_and_removed(store: FileStorage) -> None:
    digest = keep(store, CONTENT)
    day_ago = datetime.now(UTC) - timedelta(days=1)
    assert list(store.kept_before(day_ago)) == []
    os.utime(files(store)[0], (0, 0))
    assert list(store.kept_before(day_ago)) == [digest]
    keep(store, CONTENT)
    assert list(store.kept_before(day_ago)) == [], "content in use again counts as fresh"
    store.remove(digest)
    store.remove(digest)
    assert files(store) == []
