"""Two running offices, each with a database of its own, witness one another; a third party sends its cosignature; a fork is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aics_tlog as other
import pytest

from aioffice.kernel.ledger.add_checkpoint import Submission
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint, verify_cosignature
from aioffice.kernel.ledger.errors import LedgerError
from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, generate_key
from aioffice.kernel.ledger.notes import Note, parse_note
from tests.house.test_new_keys_survive_crashes import NOTE_SOMETHING
from tests.support.office import PATIENCE, Office, free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Place:
    """An office and the keys that it is given."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.port = name, folder / name, free_port()
        self.folder.mkdir()
        self.log = generate_key(f"{name}.example/ledger")
        self.internal = generate_key(f"{name}.example/ledger/internal")
        self.witness = generate_key(f"{name}.example/witness", COSIGNATURE)
        self.settings: dict[str, str] = {}
        self.office: Office | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ledger"

    def open(self, **settings: str) -> None:
        self.settings = {
            "AIOFFICE_LEDGER_KEY": self.log.secret,
            "AIOFFICE_LEDGER_INTERNAL_KEY": self.internal.secret,
            "AIOFFICE_LEDGER_WITNESS_KEY": self.witness.secret,
            "AIOFFICE_WITNESS_TIMEOUT_SECONDS": "5",
            **settings,
        }
        self.office = Office(self.folder / "data", self.port, **self.settings)
        self.office.until("Ctrl-C closes it.")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of this office."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AIOFFICE_", "PYTEST_", "DJANGO_"))}
        more = {"AIOFFICE_DATA_DIR": str(self.folder / "data"), "DJANGO_SETTINGS_MODULE": "aioffice.doors.settings"}
        return subprocess.run(
            [sys.executable, *arguments],
            env=clean | more | self.settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def note_something(self) -> None:
        """Let the public log grow."""
        done = self.run("-c", NOTE_SOMETHING)
        assert done.returncode == 0, done.stderr

    def checkpoint(self) -> Note:
        return parse_note(get(f"{self.url}/checkpoint"))


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


def post(url: str, body: bytes) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, {"Content-Type": "text/plain"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def until(what: Callable[[], Any], words: str) -> Any:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if found := what():
                return found
        except (OSError, LedgerError):
            pass
        assert time.monotonic() < end, words
        time.sleep(0.3)


THIRD = generate_key("third.example/w", COSIGNATURE)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """Two offices that name each other."""
    one, another = Place("one", tmp_path), Place("another", tmp_path)
    try:
        for own, peer in ((one, another), (another, one)):
            witnesses = f"{peer.witness.verifier} {peer.url}/witness, {THIRD.verifier}"
            own.open(AIOFFICE_WITNESSES=witnesses, AIOFFICE_WITNESSED_LOGS=str(peer.log.verifier))
        yield one, another
    finally:
        for place in (one, another):
            if place.office is not None and place.office.process.poll() is None:
                place.office.end()


def cosigned(place: Place, witness: SigningKey) -> Note:
    def look() -> Note:
        note = place.checkpoint()
        verify_cosignature(note, witness.verifier)
        return note

    found: Note = until(look, f"{witness.name} never cosigned {place.name}")
    return found


def test_each_cosigns_what_the_other_publishes_and_refuses_a_fork(two: tuple[Place, Place], tmp_path: Path) -> None:
    one, another = two
    for _ in range(2):
        for place, peer in ((one, another), (another, one)):
            before = size_of(place)
            place.note_something()
            until(lambda at=before, log=place: size_of(log) > at, f"{place.name} never grew")
            note = cosigned(place, peer.witness)
            found = other.verify_checkpoint(
                other.parse_note(bytes(note)),
                other.parse_vkey(str(place.log.verifier)),
                [other.parse_vkey(str(peer.witness.verifier))],
                1,
            )
            assert found.ok
            page = get(f"http://127.0.0.1:{place.port}/en/ledger/").decode()
            assert f"<strong>{peer.witness.name}</strong>: the newest checkpoint" in page

    verify = ("-m", "aioffice.doors.cli", "ledger", "verify", one.url, "--key", str(one.log.verifier), "--json")
    checked = another.run(*verify, "--witness", str(another.witness.verifier))
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["fits"]
    assert another.run(*verify, "--witness", str(THIRD.verifier)).returncode == 1

    (tmp_path / "w.key").write_text(THIRD.secret)
    look = ("-m", "aioffice.doors.cli", "ledger", "witness", one.url, "--key", str(one.log.verifier))
    files = ("--key-file", str(tmp_path / "w.key"), "--state", str(tmp_path / "seen"), "--out", str(tmp_path / "out"))
    sent = another.run(*look, *files, "--send")
    assert sent.returncode == 0, sent.stderr
    assert "Taken: third.example/w" in sent.stderr
    cosigned(one, THIRD)
    assert another.run(*verify, "--witness", str(THIRD.verifier)).returncode == 0
    (tmp_path / "x.key").write_text(generate_key("nobody.example/w", COSIGNATURE).secret)
    refused = another.run(*look, "--key-file", str(tmp_path / "x.key"), "--state", str(tmp_path / "other"), "--send")
    assert refused.returncode == 1
    assert "Not taken by" in refused.stderr

    true = Checkpoint.parse(one.checkpoint().text)
    fork = sign_checkpoint(Checkpoint(true.origin, true.size, bytes(32)), one.log)
    status, _ = post(f"{another.url}/witness/add-checkpoint", bytes(Submission(true.size, (), fork)))
    assert status == 409
    page = get(f"http://127.0.0.1:{another.port}/en/ledger/").decode()
    assert f"{one.log.name} signed two different logs of {true.size} entries" in page
    status, words = post(f"{one.url}/cosignatures", bytes(fork))
    assert status == 409
    assert bytes(32).hex() in words.decode()
    assert another.office is not None
    another.office.end()
    assert "ledger_split_view" in another.office.said

    # Nobody is there to be asked: the log goes on all the same.
    before = size_of(one)
    one.note_something()
    until(lambda: size_of(one) > before, "the log waits for its witness")
    assert one.checkpoint().verify([one.log.verifier])


def size_of(place: Place) -> int:
    try:
        return Checkpoint.parse(place.checkpoint().text).size
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
        return 0
