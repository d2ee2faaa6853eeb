"""Witnessing: this office cosigns logs that only grow, has its own cosigned, takes in what witnesses send, and tells of a split."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import aics_tlog as other
import pytest
from django.test import Client
from django.utils import timezone
from pydantic import ValidationError
from structlog.testing import capture_logs

from aioffice.kernel.ledger import being_a_witness, cosignatures, site
from aioffice.kernel.ledger.add_checkpoint import Submission, read_signatures, read_size
from aioffice.kernel.ledger.asking_witnesses import Refusal, ask_all
from aioffice.kernel.ledger.checkpoints import Checkpoint, cosign, sign_checkpoint, verify_cosignature
from aioffice.kernel.ledger.errors import MalformedNote
from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, generate_key
from aioffice.kernel.ledger.notes import Note, parse_note
from aioffice.kernel.ledger.proving import prove_consistency
from aioffice.kernel.ledger.signing import PUBLIC, WITNESS, signing_key, verifier_key
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import Settings, settings
from aioffice.register.procedure import RegisterExempt
from tests.kernel.ledger.example_log import ORIGIN, Log, subject
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = generate_key("witness.example/w", COSIGNATURE)
STRANGER = generate_key("stranger.example/w", COSIGNATURE)


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set settings of the ledger."""
    base = settings()

    def configure(**changed: Any) -> None:
        found = Settings.model_validate(base.model_dump() | changed)
        for module in ("kernel.ledger.being_a_witness", "kernel.ledger.cosignatures", "kernel.ledger.asking_witnesses"):
            monkeypatch.setattr(f"aioffice.{module}.settings", lambda: found)
        monkeypatch.setattr("aioffice.doors.web.public_ledger.settings", lambda: found)

    return configure


# ---- being a witness


@pytest.fixture
def log(tmp_path: Path, configure: Callable[..., None]) -> Log:
    """Another office's log, which the settings name."""
    made = Log(tmp_path / "log")
    configure(witnessed_logs=made.vkey)
    return made


def grow(log: Log, count: int) -> None:
    for _ in range(count):
        log.publish(subject(log.edge.size), {"name": "One"})
    log.seal()


def request(log: Log, old: int, note: bytes | None = None) -> bytes:
    size = log.edge.size
    proof = tuple(prove_consistency(old, size, log.reader().hashes)) if old <= size else ()
    return bytes(Submission(old, proof, parse_note(note or log.fetch("checkpoint") or b"")))


def post(body: bytes, path: str = "witness/add-checkpoint") -> Any:
    return Client().post(f"/ledger/{path}", body, content_type="text/plain; charset=utf-8")


def page() -> str:
    return Client().get("/en/ledger/").content.decode()


def test_a_log_that_only_grows_is_cosigned_each_time(log: Log) -> None:
    old = 0
    for more in (1, 0, 5, 300):
        grow(log, more)
        answer = post(request(log, old))
        assert answer.status_code == 200, answer.content
        note = parse_note(log.fetch("checkpoint") or b"")
        signed = Note(note.text, tuple(read_signatures(answer.content, note)))
        assert abs(verify_cosignature(signed, verifier_key(WITNESS)) - timezone.now()) < timedelta(minutes=1)
        old = log.edge.size
    assert [(one.origin, one.size) for one, _ in site.witnessed()] == [(ORIGIN, 306)]
    assert f"<strong>{ORIGIN}</strong>: 306 entries, signed by this Office" in page()


def test_another_implementation_takes_the_cosignature(log: Log) -> None:
    grow(log, 3)
    data = (log.fetch("checkpoint") or b"") + post(request(log, 0)).content
    found = other.verify_checkpoint(
        other.parse_note(data), other.parse_vkey(log.vkey), [other.parse_vkey(str(verifier_key(WITNESS)))], 1
    )
    assert (found.ok, found.size) == (True, 3)


def test_who_does_not_know_how_far_the_witness_is_is_told(log: Log) -> None:
    grow(log, 3)
    assert post(request(log, 0)).status_code == 200
    grow(log, 2)
    for old in (0, 4, 5):
        answer = post(request(log, old))
        assert (answer.status_code, answer.headers["Content-Type"]) == (409, "text/x.tlog.size")
        assert read_size(answer.content) == 3
    assert post(request(log, 3)).status_code == 200


def test_two_roots_of_one_size_are_refused_named_and_shown_to_everyone(log: Log, tmp_path: Path) -> None:
    grow(log, 3)
    assert post(request(log, 0)).status_code == 200
    fork = Log(tmp_path / "fork", log.key)
    fork.publish(subject(9), {"name": "Another"})
    grow(fork, 2)
    with capture_logs() as said:
        answer = post(request(fork, 3))
    assert (answer.status_code, answer.content) == (409, b"3\n")
    (event,) = [one for one in said if one["event"] == "ledger_split_view"]
    assert (event["log_level"], event["log"]) == ("error", ORIGIN)
    assert (event["seen_before"], event["shown_now"]) == (log.edge.root().hex(), fork.edge.root().hex())
    (split,) = site.split_views()
    assert (split.origin, split.size) == (ORIGIN, 3)
    shown = page()
    assert f"{ORIGIN} signed two different logs of 3 entries" in shown
    for text in (split.kept, split.shown):
        assert parse_note(text.encode()).verify([log.key.verifier])
        assert text.splitlines()[2].replace("+", "&#x2B;") in shown or text.splitlines()[2] in shown
    grow(log, 1)
    assert post(request(log, 3)).status_code == 200, "the witness remembers what it saw, not what it refused"


def test_a_longer_fork_is_refused_with_both_roots(log: Log, tmp_path: Path) -> None:
    grow(log, 3)
    assert post(request(log, 0)).status_code == 200
    fork = Log(tmp_path / "fork", log.key)
    fork.publish(subject(9), {"name": "Another"})
    grow(fork, 6)
    answer = post(request(fork, 3))
    assert answer.status_code == 422
    assert log.edge.root().hex() in answer.content.decode()
    assert fork.edge.root().hex() in answer.content.decode()
    assert site.split_views() == [], "anyone can send a wrong proof: that is no evidence against the log"
    assert site.witnessed()[0][0].size == 3


def test_unknown_logs_keys_and_requests_are_refused(log: Log, tmp_path: Path) -> None:
    grow(log, 3)
    good = request(log, 0)
    unknown = Log(tmp_path / "unknown", log.key)
    unknown.append_entries(b"{}")
    stranger = generate_key("elsewhere.example")
    note = bytes(sign_checkpoint(Checkpoint(stranger.name, 1, unknown.edge.root()), stranger))
    assert post(bytes(Submission(0, (), parse_note(note)))).status_code == 404
    forged = bytes(sign_checkpoint(log.checkpoint, generate_key(ORIGIN)))
    assert post(request(log, 0, forged)).status_code == 403
    assert post(bytes(Submission(4, (), parse_note(log.fetch("checkpoint") or b"")))).status_code == 400
    assert post(good.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n")).status_code == 422
    for bad in (
        b"",
        b"old 0\n",
        good.replace(b"old 0", b"old 00"),
        good.replace(b"old 0", b"new 0"),
        good.replace(b"old 0\n", b"old 0\nnonsense\n"),
        good.replace(b"old 0\n", b"old 0\n" + b"AAAA\n"),
        good.replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64),
        good.replace("—".encode(), b"-"),
    ):
        assert post(bad).status_code == 400, bad
    assert post(good + b"x" * 70_000).status_code == 413
    assert Client().get("/ledger/witness/add-checkpoint").status_code == 405
    assert site.witnessed() == []


def test_an_office_that_witnesses_nobody_says_so(tmp_path: Path) -> None:
    stray = Log(tmp_path)
    grow(stray, 1)
    assert post(request(stray, 0)).status_code == 404
    assert "Logs that this Office witnesses" not in page()


def test_requests_and_answers_are_read_as_they_are_written() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 1, bytes(32)), generate_key(ORIGIN))
    sent = Submission(7, (bytes(32), b"\1" * 32), note)
    assert Submission.parse(bytes(sent)) == sent
    for body in (b"", b"3", b"03\n", b"-1\n", b"3\n4\n"):
        with pytest.raises(MalformedNote):
            read_size(body)


# ---- being witnessed


@pytest.fixture
def published() -> None:
    """One entry in the public log."""
    file("Essay Formatter")


def file(name: str) -> None:
    provider = acting_for(organisation(f"Provider of {name}", Capacity.PROVIDER))
    perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name=name), at=NOW)
    settle(NOW)


class FakeWitness:
    """A witness on a port of its own that keeps to the protocol, or does not."""

    def __init__(self, key: SigningKey) -> None:
        self.key, self.size, self.asked = key, 0, 0
        self.answer: Callable[[Submission], tuple[int, bytes]] = self.keep_to_it

    def keep_to_it(self, said: Submission) -> tuple[int, bytes]:
        if said.old != self.size:
            return 409, f"{self.size}\n".encode()
        now = Checkpoint.parse(said.note.text)
        self.size = now.size
        return 200, str(cosign(now, self.key, NOW)).encode()


class _Door(BaseHTTPRequestHandler):
    def __init__(self, fake: FakeWitness, *given: Any) -> None:
        self.fake = fake
        super().__init__(*given)

    def do_POST(self) -> None:
        self.fake.asked += 1
        assert self.path == "/w/add-checkpoint"
        status, body = self.fake.answer(Submission.parse(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def fake(configure: Callable[..., None]) -> Iterator[FakeWitness]:
    made = FakeWitness(ELSEWHERE)
    server = HTTPServer(("127.0.0.1", 0), partial(_Door, made))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    configure(
        witnesses=f"{ELSEWHERE.verifier} http://127.0.0.1:{server.server_address[1]}/w, {STRANGER.verifier}",
        witness_timeout_seconds=2,
    )
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def lines() -> list[str]:
    return [one.name for one in parse_note(SITE.newest() or b"").signatures]


def refusal() -> str:
    return "".join(why for _, why, _ in site.refusals())


@pytest.mark.usefixtures("published")
def test_the_newest_checkpoint_is_cosigned_and_served_so(fake: FakeWitness) -> None:
    assert ask_all(NOW) == 1
    assert ask_all(NOW) == 0, "asked once for each checkpoint"
    note = parse_note(Client().get("/ledger/checkpoint").content)
    assert verify_cosignature(note, ELSEWHERE.verifier) == NOW
    assert note.verify([verifier_key()])
    bare = cosignatures.own_checkpoint()
    assert bare is not None
    assert bytes(note).startswith(bytes(bare)), "lines are added, nothing else changes"
    assert other.verify_checkpoint(
        other.parse_note(bytes(note)),
        other.parse_vkey(str(verifier_key())),
        [other.parse_vkey(str(ELSEWHERE.verifier))],
        1,
    ).ok
    assert "<strong>witness.example/w</strong>: the newest checkpoint" in page()
    file("Another")
    assert lines() == [verifier_key().name]
    assert "<strong>witness.example/w</strong>: the log at 3 entries" in page()
    assert ask_all(NOW) == 1
    assert lines() == [verifier_key().name, "witness.example/w"]


@pytest.mark.usefixtures("published")
def test_a_witness_that_is_further_than_we_know_is_asked_from_there(fake: FakeWitness) -> None:
    fake.size = 2
    assert ask_all(NOW) == 1
    assert fake.asked == 2


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("answer", "why", "loud"),
    [
        (lambda _: (409, b"3\n"), Refusal.SPLIT, True),
        (lambda _: (422, b"no"), Refusal.SPLIT, True),
        (lambda _: (409, b"9\n"), Refusal.AHEAD, True),
        (lambda _: (404, b""), Refusal.UNKNOWN, False),
        (lambda _: (403, b""), Refusal.UNKNOWN, False),
        (lambda _: (500, b""), Refusal.UNREACHED, False),
        (lambda _: (302, b""), Refusal.UNREACHED, False),
        (lambda _: (200, b"nonsense\n"), Refusal.MALFORMED, False),
        (
            lambda said: (200, str(cosign(Checkpoint.parse(said.note.text), STRANGER, NOW)).encode()),
            Refusal.MALFORMED,
            False,
        ),
        (
            lambda said: (200, str(cosign(Checkpoint(verifier_key().name, 3, bytes(32)), ELSEWHERE, NOW)).encode()),
            Refusal.MALFORMED,
            False,
        ),
    ],
)
def test_what_is_no_cosignature_is_not_taken_and_the_page_says_why(
    fake: FakeWitness, answer: Callable[[Submission], tuple[int, bytes]], why: Refusal, loud: bool
) -> None:
    fake.answer = answer
    with capture_logs() as said:
        assert ask_all(NOW) == 0
    assert refusal() == why
    assert any(one["log_level"] == "error" and one["event"] == "ledger_split_view" for one in said) == loud
    assert lines() == [verifier_key().name]
    assert "Asked and not signed:" in page()
    fake.answer = fake.keep_to_it
    assert ask_all(NOW) == 1
    assert refusal() == ""


@pytest.mark.usefixtures("published")
def test_a_witness_that_is_not_there_holds_nothing_up(configure: Callable[..., None]) -> None:
    configure(witnesses=f"{ELSEWHERE.verifier} http://127.0.0.1:9/w", witness_timeout_seconds=1)
    assert ask_all(NOW) == 0
    assert refusal() == Refusal.UNREACHED
    file("Another")
    assert site.newest_size() == 5
    assert ask_all(NOW, unreached_too=False) == 0
    configure()
    assert ask_all(NOW) == 0
    assert refusal() == "", "a witness that the settings no longer name is forgotten"


@pytest.mark.usefixtures("published")
def test_a_checkpoint_queues_one_asking(fake: FakeWitness) -> None:
    from django.db import connection

    from aioffice.kernel.db import plumbing

    file("Another")
    file("A third")
    with plumbing(), connection.cursor() as cursor:
        cursor.execute("select count(*) from office.procrastinate_jobs where task_name = 'ledger.ask_witnesses'")
        assert cursor.fetchone() == (1,)


@pytest.mark.usefixtures("published")
def test_a_witness_may_send_its_cosignature_itself(fake: FakeWitness) -> None:
    own = cosignatures.own_checkpoint()
    assert own is not None
    now = Checkpoint.parse(own.text)
    good = bytes(own.with_signatures(cosign(now, STRANGER, NOW)))
    assert post(good, "cosignatures").status_code == 200
    assert post(good, "cosignatures").status_code == 200, "twice is once"
    assert lines() == [verifier_key().name, "stranger.example/w"]
    nobody = generate_key("nobody.example/w", COSIGNATURE)
    for body, status in (
        (bytes(own), 403),
        (bytes(own.with_signatures(cosign(now, nobody, NOW))), 403),
        (bytes(own.with_signatures(cosign(Checkpoint(now.origin, now.size, bytes(32)), ELSEWHERE, NOW))), 403),
        (bytes(sign_checkpoint(Checkpoint(now.origin, 99, bytes(32)), generate_key(now.origin))), 403),
        (b"nonsense", 400),
        (good * 400, 413),
    ):
        assert post(body, "cosignatures").status_code == status, body
    assert lines() == [verifier_key().name, "stranger.example/w"]


@pytest.mark.usefixtures("published")
def test_a_checkpoint_in_our_name_that_we_never_had_is_told_loudly(fake: FakeWitness) -> None:
    forged = sign_checkpoint(Checkpoint(verifier_key().name, 3, bytes(32)), signing_key(PUBLIC))
    with capture_logs() as said:
        answer = post(bytes(forged), "cosignatures")
    assert answer.status_code == 409
    assert bytes(32).hex() in answer.content.decode()
    assert [one["log_level"] for one in said if one["event"] == "ledger_split_view"] == ["error"]


def test_settings_name_keys_of_the_right_kind() -> None:
    log_key = generate_key(ORIGIN).verifier
    good = Settings(
        witnesses=f"{ELSEWHERE.verifier} https://w.example, {STRANGER.verifier}", witnessed_logs=str(log_key)
    )  # type: ignore[arg-type]
    assert len(good.witnesses) == 2
    for bad in (
        {"witnesses": "nonsense"},
        {"witnesses": str(log_key)},
        {"witnesses": f"{ELSEWHERE.verifier} ftp://w.example"},
        {"witnessed_logs": str(ELSEWHERE.verifier)},
        {"witnessed_logs": f"{log_key} https://office.example"},
    ):
        with pytest.raises(ValidationError):
            Settings(**bad)  # type: ignore[arg-type]


def test_the_actor_of_the_witness_has_a_name() -> None:
    assert json.dumps(being_a_witness.ACTOR.id) == '"service:witness"'
