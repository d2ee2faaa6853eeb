"""Calling outside: the very address that was looked at, the name's own certificate, no redirect, no proxy, a bounded time."""

from __future__ import annotations

import gc
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from aioffice.kernel import outside as room
from aioffice.kernel.outside import NoAnswer, Outside, Pinned, Refused, Shut
from aioffice.kernel.settings import Settings
from tests.support.receiving import HOST, Receiver, receiver


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Receiver]:
    with receiver(tmp_path) as made:
        yield made


@pytest.fixture(params=["internet", "nothing"])
def adapter(request: pytest.FixtureRequest) -> Outside:
    """Each adapter there is."""
    return Shut() if request.param == "nothing" else Pinned(resolve=lambda host, port: ["10.0.0.1"])


def test_every_adapter_refuses_what_lies_inside_with_a_reason(adapter: Outside) -> None:
    for url in ("https://inside.example/", "https://127.0.0.1/", "http://example.eu/"):
        with pytest.raises(Refused, match=r"\w+ \w+"):
            adapter.check(url)
        with pytest.raises(Refused, match=r"\w+ \w+"):
            adapter.call("POST", url, body=b"{}")


def test_a_request_arrives_under_the_name_and_the_answer_comes_back(machine: Receiver) -> None:
    machine.answers(200, b"thank you")
    answer = machine.pinned().call("POST", machine.url("/a?b=c"), body=b"{}", headers={"webhook-id": "1"})
    assert (answer.status, answer.body) == (200, b"thank you")
    (got,) = machine.requests
    assert got.line == "POST /a?b=c HTTP/1.1"
    assert got.headers["host"] == f"{HOST}:{machine.port}"
    assert got.headers["webhook-id"] == "1"
    assert got.body == b"{}"
    assert machine.names == [HOST]


def test_a_certificate_of_another_name_is_not_accepted(tmp_path: Path) -> None:
    with receiver(tmp_path, "other.example.test", "127.0.0.1") as machine:
        with pytest.raises(NoAnswer) as error:
            machine.pinned().call("POST", machine.url(), body=b"{}")
        assert error.value.code == "tls"
        assert machine.requests == []


def test_a_certificate_of_an_unknown_authority_is_not_accepted(machine: Receiver) -> None:
    found = machine.pinned()
    unknowing = Pinned(networks=found.networks, ports=found.ports, resolve=found.resolve)
    with pytest.raises(NoAnswer) as error:
        unknowing.call("POST", machine.url(), body=b"{}")
    assert error.value.code == "tls"
    assert machine.requests == []


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.0.0.1",),
        ("93.184.216.34", "127.0.0.1"),
        ("127.0.0.1", "93.184.216.34"),
        ("93.184.216.34", "::1"),
        ("::ffff:127.0.0.1",),
        ("fe80::1%eth0",),
        ("169.254.169.254",),
        (),
    ],
)
def test_one_address_inside_is_enough_to_call_none(machine: Receiver, addresses: tuple[str, ...]) -> None:
    adapter = Pinned(ports=frozenset({machine.port}), ca_file=machine.ca_file, resolve=lambda host, port: addresses)
    with pytest.raises(Refused, match="leads to no machine on the public internet"):
        adapter.call("POST", machine.url(), body=b"{}")
    with pytest.raises(Refused, match="leads to no machine on the public internet"):
        adapter.check(machine.url())
    assert machine.connections == 0


def test_nobody_learns_which_names_lead_inside() -> None:
    """What is there and lies inside is refused in the same words as what is not there."""

    def missing(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    said = set()
    for resolve in (missing, lambda host, port: ["10.0.0.1"]):
        with pytest.raises(Refused) as error:
            Pinned(resolve=resolve).check("https://payroll.corp.example/")
        said.add(str(error.value))
    assert len(said) == 1


def test_a_name_that_leads_elsewhere_a_moment_later_changes_nothing(
    machine: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when looked at, inside when looked at again. It is looked at once, and called by number."""
    answers = itertools.chain([["93.184.216.34"]], itertools.repeat(["127.0.0.1"]))
    asked: list[str] = []
    connected: list[object] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    def connect(address: tuple[str, int], *_more: object, **_words: object) -> socket.socket:
        connected.append(address)
        raise OSError("the test ends here")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    adapter = Pinned(ports=frozenset({machine.port}), ca_file=machine.ca_file, resolve=rebinding)
    with pytest.raises(NoAnswer):
        adapter.call("POST", machine.url(), body=b"{}")
    assert asked == [HOST]
    assert connected == [("93.184.216.34", machine.port)]
    with pytest.raises(Refused):
        adapter.call("POST", machine.url(), body=b"{}")
    assert len(connected) == 1, "and the next call looks again"


def test_redirects_are_not_followed(machine: Receiver) -> None:
    for status in (301, 302, 303, 307, 308):
        machine.answers(status, Location="https://169.254.169.254/latest/meta-data/")
        assert machine.pinned().call("POST", machine.url(), body=b"{}").status == status
    assert machine.connections == 5


def test_no_proxy_of_the_environment_is_asked(machine: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert machine.pinned().call("POST", machine.url(), body=b"{}").status == 204


def test_of_a_long_answer_the_beginning_is_read(machine: Receiver) -> None:
    machine.answers(200, b"x" * 5_000_000)
    answer = machine.pinned().call("GET", machine.url(), most_bytes=1000)
    assert answer.body == b"x" * 1000


def test_what_is_sent_packed_stays_packed(machine: Receiver) -> None:
    machine.answers(200, b"\x1f\x8b bomb", **{"Content-Encoding": "gzip"})
    assert machine.pinned().call("GET", machine.url()).body == b"\x1f\x8b bomb"


@pytest.mark.parametrize(
    ("answer", "delay", "drip"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", 5.0, 0.0),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200, 0.0, 0.05),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"y" * 200, 0.0, 0.05),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20, 0.0, 0.05),
    ],
    ids=["silence", "headers in drops", "body in drops", "always about to answer"],
)
def test_a_slow_receiver_is_cut_off_in_time(machine: Receiver, answer: bytes, delay: float, drip: float) -> None:
    machine.answer, machine.delay, machine.drip = answer, delay, drip
    begin = time.monotonic()
    with pytest.raises(NoAnswer) as error:
        machine.pinned(seconds=0.8).call("POST", machine.url(), body=b"{}")
    assert error.value.code == "timeout"
    assert 0.5 < time.monotonic() - begin < 2.5


def test_a_handshake_that_never_comes_is_cut_off_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        adapter = Pinned(
            networks=(ip_network("127.0.0.0/8"),),
            ports=frozenset({port}),
            seconds=0.5,
            resolve=lambda host, asked: ["127.0.0.1"],
        )
        begin = time.monotonic()
        with pytest.raises(NoAnswer) as error:
            adapter.call("POST", f"https://{HOST}:{port}/", body=b"{}")
        assert error.value.code == "timeout"
        assert time.monotonic() - begin < 2


def test_a_resolver_that_does_not_answer_is_not_waited_for() -> None:
    let_go = threading.Event()

    def stuck(host: str, port: int) -> list[str]:
        let_go.wait(20)
        return ["93.184.216.34"]

    adapter = Pinned(seconds=0.3, resolve=stuck)
    begin = time.monotonic()
    with pytest.raises(NoAnswer) as error:
        adapter.call("POST", "https://example.eu/", body=b"{}")
    assert error.value.code == "timeout"
    with pytest.raises(Refused, match="could not be looked up in time"):
        adapter.check("https://example.eu/")
    assert time.monotonic() - begin < 2
    let_go.set()


def test_nobody_there_and_nonsense_are_told_apart(machine: Receiver) -> None:
    machine.answer = b"SMTP, actually\r\n"
    with pytest.raises(NoAnswer) as error:
        machine.pinned().call("POST", machine.url(), body=b"{}")
    assert error.value.code == "protocol"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nobody = Pinned(
        networks=(ip_network("127.0.0.0/8"),), ports=frozenset({port}), resolve=lambda host, asked: ["127.0.0.1"]
    )
    with pytest.raises(NoAnswer) as error:
        nobody.call("POST", f"https://{HOST}:{port}/", body=b"{}")
    assert error.value.code == "connection"


def test_another_address_of_the_name_is_tried_when_nobody_listens_at_the_first(machine: Receiver) -> None:
    assert machine.pinned("127.0.0.2", "127.0.0.1").call("POST", machine.url(), body=b"{}").status == 204


def test_no_thread_and_no_connection_is_left(machine: Receiver) -> None:
    before = threading.active_count()
    for _turn in range(5):
        machine.pinned().call("POST", machine.url(), body=b"{}")
    gc.collect()
    time.sleep(0.3)
    assert threading.active_count() <= before


def test_settings_choose_the_adapter_and_what_it_may_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = room.outside()
    assert isinstance(usual, Pinned)
    assert usual.networks == ()
    assert usual.ports == {443, 8443}
    monkeypatch.setenv("AIOFFICE_WEBHOOK_NETWORKS", "10.20.0.0/16, fd00:1::/64")
    monkeypatch.setenv("AIOFFICE_WEBHOOK_PORTS", "443,4443")
    monkeypatch.setenv("AIOFFICE_WEBHOOK_CA_FILE", str(tmp_path / "ca.pem"))
    named = Settings()
    monkeypatch.setattr(room, "settings", lambda: named)
    chosen = room.outside()
    assert isinstance(chosen, Pinned)
    assert chosen.networks == (ip_network("10.20.0.0/16"), ip_network("fd00:1::/64"))
    assert chosen.ports == {443, 4443}
    assert chosen.ca_file == tmp_path / "ca.pem"
    monkeypatch.setattr(room, "settings", lambda: named.model_copy(update={"outside_calls": False}))
    assert isinstance(room.outside(), Shut)


@pytest.mark.parametrize(
    ("name", "value"), [("AIOFFICE_WEBHOOK_PORTS", "443,70000"), ("AIOFFICE_WEBHOOK_NETWORKS", "10.0.0.1/8")]
)
def test_settings_without_meaning_are_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=r"no port|host bits"):
        Settings()


def test_whoever_waits_for_a_page_waits_a_shorter_time_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registration holds a thread of the web server meanwhile; sending has a queue of its own."""
    monkeypatch.setattr("aioffice.kernel.outside.pinned.LOOK_UP_SECONDS", 0.2)
    answered = threading.Event()
    slow = Pinned(resolve=lambda host, port: [] if answered.wait(5) else ["93.184.216.34"])
    begin = time.monotonic()
    with pytest.raises(Refused, match="could not be looked up in time"):
        slow.check("https://example.eu/")
    assert time.monotonic() - begin < 2
    answered.set()
