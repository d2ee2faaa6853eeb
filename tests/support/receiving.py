"""Machines outside, as tests need them: a receiver on the loopback with a certificate of a throw-away authority, well-behaved or not."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import trustme

from aioffice.kernel.outside import Pinned

HOST = "hooks.example.test"
LOOPBACK = ip_network("127.0.0.0/8")


@dataclass
class Received:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers every request with `answer` (bytes as they are), after `delay` seconds; with `drip`, a byte at a time, so far apart."""

    port: int
    ca_file: Path
    answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    delay: float = 0.0
    drip: float = 0.0
    requests: list[Received] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/hook", host: str = HOST) -> str:
        """An address of this receiver."""
        return f"https://{host}:{self.port}{path}"

    def answers(self, status: int, body: bytes = b"", **headers: str) -> None:
        """From now on, answer so."""
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def pinned(self, *addresses: str, seconds: float = 10.0, allowed: bool = True) -> Pinned:
        """An adapter whose resolver knows the receiver, at these addresses."""
        return Pinned(
            networks=(LOOPBACK,) if allowed else (),
            ports=frozenset({443, self.port}),
            ca_file=self.ca_file,
            seconds=seconds,
            resolve=lambda host, port: list(addresses or ("127.0.0.1",)),
        )


@contextmanager
def receiver(folder: Path, *names: str) -> Iterator[Receiver]:
    """A receiver whose certificate is for `names` (usually `HOST`)."""
    authority = trustme.CA()
    certificate = authority.issue_cert(*(names or (HOST,)))
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    listening = socket.create_server(("127.0.0.1", 0))
    found = Receiver(listening.getsockname()[1], ca_file)
    context.sni_callback = lambda _socket, name, _context: found.names.append(name)

    def accept() -> None:
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            found.connections += 1
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def serve(connection: socket.socket) -> None:
        connection.settimeout(20)
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            found.requests.append(_read(secure))
            time.sleep(found.delay)
            if not found.drip:
                secure.sendall(found.answer)
                return
            for place in range(len(found.answer)):
                secure.sendall(found.answer[place : place + 1])
                time.sleep(found.drip)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield found
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _read(connection: ssl.SSLSocket) -> Received:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65_536) or b"\r\n\r\n"
    head, _blank, body = data.partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (one.partition(":") for one in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65_536)
    return Received(line, headers, body)
