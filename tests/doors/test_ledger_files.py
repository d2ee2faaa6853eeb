"""The public log as files: any client of tlog-tiles reads it, anything may keep it, and it asks nobody who they are."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from aioffice.doors.api import limits
from aioffice.kernel.ledger import standalone
from aioffice.kernel.ledger.checkpoints import open_checkpoint
from aioffice.kernel.ledger.periods import parse_periods
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.ledger.tiles import unpack_entries
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.published import committed
from tests.support.sequencing import settle

FILES = ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3", "publications", "key", "verifier.py")


@pytest.fixture(scope="module")
def _log(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """An office with one entry: a key, its first version, and the entry as it stands."""
    with committed(django_db_blocker):
        provider = acting_for(organisation("Provider", Capacity.PROVIDER))
        perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW)
        settle(NOW)
        yield


pytestmark = pytest.mark.usefixtures("_log")


def get(path: str, **headers: str) -> Any:
    return Client().get(f"/ledger/{path}", headers=headers)


def body(path: str) -> bytes:
    answer = get(path)
    assert answer.status_code == 200, path
    return b"".join(answer) if answer.streaming else answer.content


def test_the_checkpoint_is_signed_with_the_key_that_is_given() -> None:
    public, internal = parse_periods(body("key"))
    key = public.key
    assert (key, public.until, public.entry) == (verifier_key(), None, 0)
    assert (internal.key, internal.entry) == (verifier_key(INTERNAL), None)
    assert open_checkpoint(body("checkpoint"), [key]).size == 3


def test_tiles_and_entries_come_in_any_width_there_is_and_no_other() -> None:
    assert len(body("tile/0/000.p/3")) == 96
    assert body("tile/0/000.p/2") == body("tile/0/000.p/3")[:64]
    assert len(unpack_entries(body("tile/entries/000.p/3"))) == 3
    for path in ("tile/0/000", "tile/0/000.p/4", "tile/1/000.p/1", "tile/0/001.p/1", "tile/entries/000"):
        assert get(path).status_code == 404, path


@pytest.mark.parametrize(
    "path",
    [
        "tile/",
        "tile/0/0",
        "tile/0/000.p/0",
        "tile/00/000.p/1",
        "tile/0/000.p/1/",
        "tile/0/../0/000.p/1",
        "tile/0/000.p/1%20",
        "tile/entries/000.p/1%0a",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999.p/1",
        "tile/63/000.p/1",
        "tile/64/000.p/1",
        "checkpoint/",
        "tiles/0/000.p/1",
        "nothing",
    ],
)
def test_what_is_no_path_is_not_there(path: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", FILES)
def test_head_says_what_get_says_and_nobody_gets_a_cookie(path: str) -> None:
    given, bare = get(path), Client().head(f"/ledger/{path}")
    assert bare.status_code == 200
    assert b"".join(bare) == b""
    for name in ("Content-Type", "Cache-Control", "Access-Control-Allow-Origin"):
        assert bare.headers[name] == given.headers[name]
    assert not given.cookies
    assert "Cookie" not in given.headers.get("Vary", "")
    assert Client().post(f"/ledger/{path}").status_code == 405


def test_tiles_are_kept_for_good_and_the_checkpoint_for_a_second() -> None:
    for path in ("tile/0/000.p/3", "tile/entries/000.p/2"):
        assert get(path).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    checkpoint = get("checkpoint")
    assert checkpoint.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    assert get("checkpoint", **{"If-None-Match": checkpoint.headers["ETag"]}).status_code == 304


def test_publications_come_line_by_line() -> None:
    answer = get("publications")
    assert answer.streaming
    lines = [json.loads(line) for line in b"".join(answer).splitlines()]
    assert [line["index"] for line in lines] == [1, 2]
    assert [list(line["subject"]) for line in lines] == [["entry", "version"], ["entry"]]


def test_the_verifier_is_a_program_that_runs_alone(tmp_path: Path) -> None:
    program = tmp_path / "verifier.py"
    program.write_bytes(body("verifier.py"))
    said = subprocess.run([sys.executable, "-I", str(program), "--help"], capture_output=True, text=True, check=True)
    assert "Check the public ledger" in said.stdout


def limited(monkeypatch: pytest.MonkeyPatch, **changed: int) -> None:
    found = settings().model_copy(update=changed)
    limits.forget()
    monkeypatch.setattr(limits, "settings", lambda: found)


@pytest.mark.parametrize("path", ["checkpoint", "key", "publications", "verifier.py"])
def test_what_is_worked_out_is_asked_as_often_as_the_api_is(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, api_requests_per_minute_address=3)
    assert [get(path).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = get(path)
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["Cache-Control"] == "no-store"
    assert Client().get("/ledger/checkpoint", REMOTE_ADDR="192.0.2.7").status_code == 200, "each address for itself"
    assert get("tile/0/000.p/3").status_code == 200, "tiles count for themselves"
    limits.forget()


def test_tiles_come_more_often_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, ledger_files_per_minute_address=5)
    paths = ["tile/0/000.p/3", "tile/entries/000.p/3"] * 3
    assert [get(path).status_code for path in paths] == [200] * 5 + [429]
    assert get("checkpoint").status_code == 200
    limits.forget()


def test_proofs_and_what_is_sent_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, api_requests_per_minute_address=1)
    assert Client().get("/en/register/EU-B-2026-000001/proof/").status_code == 200
    assert Client().get("/en/register/EU-B-2026-000001/proof/").status_code == 429
    for path in ("cosignatures", "witness/add-checkpoint"):
        assert Client().post(f"/ledger/{path}", b"", content_type="text/plain").status_code == 429
    limits.forget()


def test_the_verifier_waits_when_it_is_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    answers = iter([429, 503, 200])

    def answer(request: Any, timeout: float) -> Any:
        status = next(answers)
        if status != 200:
            headers = Message()
            headers["Retry-After"] = "2"
            raise urllib.error.HTTPError(request.full_url, status, "", headers, None)
        return io.BytesIO(b"found")

    monkeypatch.setattr(standalone.urllib.request, "urlopen", answer)
    monkeypatch.setattr(standalone.time, "sleep", waited.append)
    assert standalone.Website("http://office.example/ledger").get("checkpoint") == b"found"
    assert waited == [2.0, 2.0]
    answers = iter([429] * 1000)
    with pytest.raises(standalone.Unreadable, match="answers with status 429"):
        standalone.Website("http://office.example/ledger").get("checkpoint")
    assert sum(waited) <= standalone.PATIENCE + 4


def test_the_address_of_an_office_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def there(*paths: str) -> None:
        def answer(request: Any, timeout: float) -> Any:
            asked.append(request.full_url)
            if request.full_url in paths:
                return io.BytesIO(b"found")
            raise urllib.error.HTTPError(request.full_url, 404, "", Message(), None)

        asked.clear()
        monkeypatch.setattr(standalone.urllib.request, "urlopen", answer)

    office = "http://office.example"
    there(f"{office}/ledger/key", f"{office}/ledger/checkpoint")
    source = standalone.Website(f"{office}/")
    assert (source.get("key"), source.get("checkpoint"), source.get("tile/0/000")) == (b"found", b"found", None)
    assert asked == [f"{office}/{path}" for path in ("key", "ledger/key", "ledger/checkpoint", "ledger/tile/0/000")]
    there(f"{office}/key")
    source = standalone.Website(office)
    assert (source.get("key"), source.get("checkpoint")) == (b"found", None)
    assert asked == [f"{office}/key", f"{office}/checkpoint"], "a log at the root of a static server stays there"
    there()
    assert standalone.Website(f"{office}/somewhere").get("key") is None
    assert asked == [f"{office}/somewhere/key"]
