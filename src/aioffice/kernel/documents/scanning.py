"""Looking for viruses: a port, an adapter for a clamd daemon (INSTREAM), and one for installations without a scanner."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from aioffice.kernel.documents.models import ScanState
from aioffice.kernel.settings import settings

_CHUNK = 1 << 16
_TIMEOUT = 60.0


class Infected(ValueError):
    """The scanner found something; the message is its name for it."""


class ScannerUnavailable(RuntimeError):
    """The scanner is set up but gave no answer, so the file cannot be taken in."""


class Scanner(Protocol):
    """Looks at one file."""

    def scan(self, file: BinaryIO) -> ScanState:
        """Return what is known of the file; raise `Infected` or `ScannerUnavailable`."""


class NoScanner:
    """Looks at nothing and says so."""

    def scan(self, file: BinaryIO) -> ScanState:
        """Say honestly that the file was not scanned."""
        return ScanState.NOT_SCANNED


@dataclass(frozen=True, slots=True)
class Clamd:
    """A clamd daemon at `host:port` or at the path of a Unix socket."""

    address: str
    timeout: float = _TIMEOUT

    def scan(self, file: BinaryIO) -> ScanState:
        """Send the file to clamd and read its verdict."""
        try:
            with self._connect() as connection:
                connection.sendall(b"zINSTREAM\0")
                while chunk := file.read(_CHUNK):
                    connection.sendall(struct.pack("!L", len(chunk)) + chunk)
                connection.sendall(struct.pack("!L", 0))
                answer = _read_answer(connection)
        except OSError as error:
            raise ScannerUnavailable(f"the virus scanner does not answer: {error}") from error
        if answer == "stream: OK":
            return ScanState.CLEAN
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            raise Infected(answer.removeprefix("stream: ").removesuffix(" FOUND"))
        raise ScannerUnavailable(f"the virus scanner answered: {answer or 'nothing'}")

    def _connect(self) -> socket.socket:
        host, colon, port = self.address.rpartition(":")
        if colon and port.isdigit():
            return socket.create_connection((host.strip("[]"), int(port)), timeout=self.timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.timeout)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _read_answer(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < 4096:
        part = connection.recv(4096)
        if not part:
            break
        received += part
    return received.rstrip(b"\0").decode("utf-8", "replace").strip()


def scanner() -> Scanner:
    """Return the scanner of this installation."""
    address = settings().clamd_address
    return Clamd(address) if address else NoScanner()
