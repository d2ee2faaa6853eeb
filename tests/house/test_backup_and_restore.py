"""An office is backed up while a filer goes on filing, lost altogether, and comes back from the backup, held against what a witness saw."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from aioffice.kernel.postgres import Cluster
from tests.house.test_ledger_of_a_running_office import fetch
from tests.support.filings import section_b
from tests.support.house import CLI, House, command, post
from tests.support.office import Office

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PDF = b"%PDF-1.7\nA document that must not be lost\n%%EOF\n"
QUIET = {"AIOFFICE_LOG_LEVEL": "WARNING"}
"""Nobody reads what an office says meanwhile, and a full pipe would stop it."""
PASSWORD = "correct horse battery staple"
PERSON = f"""
import django; django.setup()
from allauth.account.models import EmailAddress
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Person
with plumbing():
    person = Person.objects.create_user(email="keeper@example.test", password="{PASSWORD}", name="Keeper")
    EmailAddress.objects.create(user=person, email="keeper@example.test", verified=True, primary=True)
"""


@dataclass
class Lost:
    """What is left of an office that was lost: backups, what a witness saw then and later, and what had been filed before the backup."""

    backups: Path
    seen: Path
    seen_later: Path
    key: str
    document: dict[str, Any]
    filed: list[str] = field(default_factory=list)
    place: Path = Path()


def upload(office: Office, content: bytes, name: str) -> dict[str, Any]:
    """Send a file in over the API."""
    edge = "a1b2c3"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
    request = urllib.request.Request(
        f"http://127.0.0.1:{office.port}/api/v1/documents",
        data=head.encode() + content + f"\r\n--{edge}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={edge}", "Authorization": "Bearer aio_crash"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def kill_everything(office: Office) -> None:
    """SIGKILL every process of an office at once, its database too."""
    running = Cluster(office.data_dir).postmaster()
    assert running is not None
    processes = [
        *psutil.Process(office.process.pid).children(recursive=True),
        *psutil.Process(running.pid).children(recursive=True),
        psutil.Process(running.pid),
        psutil.Process(office.process.pid),
    ]
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    office.process.communicate(timeout=60)


def witness(house: House, office: Office, folder: Path, out: Path, key: str) -> None:
    house.do(
        *CLI, "ledger", "witness", f"http://127.0.0.1:{office.port}/ledger", "--key", key,
        "--key-file", str(folder / "w.key"), "--state", str(folder / "state.json"), "--out", str(out),
        *(() if (folder / "w.key").exists() else ("--name", "witness.example/w1")),
    )  # fmt: skip


@pytest.fixture(scope="module")
def lost(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lost]:
    """File, witness, back up while filing goes on, witness again, and lose all of it."""
    place = tmp_path_factory.mktemp("lost")
    house.do("-c", PERSON)
    office = Office(house.data, **QUIET)
    office.until("Ctrl-C closes it.")
    try:
        filed = []
        for number in range(3):
            status, answer = post(office.port, section_b(trade_name=f"Kept {number}"), f"kept-{number}")
            assert status in (200, 201)
            filed.append(answer["case"]["number"])
        document = upload(office, PDF, "kept.pdf")
        fetch(office, f"/api/v1/register/entries/{filed[-1]}/versions/1/proof")
        key = fetch(office, "/ledger/key").decode().split()[0]
        witness(house, office, place, place / "seen", key)
        stop = threading.Event()
        later: list[str] = []

        def go_on() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                status, answer = post(office.port, section_b(trade_name=f"Later {number}"), f"later-{number}")
                assert status in (200, 201)
                later.append(answer["case"]["number"])

        filer = threading.Thread(target=go_on)
        filer.start()
        try:
            made = [
                json.loads(house.do(*CLI, "backup", str(place / "backups"), "--json", "--keep", "2")) for _ in range(3)
            ]
        finally:
            stop.set()
            filer.join()
        assert [one["copied"] for one in made] == [1, 0, 0], "documents are shared"
        assert [len(one["removed"]) for one in made] == [0, 0, 1]
        assert len(later) > 1, "the filer went on meanwhile"
        fetch(office, f"/api/v1/register/entries/{later[-1]}/versions/1/proof")
        witness(house, office, place, place / "seen-later", key)
        last = json.loads((house.data / "last_backup.json").read_bytes())
        assert last["target"] == str(place / "backups")
    finally:
        kill_everything(office)
    return Lost(place / "backups", place / "seen", place / "seen-later", key, document, filed, place)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """An empty data folder; what runs on it in the end is stopped."""
    data = tmp_path / "new"
    yield data
    if (data / "postgres").exists():
        Cluster(data).stop()


def test_the_office_comes_back_and_goes_on(lost: Lost, empty: Path) -> None:
    done = command(empty, "restore", str(lost.backups), "--witnessed", str(lost.seen), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["documents"] == 1
    assert said["logs"]["public"]["entries"] > 3
    assert (empty / "secrets.json").stat().st_mode & 0o777 == 0o600
    office = Office(empty, **QUIET)
    office.until("Ctrl-C closes it.")
    try:
        for number in lost.filed:
            assert fetch(office, f"/api/v1/register/entries/{number}")
        path = urllib.parse.urlsplit(lost.document["url"]).path
        assert fetch(office, path, "aio_crash") == PDF
        assert signs_in(office)
        status, answer = post(office.port, section_b(trade_name="Filed after"), "filed-after")
        assert status in (200, 201)
        fetch(office, f"/api/v1/register/entries/{answer['case']['number']}/versions/1/proof")
        url = f"http://127.0.0.1:{office.port}/ledger"
        verified = command(empty, "ledger", "verify", url, "--since", str(lost.seen), "--key", lost.key)
        assert verified.returncode == 0, verified.stderr
    finally:
        office.end()


def signs_in(office: Office) -> bool:
    """Whether the person who was there before the backup still signs in."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    url = f"http://localhost:{office.port}/en/account/login/"
    with browser.open(url, timeout=30) as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert token is not None
    data = {"csrfmiddlewaretoken": token[1], "login": "keeper@example.test", "password": PASSWORD}
    with browser.open(url, data=urllib.parse.urlencode(data).encode(), timeout=30):
        return any(cookie.name == "aioffice_session" for cookie in jar)


def test_a_backup_older_than_what_was_witnessed_holds_the_log(lost: Lost, empty: Path, tmp_path: Path) -> None:
    done = command(empty, "restore", str(lost.backups), "--witnessed", str(lost.seen_later), "--json")
    assert done.returncode == 7, done.stderr
    (loss,) = json.loads(done.stdout)["lost"]
    assert loss["missing"] == loss["witnessed"] - loss["entries"] > 0
    assert f"so {loss['missing']} {'is' if loss['missing'] == 1 else 'are'} missing" in done.stderr
    assert "open it with" not in done.stderr
    assert "fork" in done.stderr
    office = Office(empty, **QUIET)
    office.until("Ctrl-C closes it.")
    try:
        before = fetch(office, "/ledger/checkpoint")
        status, _answer = post(office.port, section_b(trade_name="While held"), "while-held")
        assert status in (200, 201)
        assert "! The public log is held: The public log is older than what was witnessed" in office.said
        asked = command(empty, "status", "--json")
        assert asked.returncode == 1
        assert "log-held-public" in {one["code"] for one in json.loads(asked.stdout)["troubles"]}
        assert not json.loads(fetch(office, "/status.json"))["parts"]["log"]["works"]
        with psycopg.connect(**Cluster(empty).conninfo("aioffice")) as database:
            database.autocommit = True
            shown = "select count(*) from published.entry where name = 'While held'"
            tried = "select count(*) from office.procrastinate_jobs where task_name = 'ledger.sequence' and status in ('todo', 'doing')"
            end = time.monotonic() + 120
            while (database.execute(shown).fetchone(), database.execute(tried).fetchone()) != ((1,), (0,)):
                assert time.monotonic() < end, "it never became public"
                time.sleep(0.2)
            waiting = database.execute("select count(*) from office.ledger_pending where log = 'public'").fetchone()
            assert waiting != (0,)
        assert fetch(office, "/ledger/checkpoint") == before, "nothing is added to a log that is held"
    finally:
        office.end()
    assert "ledger_held" in office.said
    # What was filed meanwhile is not lost: the held office is backed up, and stays held until the loss is accepted.
    assert command(empty, "backup", str(tmp_path / "backups")).returncode == 0
    again = command(tmp_path / "again", "restore", str(tmp_path / "backups"), "--json")
    assert again.returncode == 7
    assert json.loads(again.stdout)["held"].keys() == {"public"}
    accepted = command(tmp_path / "accepted", "restore", str(tmp_path / "backups"), "--accept-loss")
    assert accepted.returncode == 0, accepted.stderr


def test_a_loss_that_is_accepted_is_written_down(lost: Lost, empty: Path) -> None:
    words = ("restore", str(lost.backups), "--witnessed", str(lost.seen_later), "--accept-loss")
    done = command(empty, *words, "--skip-numbers", "1000")
    assert done.returncode == 0, done.stderr
    assert "the next 1000 numbers of every series are left out" in done.stdout
    assert done.stdout.rstrip().endswith("open it with `aioffice up`.")
    cluster = Cluster(empty)
    cluster.start()
    with psycopg.connect(**cluster.conninfo("aioffice")) as database:
        rows = database.execute(
            "select action from office.parties_auditentry where actor = 'service:restorer' order by id"
        )
        assert [row[0] for row in rows.fetchall()] == ["office.restore", "ledger.accept_loss"]
        assert database.execute("select count(*) from office.ledger_hold").fetchone() == (0,)
        last = dict(
            database.execute("select series, max(last) from office.procedures_numberseries group by 1").fetchall()
        )
        assert last["ADM"] >= 1000, "a series of which nothing was given out yet leaves as many out"
        given = int(lost.filed[-1].rpartition("-")[2])
        assert last[lost.filed[-1].rsplit("-", 2)[0]] >= given + 1000


def test_what_is_restored_is_declared_as_what_was_backed_up(house: House, lost: Lost, empty: Path) -> None:
    """Tables, rights, policies, functions: pg_dump says the same of both."""
    assert command(empty, "restore", str(lost.backups)).returncode == 0
    house.ask("select 1")
    assert declared(empty) == declared(house.data)


def declared(data: Path) -> list[str]:
    """What the schemas of the office hold, as pg_dump writes it."""
    from aioffice.kernel.postgres import files

    cluster = Cluster(data, durable=False)
    cluster.start()
    found = cluster.conninfo("aioffice", "aio_owner")
    said = subprocess.run(
        [files.binary("pg_dump"), "--schema-only", "--schema=office", "--schema=published", "--host", found["host"],
         "--username", "aio_owner", "aioffice"],
        env={**os.environ, "PGPASSWORD": found["password"]}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    # The first and last commands name a random word; a list of values comes back with its casts written another way.
    lines = [line for line in said.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]
    return [re.sub(r"[()]|::(text|character varying)(\[\])?", "", line) for line in lines]


def test_it_is_restored_onto_a_server_that_others_run(lost: Lost, empty: Path, tmp_path: Path) -> None:
    elsewhere = Cluster(tmp_path / "server", durable=False)
    elsewhere.start()
    try:
        with psycopg.connect(**elsewhere.conninfo(), autocommit=True) as server:
            server.execute("create role host login createrole createdb password 'host'")
            server.execute("create database office owner host")
        with psycopg.connect(**elsewhere.conninfo("office"), autocommit=True) as server:
            for extension in ("pg_trgm", "unaccent"):
                server.execute(f"create extension {extension} schema public")
            server.execute("grant all on schema public to host with grant option")
        url = f"postgresql://host:host@/office?host={urllib.parse.quote(str(elsewhere.sockets), safe='')}"
        done = command(empty, "restore", str(lost.backups), "--witnessed", str(lost.seen), "--json", DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
        again = command(tmp_path / "other", "restore", str(lost.backups), DATABASE_URL=url)
        assert again.returncode == 1
        assert "is not empty" in again.stderr or "whose password this data folder does not know" in again.stderr
        target = tmp_path / "backups"
        assert command(empty, "backup", str(target), DATABASE_URL=url).returncode == 0
        rehearsed = command(empty, "rehearse-restore", str(target), DATABASE_URL=url)
        assert rehearsed.returncode == 0, rehearsed.stderr
    finally:
        elsewhere.stop()


def test_a_witness_of_another_past_is_refused(lost: Lost, house: House, empty: Path, tmp_path: Path) -> None:
    """Signed with the very key of the office, at a size that the log has, with another root."""
    forge = """
import sys
from aioffice.kernel import secrets
from aioffice.kernel.ledger.checkpoints import Checkpoint, sign_checkpoint
from aioffice.kernel.ledger.keys import SigningKey
from pathlib import Path
key = SigningKey.parse(secrets.read(Path(sys.argv[1]))["ledger_key"])
print(bytes(sign_checkpoint(Checkpoint(key.name, 2, bytes(32)), key)).decode(), end="")
"""
    forged = tmp_path / "forged"
    forged.write_text(house.do("-c", forge, str(house.data)))
    done = command(empty, "restore", str(lost.backups), "--witnessed", str(forged))
    assert done.returncode == 1
    assert "forks from what was witnessed: at 2 entries" in done.stderr
    refused = command(empty, "up")
    assert refused.returncode == 1
    assert "did not come to a good end" in refused.stderr
    other = tmp_path / "other"
    other.write_text(forged.read_text().replace("\n2\n", "\n3\n"))
    shutil.rmtree(empty)
    assert (
        "is not one of this office's logs"
        in command(empty, "restore", str(lost.backups), "--witnessed", str(other)).stderr
    )


def test_a_backup_that_was_altered_is_refused(lost: Lost, empty: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(lost.backups, copy)
    assert command(empty, "backup-check", str(copy)).returncode == 0
    (document,) = [path for path in (copy / "documents").rglob("*") if path.is_file()]
    document.write_bytes(document.read_bytes()[:-1] + b"!")
    for words in (("backup-check", str(copy)), ("restore", str(copy))):
        done = command(empty, *words)
        assert done.returncode == 1
        assert f"{document} has the SHA-256" in done.stderr
    document.unlink()
    assert "cannot be read" in command(empty, "backup-check", str(copy)).stderr
    assert [path.name for path in empty.iterdir()] == [".up"], "nothing was begun"


def test_a_restore_needs_an_empty_folder_and_the_keys(lost: Lost, house: House, empty: Path, tmp_path: Path) -> None:
    full = command(house.data, "restore", str(lost.backups))
    assert full.returncode == 1
    assert "is not empty" in full.stderr
    copy = tmp_path / "copy"
    shutil.copytree(lost.backups, copy)
    newest = max(copy.glob("2*"))
    manifest = json.loads((newest / "manifest.json").read_bytes())
    del manifest["parts"]["secrets.json"]
    (newest / "manifest.json").write_text(json.dumps(manifest))
    (newest / "secrets.json").rename(tmp_path / "secrets.json")
    without = command(empty, "restore", str(copy))
    assert without.returncode == 1
    assert "Put the secrets.json of that office into the data folder" in without.stderr
    shutil.rmtree(empty)
    empty.mkdir(mode=0o700)
    shutil.copy2(tmp_path / "secrets.json", empty / "secrets.json")
    done = command(empty, "restore", str(copy))
    assert done.returncode == 0, done.stderr


def test_a_rehearsal_touches_nothing_and_says_how_long_it_took(lost: Lost, house: House) -> None:
    before = sorted(path.name for path in lost.backups.iterdir())
    done = command(house.data, "rehearse-restore", str(lost.backups), "--witnessed", str(lost.seen))
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"was restored and checked in [\d.]+ s: \d+ rows, 1 documents, \d+ entries of the public log", done.stdout
    )
    assert sorted(path.name for path in lost.backups.iterdir()) == before
    done = command(house.data, "rehearse-restore", str(lost.backups), "--witnessed", str(lost.seen_later))
    assert done.returncode == 7


def test_a_backup_that_is_killed_is_never_taken_for_one(house: House, lost: Lost, tmp_path: Path) -> None:
    house.ask("select 1")
    target = tmp_path / "backups"
    process = house.start(*CLI, "backup", str(target), AIOFFICE_FAIL_POINT="backup.written")
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    assert next(path.name for path in target.glob("2*")).endswith(".partial")
    assert "There is no backup in" in command(house.data, "restore", str(target)).stderr
    done = command(house.data, "backup", str(target))
    assert done.returncode == 0, done.stderr
    assert len(list(target.glob("2*"))) == 1
    assert command(house.data, "backup-check", str(target)).returncode == 0
