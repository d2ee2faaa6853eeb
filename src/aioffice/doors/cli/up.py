"""`aioffice up` opens the office: database, tables, demo, web workers, job worker; Ctrl-C closes it."""

from __future__ import annotations

import contextlib
import errno
import math
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
import typer

from aioffice.doors import counting
from aioffice.doors.cli._children import Child, stop
from aioffice.doors.cli._closing import Closing, closing_on_signals
from aioffice.doors.cli._office import checked_settings, database, fail, only_one, refuse_unfinished, start_django
from aioffice.kernel import secrets
from aioffice.kernel.postgres import Cluster, ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.kernel.settings import Settings

app = typer.Typer()
log = structlog.get_logger(__name__)

OPEN_WITHIN = 90.0
"""Seconds that the web workers may take until /health answers."""
LAST_WORDS = 3.0
"""Seconds that a child may take beyond the time for what has begun, to end by itself."""
A_YEAR = "31536000"


@app.command()
def up() -> None:
    """Open the office: database, tables, demo on first start, web and job workers. Ctrl-C closes it.

    SIGTERM or Ctrl-C: /health says 503 for AIOFFICE_DRAIN_SECONDS, then nobody new is taken; what has begun may end within
    AIOFFICE_CLOSING_SECONDS. A second one ends it at once. The database stops cleanly either way.
    """
    # in this process for gathering the files, in the workers for linking to them
    os.environ["AIOFFICE_HASHED_STATIC"] = "true"
    office = checked_settings()
    with only_one(office), closing_on_signals() as closing:
        refuse_unfinished(office)
        _check_port(office)
        secrets.ensure(office.data_dir)
        office.draining_file.unlink(missing_ok=True)
        counting.begin(office, anew=True)
        with contextlib.ExitStack() as stack:
            with _step("Database", closing):
                stack.enter_context(database(office))
            _prepare(office, closing)
            _serve(office, closing)


def _prepare(office: Settings, closing: Closing) -> None:
    """Everything between a running database and open doors."""
    from aioffice.doors import prepare
    from aioffice.kernel.db.provision import ProvisionError, provision

    with _step("Roles and schemas", closing):
        try:
            provision(office)
        except ProvisionError as error:
            fail(str(error))
    start_django()
    _look_at_documents()
    _check_ledger_keys()
    from aioffice.doors.migrating import NotMigrated

    with _step("Tables", closing):
        try:
            prepare.migrate()
        except NotMigrated as error:
            fail(str(error))
        prepare.reference_data()
    with _step("Translations and static files", closing):
        prepare.translations()
        prepare.static_files()
    if office.wants_demo:
        with _step("Demo", closing):
            prepare.demo(office)


def _look_at_documents() -> None:
    """Make sure that what is sealed can be opened, and remove what uploads left that the last crash cut off."""
    from aioffice.kernel.documents.sealing import SealError
    from aioffice.kernel.documents.storage import storage

    try:
        store = storage()
        store.check_keys()
        store.clear_drafts()
    except SealError as error:
        fail(str(error))


def _check_ledger_keys() -> None:
    from aioffice.kernel.ledger.signing import LOGS, NoKey, keyring

    try:
        for log in LOGS:
            keyring(log)
    except NoKey as error:
        fail(str(error))


def _serve(office: Settings, closing: Closing) -> None:
    """Run the children until someone asks to close."""
    children = [_web(office), _command("jobs")]
    if office.metrics_address:
        children.append(_command("metrics", "serve"))
    try:
        # They write to the same place while they start: the line ends before they do.
        with _step("Web and job workers", closing, alone=True):
            for child in children:
                child.start()
            _await_open(office, children, closing)
        if not closing.is_set():
            _welcome(office)
        while not closing.wait(0.5):
            _look_after_database(office)
            for child in children:
                child.look_after()
    finally:
        _drain(office, closing)
        print("Closing ...", flush=True)
        stop(children, office.closing_seconds + LAST_WORDS, closing.at_once)
        office.draining_file.unlink(missing_ok=True)


def _drain(office: Settings, closing: Closing) -> None:
    """Go on serving for a while, but say that nobody new should be sent here."""
    if not closing.is_set():
        return  # it fell: there is nothing to go on with
    office.draining_file.touch()
    if office.drain_seconds:
        print(f"Not ready any more; closing in {office.drain_seconds:g} s ...", flush=True)
        closing.at_once.wait(office.drain_seconds)


def _command(*words: str) -> Child:
    return Child(words[0], [sys.executable, "-m", "aioffice.doors.cli", *words])


def _look_after_database(office: Settings) -> None:
    """Start the embedded server again when it fell; it recovers every committed filing from its log."""
    if not office.embedded:
        return
    cluster = Cluster(office.data_dir)
    if cluster.postmaster() is not None:
        return
    log.error("database_fell")
    try:
        cluster.start()
    except ClusterError as error:
        log.exception("database_does_not_start", reason=str(error))


def _web(office: Settings) -> Child:
    from django.conf import settings as django_settings

    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", office.host, "--port", str(office.port),
        "--workers", str(office.workers), "--blocking-threads", str(office.threads),
        "--respawn-failed-workers", "--respawn-interval", "0.5",
        "--workers-kill-timeout", str(max(1, math.ceil(office.closing_seconds))), "--log-level", "warning",
        "--static-path-route", "/static", "--static-path-mount", str(django_settings.STATIC_ROOT), "--static-path-expires", A_YEAR,
        "aioffice.doors.wsgi:application",
    ]  # fmt: skip
    return Child("web", command)


def _await_open(office: Settings, children: list[Child], closing: Closing) -> None:
    end = time.monotonic() + OPEN_WITHIN
    said = "it did not answer"
    while not closing.is_set():
        try:
            with urllib.request.urlopen(f"http://{_reachable(office)}/health", timeout=10):
                return
        except urllib.error.HTTPError as error:
            said = error.read(2000).decode(errors="replace")
            if error.code == HTTPStatus.INTERNAL_SERVER_ERROR:
                fail("The web workers answer with an error; what they said stands above.")
        except OSError:
            pass
        for child in children:
            if child.process is not None and child.process.poll() is not None:
                fail(
                    f"The {child.name} worker ended with status {child.process.returncode}; what it said stands above."
                )
        if time.monotonic() > end:
            fail(f"The office did not open within {OPEN_WITHIN:.0f} seconds; the last answer of /health: {said}")
        closing.wait(0.1)


def _reachable(office: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(office.host, office.host)  # noqa: S104
    return f"{host}:{office.port}"


def _welcome(office: Settings) -> None:
    lines = ["", f"The office is open: {office.base_url}", f"Data lives in:      {office.data_dir}"]
    if office.demo_logins_file.exists():
        lines.append(f"Demo logins are in: {office.demo_logins_file}")
    if office.email_backend.endswith("console.EmailBackend"):
        lines.append("Mails are printed here; letters lie in " + str(office.data_dir / "outbox"))
    print("\n".join([*lines, *_held_logs(), "Ctrl-C closes it.", ""]), flush=True)


def _held_logs() -> list[str]:
    """Why which log is held, for whoever opens the office: it looks well and is not."""
    from django.utils import timezone

    from aioffice.kernel.db import acting
    from aioffice.kernel.ledger.holds import holds
    from aioffice.kernel.watching.rights import WATCHMAN

    with acting(WATCHMAN, timezone.now()):
        found = holds()
    return [f"! The {log} log is held: {hold.reason}" for log, hold in found.items()]


@contextlib.contextmanager
def _step(name: str, closing: Closing, *, alone: bool = False) -> Iterator[None]:
    """Say what is being done and how long it took; do not begin when someone asked to close meanwhile.

    `alone`: how long it took stands on a line of its own, for others print meanwhile.
    """
    if closing.is_set():
        raise SystemExit(0)
    print(f"  {name} ...", end="\n" if alone else "", flush=True)
    after = f"  {name}:" if alone else ""
    begin = time.monotonic()
    try:
        yield
    except BaseException:
        print(f"{after} failed", flush=True)
        raise
    print(f"{after} {time.monotonic() - begin:.1f} s", flush=True)


def _check_port(office: Settings) -> None:
    family = socket.AF_INET6 if ":" in office.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((office.host, office.port))
            trial.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                fail(f"Port {office.port} is taken: choose another one with PORT={office.port + 1}.")
            fail(
                f"The office cannot listen on {office.host} port {office.port} ({error.strerror}): choose another one with PORT=."
            )
