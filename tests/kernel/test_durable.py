"""A file that is replaced is the old one or the new one, whatever happens on the way, and both writers of two are whole."""

from __future__ import annotations

import fcntl
import stat
import threading
from pathlib import Path

import pytest

from aioffice.kernel import durable
from tests.support.disk import record_synced


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "said [once].json"
    place.write_bytes(b"old")
    return place


def lying(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


def test_the_new_file_takes_the_place_of_the_old_one_and_the_disk_holds_both_bytes_and_name(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = record_synced(monkeypatch)
    durable.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    draft, folder = synced
    assert (draft.parent, draft.suffix, folder) == (path.parent, durable.DRAFT, path.parent)
    assert lying(path) == [path.name]


def test_a_write_that_fails_leaves_the_old_file(path: Path) -> None:
    def broken() -> None:
        with durable.replacing(path) as file:
            file.write(b"new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert path.read_bytes() == b"old"
    assert lying(path) == [path.name]


def test_two_who_write_at_once_do_not_meet(path: Path) -> None:
    """The one who began first ends last: each file was whole all the while."""
    with durable.replacing(path) as first:
        first.write(b"first, ")
        durable.replace(path, b"second")
        assert path.read_bytes() == b"second"
        first.write(b"whole")
    assert path.read_bytes() == b"first, whole"
    assert lying(path) == [path.name]


def test_what_a_dead_writer_left_goes_with_the_next_writing(path: Path) -> None:
    left = path.with_name(f".{path.name}.0123{durable.DRAFT}")
    left.write_bytes(b"half")
    durable.replace(path, b"new")
    assert lying(path) == [path.name]


def test_a_draft_that_was_cleared_before_it_was_locked_is_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleared: list[Path] = []
    real = fcntl.flock

    def flock(handle: int, how: int) -> None:
        if not cleared:
            cleared.append(Path(f"/proc/self/fd/{handle}").readlink())
            cleared[0].unlink()
        real(handle, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    durable.replace(path, b"new")
    assert cleared
    assert path.read_bytes() == b"new"


def test_folders_are_made_for_their_owner_and_their_names_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = record_synced(monkeypatch)
    made = durable.make_folder(tmp_path / "one" / "two")
    assert synced == [tmp_path, tmp_path / "one"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in (made, made.parent)} == {0o700}
    durable.make_folder(made)
    assert len(synced) == 2, "they are there"


def test_whoever_locks_the_same_file_waits(tmp_path: Path) -> None:
    order: list[str] = []

    def second() -> None:
        with durable.locked(tmp_path / ".lock"):
            order.append("second")

    other = threading.Thread(target=second)
    with durable.locked(tmp_path / ".lock"):
        other.start()
        other.join(0.3)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]
