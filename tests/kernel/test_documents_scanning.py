"""One contract for every scanner; clamd is spoken to over a real socket."""

from __future__ import annotations

import io
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aioffice.kernel.documents.models import ScanState
from aioffice.kernel.documents.scanning import Clamd, Infected, NoScanner, Scanner, ScannerUnavailable, scanner
from aioffice.kernel.settings import settings

EVIL = b"this stands in for a virus"


class FakeClamd:
    """Speaks clamd's INSTREAM as the protocol says, and finds one virus: `EVIL`. `limit` is StreamMaxLength."""

    def __init__(self, listener: socket.socket, *, limit: int = 1_000_000, mute: bool = False) -> None:
        self.listener, self.limit, self.mute = listener, limit, mute
        self.received: list[bytes] = []
        listener.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                if not self.mute:
                    connection.sendall(self._answer(stream) + b"\0")

    def _answer(self, stream: io.BufferedReader) -> bytes:
        command = stream.read(10)
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        content = b""
        while size := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(size)
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        self.received.append(content)
        return b"stream: Fake.Virus-1 FOUND" if EVIL in content else b"stream: OK"

    def stop(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(timeout=5)


@pytest.fixture
def over_tcp() -> Iterator[FakeClamd]:
    fake = FakeClamd(socket.create_server(("127.0.0.1", 0)))
    yield fake
    fake.stop()


@pytest.fixture
def over_unix(tmp_path: Path) -> Iterator[FakeClamd]:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "clamd.sock"))
    fake = FakeClamd(listener)
    yield fake
    fake.stop()


def address(fake: FakeClamd) -> str:
    where = fake.listener.getsockname()
    return where if isinstance(where, str) else f"{where[0]}:{where[1]}"


@pytest.fixture(params=["none", "over_tcp", "over_unix"])
def any_scanner(request: pytest.FixtureRequest) -> Scanner:
    return NoScanner() if request.param == "none" else Clamd(address(request.getfixturevalue(request.param)), timeout=5)


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 300_000])
def test_a_clean_file_passes_and_the_answer_is_honest(any_scanner: Scanner, size: int) -> None:
    state = any_scanner.scan(io.BytesIO(b"x" * size))
    assert state is (ScanState.NOT_SCANNED if isinstance(any_scanner, NoScanner) else ScanState.CLEAN)


def test_nobody_calls_clean_what_is_infected(any_scanner: Scanner) -> None:
    file = io.BytesIO(b"harmless " + EVIL)
    if isinstance(any_scanner, NoScanner):
        assert any_scanner.scan(file) is ScanState.NOT_SCANNED
    else:
        with pytest.raises(Infected, match=r"^Fake\.Virus-1$"):
            any_scanner.scan(file)


def test_every_byte_reaches_clamd(over_tcp: FakeClamd) -> None:
    content = bytes(range(256)) * 1000
    Clamd(address(over_tcp), timeout=5).scan(io.BytesIO(content))
    assert over_tcp.received == [content]


def test_a_scanner_that_takes_less_than_the_file_is_no_clean_bill(over_tcp: FakeClamd) -> None:
    over_tcp.limit = 100_000
    with pytest.raises(ScannerUnavailable):
        Clamd(address(over_tcp), timeout=5).scan(io.BytesIO(b"x" * 200_000))


def test_a_scanner_that_hangs_up_is_no_clean_bill(over_tcp: FakeClamd) -> None:
    over_tcp.mute = True
    with pytest.raises(ScannerUnavailable):
        Clamd(address(over_tcp), timeout=5).scan(io.BytesIO(b"x"))


@pytest.mark.parametrize("nowhere", ["127.0.0.1:9", "/nonexistent/clamd.sock"])
def test_a_scanner_that_is_not_there_is_no_clean_bill(nowhere: str) -> None:
    with pytest.raises(ScannerUnavailable):
        Clamd(nowhere, timeout=1).scan(io.BytesIO(b"x"))


def test_the_setting_chooses_the_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(scanner(), NoScanner)
    monkeypatch.setenv("AIOFFICE_CLAMD_ADDRESS", "127.0.0.1:3310")
    settings.cache_clear()
    try:
        assert scanner() == Clamd("127.0.0.1:3310")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
