"""Witnesses: a log that only grows is cosigned, one that shows two faces is refused with both of them named."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app
from aioffice.kernel import durable
from aioffice.kernel.ledger import statements
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint, verify_cosignature
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.keys import VerifierKey, generate_key
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.tiles import entries_path, pack_entries, tile_path
from tests.support.disk import record_synced

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
LOG_KEY = generate_key("office.example/ledger")
type Write = Callable[..., None]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A folder for a log."""
    return tmp_path / "log"


@pytest.fixture
def write(log: Path) -> Write:
    """Write a log of so many statements; another `word` makes another log of the same size."""

    def write(size: int, word: str = "a") -> None:
        entries = [
            statements.publication({"entry": f"{word}{n}"}, AT, {"/name": f"{n:064x}"}).encode() for n in range(size)
        ]
        growth = Edge().grow(leaf_hash(entry) for entry in entries)
        shutil.rmtree(log, ignore_errors=True)
        files = {tile_path(tile.level, tile.index, tile.width): tile.hashes for tile in growth.tiles}
        for index in range(-(-size // 256)):
            part = entries[index * 256 : (index + 1) * 256]
            files[entries_path(index, len(part))] = pack_entries(part)
        checkpoint = Checkpoint(LOG_KEY.name, size, growth.edge.root())
        files |= {"checkpoint": bytes(sign_checkpoint(checkpoint, LOG_KEY)), "key": f"{LOG_KEY.verifier}\n".encode()}
        for path, data in files.items():
            (log / path).parent.mkdir(parents=True, exist_ok=True)
            (log / path).write_bytes(data)

    return write


@pytest.fixture
def look(tmp_path: Path, log: Path) -> Callable[..., Result]:
    """Let the witness look at the log."""

    def look(*more: str) -> Result:
        files = (
            "--key-file",
            str(tmp_path / "w.key"),
            "--state",
            str(tmp_path / "seen"),
            "--out",
            str(tmp_path / "out"),
        )
        return CliRunner().invoke(app, ["ledger", "witness", str(log), *files, "--name", "witness.example/w", *more])

    return look


def test_a_log_that_grows_is_cosigned_each_time(tmp_path: Path, write: Write, look: Callable[..., Result]) -> None:
    write(3)
    first = look("--json")
    assert first.exit_code == 0, first.stderr
    witness = VerifierKey.parse(json.loads(first.stdout)["witness"])
    assert witness.name == "witness.example/w"
    assert stat.S_IMODE((tmp_path / "w.key").stat().st_mode) == 0o600
    for size in (300, 300, 70_000):
        write(size)
        assert look().exit_code == 0
        note = parse_note((tmp_path / "out").read_bytes())
        assert note.text.splitlines()[1] == str(size)
        assert abs((verify_cosignature(note, witness) - datetime.now(UTC)).total_seconds()) < 60
        assert note.verify([LOG_KEY.verifier])


def test_two_roots_of_one_size_are_refused(tmp_path: Path, write: Write, look: Callable[..., Result]) -> None:
    write(3)
    assert look().exit_code == 0
    before = (tmp_path / "out").read_bytes()
    write(3, word="b")
    refused = look()
    assert refused.exit_code == 1
    assert "split view" in refused.stderr
    assert len(set(re.findall("[0-9a-f]{64}", refused.stderr))) == 2, refused.stderr
    assert (tmp_path / "out").read_bytes() == before, "nothing was cosigned"
    write(3)
    assert look().exit_code == 0, "the witness remembers what it saw, not what it refused"


def test_what_was_seen_is_on_the_disk_whole_before_it_is_handed_out(
    tmp_path: Path, write: Write, look: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(3)
    synced = record_synced(monkeypatch)
    assert look().exit_code == 0
    assert tmp_path / "w.key" in synced
    memory = next(place for place in synced if place.name.startswith(".seen."))
    assert tmp_path in synced[synced.index(memory) :], "and its name"
    assert (tmp_path / "out").exists()
    before = (tmp_path / "seen").read_bytes(), (tmp_path / "out").read_bytes()
    write(300)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused = look()
    assert refused.exit_code == 1
    assert "No space left" in refused.stderr
    assert ((tmp_path / "seen").read_bytes(), (tmp_path / "out").read_bytes()) == before


def test_two_looks_at_once_take_turns(tmp_path: Path, write: Write, look: Callable[..., Result]) -> None:
    write(3)
    results: list[Result] = []
    other = threading.Thread(target=lambda: results.append(look()))
    with durable.locked(tmp_path / ".seen.lock"):
        other.start()
        other.join(0.5)
        assert other.is_alive()
        assert not (tmp_path / "seen").exists()
    other.join(20)
    assert [one.exit_code for one in results] == [0]


@pytest.mark.parametrize(("size", "word", "said"), [(5, "b", "does not begin with"), (2, "a", "has shrunk")])
def test_a_log_that_began_anew_or_shrank_is_refused(
    write: Write, look: Callable[..., Result], size: int, word: str, said: str
) -> None:
    write(3)
    assert look().exit_code == 0
    write(size, word=word)
    refused = look()
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert "seen before: root" in refused.stderr
    assert "now: root" in refused.stderr


def test_at_the_first_look_the_tiles_must_lead_to_the_root(
    log: Path, write: Write, look: Callable[..., Result]
) -> None:
    write(3)
    tile = log / tile_path(0, 0, 3)
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    refused = look()
    assert refused.exit_code == 1
    assert "do not lead to the root" in refused.stderr


def test_a_log_with_another_key_than_before_is_refused(log: Path, write: Write, look: Callable[..., Result]) -> None:
    write(3)
    assert look("--key", str(generate_key(LOG_KEY.name).verifier)).exit_code == 1
    assert look("--key", str(LOG_KEY.verifier)).exit_code == 0
    (log / "key").write_text(f"{generate_key(LOG_KEY.name).verifier}\n")
    assert look().exit_code == 0, "the key it knows, not the one that is served now"
    (log / "checkpoint").unlink()
    assert "there is no checkpoint" in look().stderr


def test_what_is_no_key_and_no_state_is_said(tmp_path: Path, write: Write, look: Callable[..., Result]) -> None:
    write(3)
    (tmp_path / "seen").write_text("{}")
    assert "not the state that a witness keeps" in look().stderr
    (tmp_path / "seen").unlink()
    (tmp_path / "w.key").write_text("PRIVATE+KEY+nonsense")
    refused = look()
    assert refused.exit_code == 1
    assert "nonsense" not in refused.stderr
