"""The real adapter: urllib3, connected to the very addresses that were looked at.

A name is resolved once. If any of its addresses is not public, none is called; otherwise the connection goes to one of them by number,
while the certificate is held against the name. A name that leads elsewhere a moment later (DNS rebinding) changes nothing. Redirects
are not followed, proxies of the environment are not asked.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path

from django.utils.translation import gettext as _
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TimedOut

from aioffice.kernel.outside.addresses import Network, Target, may_call, target_of
from aioffice.kernel.outside.port import LOOK_UP_SECONDS, MOST_BYTES, SECONDS, Answer, NoAnswer, Refused

PORTS = frozenset({443, 8443})


class _TooLate(TimeoutError):
    """The time for the whole call is over."""


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name as the machine's resolver knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    body: bytes
    headers: Mapping[str, str]
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Pinned:
    """Calls hosts on the public internet, and those in `networks`. `ca_file` holds certificates trusted beside the machine's own."""

    networks: Sequence[Network] = ()
    ports: frozenset[int] = PORTS
    ca_file: Path | None = None
    seconds: float = SECONDS
    resolve: Callable[[str, int], Sequence[str]] = look_up

    def check(self, url: str) -> None:
        """Raise `Refused` when the address would not be called now, also when its name leads nowhere."""
        target = target_of(url, self.ports)
        try:
            self._addresses(target, time.monotonic() + min(self.seconds, LOOK_UP_SECONDS))
        except NoAnswer:
            raise Refused(_("The name of the host could not be looked up in time. Try again in a minute.")) from None

    def call(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """Send one request and return the answer. Raises `Refused` or `NoAnswer`."""
        end = time.monotonic() + self.seconds
        target = target_of(url, self.ports)
        sent = {**(headers or {}), "Host": target.authority, "Connection": "close"}
        fault: NoAnswer | None = None
        for address in self._addresses(target, end):
            try:
                return self._ask(address, target, _Request(method, body, sent, most_bytes), end)
            except (_TooLate, TimedOut, TimeoutError):
                raise NoAnswer("timeout") from None
            except (SSLError, ssl.SSLError):
                raise NoAnswer("timeout" if time.monotonic() >= end else "tls") from None
            except _NotConnected:
                fault = NoAnswer("connection")  # nothing was sent: another of its addresses may do
            except (HTTPError, HTTPException, OSError, ValueError):
                raise NoAnswer("timeout" if time.monotonic() >= end else "protocol") from None
        raise fault or NoAnswer("connection")

    def _addresses(self, target: Target, end: float) -> list[str]:
        """The addresses of the host, in the order in which they are tried. Raises `Refused`, or `NoAnswer` when the time is over.

        What is not there and what lies inside are refused in the same words: nobody learns the names of our network here.
        """
        numeric = target.numeric
        found = [str(numeric)] if numeric else self._look_up(target, end)
        addresses = [ip_address(text.partition("%")[0]) for text in found]
        if not addresses or not all(may_call(address, self.networks) for address in addresses):
            raise Refused(
                _(
                    "“%(host)s” leads to no machine on the public internet. Check the name; addresses inside a network are not called."
                )
                % {"host": target.host}
            )
        return list(dict.fromkeys(map(str, addresses)))

    def _look_up(self, target: Target, end: float) -> list[str]:
        """Ask the resolver in a thread of its own: it keeps to no time limit of ours."""
        found: list[str] = []

        def ask() -> None:
            with suppress(OSError, UnicodeError):
                found.extend(self.resolve(target.host, target.port))

        asking = threading.Thread(target=ask, daemon=True, name="look-up")
        asking.start()
        asking.join(max(0.0, end - time.monotonic()))
        if asking.is_alive():
            raise NoAnswer("timeout")
        return found

    def _ask(self, address: str, target: Target, wanted: _Request, end: float) -> Answer:
        connection = HTTPSConnection(
            address,
            target.port,
            timeout=max(0.05, end - time.monotonic()),
            ssl_context=self._context(),
            server_hostname=target.host,
        )
        with _cut_off(connection, end):
            try:
                connection.connect()
            except NewConnectionError as error:  # by its class a time-out, by its meaning none
                raise _NotConnected from error
            except (SSLError, ssl.SSLError, TimedOut, TimeoutError):
                raise
            except (HTTPError, OSError) as error:
                raise _NotConnected from error
            connection.request(
                wanted.method,
                target.path,
                body=wanted.body or None,
                headers=wanted.headers,
                preload_content=False,
                decode_content=False,
            )
            response = connection.getresponse()
            read = response.read(wanted.most_bytes, decode_content=False)
            if time.monotonic() >= end:
                raise _TooLate
            return Answer(response.status, read)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(cafile=self.ca_file)
        return context


class _NotConnected(Exception):
    """Nobody listens at this address."""


@contextmanager
def _cut_off(connection: HTTPSConnection, end: float) -> Iterator[None]:
    """Close the connection at the end; when its time is over, cut it even while something trickles in byte by byte."""
    done = threading.Event()

    def watch() -> None:
        done.wait(max(0.0, end - time.monotonic()))
        while not done.wait(0.05):
            if connection.sock is not None:
                # The plain shutdown: that of a TLS socket would take its state away from the thread that reads.
                with suppress(OSError, ValueError):
                    socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    watching = threading.Thread(target=watch, daemon=True, name="cut-off")
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
        with suppress(OSError):
            connection.close()
