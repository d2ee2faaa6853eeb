"""Content sealed at rest: nothing of it lies on the disk in the clear, what was altered does not open, what was there before still does."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.documents.sealing import (
    CHUNK,
    HEADER,
    TAG_BYTES,
    Keyring,
    SealError,
    make_key,
    parse_key,
    seal,
    unsealed,
)
from aioffice.kernel.documents.storage import FileStorage, NoSuchContent, SealedStorage, Stored

RING = Keyring((parse_key(make_key()),))
OTHER = Keyring((parse_key(make_key()),))
SECRET = b"Nobody reads this on the disk. " * 5000


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sealed(content: bytes, ring: Keyring = RING) -> bytes:
    file = io.BytesIO()
    seal([content[:100], content[100:]], file, ring, digest_of(content))
    return file.getvalue()


def keep(store: FileStorage, content: bytes) -> str:
    with store.receiving([content[:70_000], content[70_000:]], limit=10_000_000) as received:
        received.keep()
        return received.digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@given(
    st.integers(0, 3 * CHUNK + 5),
    st.lists(st.tuples(st.integers(0, 3 * CHUNK + 9), st.integers(0, 2 * CHUNK)), max_size=5),
)
def test_any_part_of_any_content_is_read_back(size: int, reads: list[tuple[int, int]]) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    with unsealed(io.BytesIO(sealed(content)), RING, digest_of(content)) as file:
        assert file.read() == content
        assert file.seek(0, os.SEEK_END) == size
        for start, length in reads:
            file.seek(start)
            assert file.read(length) == content[start : start + length]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_what_was_altered_or_cut_off_does_not_open(size: int) -> None:
    content = os.urandom(size)
    good = sealed(content)
    places = {8, 20, HEADER - 1, HEADER, len(good) - 1, len(good) // 2}
    spoilt = [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in sorted(places) if at < len(good)]
    spoilt += [good[:-1], good + b"\0", good[: HEADER + TAG_BYTES - 1], good[:HEADER], good[: HEADER - 1], b""]
    if size > CHUNK:
        whole = CHUNK + TAG_BYTES
        spoilt += [good[: HEADER + whole], good[:HEADER] + good[HEADER + whole :]]
    for bad in spoilt:
        with pytest.raises(SealError), unsealed(io.BytesIO(bad), RING, digest_of(content)) as file:
            file.read()


def test_one_file_in_the_place_of_another_does_not_open() -> None:
    with pytest.raises(SealError, match="altered"):
        unsealed(io.BytesIO(sealed(b"one")), RING, digest_of(b"two"))


def test_another_key_is_named(folder: Path) -> None:
    digest = keep(SealedStorage(folder, RING), SECRET)
    with pytest.raises(SealError, match=r"sealed with the key .* Set AIOFFICE_DOCUMENT_KEY"):
        SealedStorage(folder, OTHER).open(digest)
    with pytest.raises(SealError, match="no key of documents"):
        FileStorage(folder).open(digest)
    for store in (SealedStorage(folder, OTHER), FileStorage(folder)):
        with pytest.raises(SealError, match="was sealed with the key"):
            store.check_keys()
        with pytest.raises(NoSuchContent):
            store.open("0" * 64)
    both = SealedStorage(folder, Keyring((*OTHER.keys, *RING.keys)))
    both.check_keys()
    with both.open(digest) as file:
        assert file.read() == SECRET
    both.remove(digest)
    SealedStorage(folder, OTHER).check_keys()


def test_nothing_lies_in_the_clear_from_the_first_byte_on(folder: Path) -> None:
    store = SealedStorage(folder, RING)
    with store.receiving([SECRET], limit=len(SECRET)) as received:
        (path,) = (folder / "incoming").iterdir()
        assert b"Nobody reads" not in path.read_bytes()
        with received.open() as file:
            assert file.read() == SECRET
        received.keep()
    assert not any(b"Nobody reads" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    first = store.stored(digest_of(SECRET))
    keep(store, SECRET)
    assert store.stored(digest_of(SECRET)).name != first.name, "another key, another copy"


def test_old_content_stays_readable_and_is_sealed_once_asked(folder: Path) -> None:
    plain, store = FileStorage(folder), SealedStorage(folder, RING)
    digest = keep(plain, SECRET)
    path = folder / digest[:2] / digest[2:4] / digest
    os.utime(path, (1000, 1000))
    with store.open(digest) as file:
        assert file.read() == SECRET
    assert list(store.in_the_clear()) == [digest]
    with store.open(digest) as before:
        assert store.seal(digest)
        assert before.read() == SECRET, "whoever was reading reads on"
    assert not store.seal(digest)
    assert not path.exists()
    assert list(store.in_the_clear()) == []
    with store.open(digest) as file:
        assert file.read() == SECRET
    assert list(store.kept_before(datetime.now(UTC))) == [digest]
    assert store.is_kept_before(digest, datetime.fromtimestamp(1001, UTC)), "for the sweep, it is as old as it was"


def test_content_that_changed_on_the_disk_is_not_sealed(folder: Path) -> None:
    digest = keep(FileStorage(folder), SECRET)
    path = folder / digest[:2] / digest[2:4] / digest
    path.write_bytes(b"something else")
    with pytest.raises(SealError, match="has changed on the disk"):
        SealedStorage(folder, RING).seal(digest)
    assert path.exists()


def test_turned_off_again_new_content_lies_in_the_clear_and_sealed_content_is_read(folder: Path) -> None:
    first = keep(SealedStorage(folder, RING), b"sealed before")
    off = SealedStorage(folder, RING, sealing=False)
    second = keep(off, b"in the clear")
    assert (folder / second[:2] / second[2:4] / second).read_bytes() == b"in the clear"
    with off.open(first) as file:
        assert file.read() == b"sealed before"


@pytest.mark.parametrize("ring", [None, RING])
def test_what_lies_here_is_brought_back_elsewhere(tmp_path: Path, ring: Keyring | None) -> None:
    def store(name: str) -> FileStorage:
        return SealedStorage(tmp_path / name, ring) if ring else FileStorage(tmp_path / name)

    digest = keep(store("one"), SECRET)
    lying = store("one").stored(digest)
    copy = tmp_path / "copy"
    copy.write_bytes(lying.path.read_bytes())
    store("two").put_back(Stored(lying.name, copy))
    with store("two").open(digest) as file:
        assert file.read() == SECRET
    assert store("two").stored(digest).name == lying.name
    with pytest.raises(NoSuchContent):
        store("two").stored("0" * 64)
    if ring:
        with pytest.raises(SealError):
            SealedStorage(tmp_path / "two", OTHER).check_keys()


@pytest.mark.parametrize("text", ["", "short", "x" * 44, "é" * 44])
def test_a_key_that_is_none_says_how_to_make_one(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rand -base64 32"):
        parse_key(text)
