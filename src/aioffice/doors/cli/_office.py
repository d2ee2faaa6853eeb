"""What commands share: settings with readable errors, a database that is up, Django, and one way to fail."""

from __future__ import annotations

import contextlib
import difflib
import fcntl
import json
import os
from typing import TYPE_CHECKING, NoReturn

from pydantic import ValidationError

from aioffice.doors.cli._printing import note
from aioffice.kernel import secrets
from aioffice.kernel.backup.restoring import unfinished
from aioffice.kernel.postgres import Cluster, ClusterError, running
from aioffice.kernel.settings import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Iterator


def fail(message: str) -> NoReturn:
    """End the command with one sentence and exit status 1."""
    raise SystemExit(message)


def checked_settings() -> Settings:
    """The settings; what is wrong with one of them ends the command in one sentence each."""
    _name_unknown_settings()
    try:
        return settings()
    except ValidationError as error:
        fail("\n".join(_sentence(problem["loc"], problem["msg"]) for problem in error.errors()))


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    name = str(location[0]) if location else ""
    known = name if name.isupper() else f"AIOFFICE_{name.upper()}"
    said = message.removeprefix("Value error, ")
    return f"{known}: {said}" if name else said


_PREFIX, _TOLD = "AIOFFICE_", "_AIOFFICE_TOLD"
_NO_SETTINGS = ("AIOFFICE_TOKEN", "AIOFFICE_PASSWORD", "AIOFFICE_TEST_")
"""Read by single commands, and by tests."""


def _name_unknown_settings() -> None:
    """Warn of what looks like a setting and is none, with the name that is nearest; once for a command and those that it starts."""
    if os.environ.get(_TOLD):
        return
    os.environ[_TOLD] = "1"
    known = {name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        own = name.removeprefix(_PREFIX)
        if name.startswith(_PREFIX) and own not in known and not name.startswith(_NO_SETTINGS):
            near = difflib.get_close_matches(own, known, n=1)
            note(f"{name} is no setting and changes nothing." + (f" Did you mean {_PREFIX}{near[0]}?" if near else ""))


@contextlib.contextmanager
def database(office: Settings) -> Iterator[None]:
    """A database server that is up inside the block: the embedded one is started if need be, and stopped by whoever leaves last."""
    try:
        if office.embedded:
            with running(Cluster(office.data_dir)):
                yield
        else:
            secrets.ensure(office.data_dir)
            yield
    except ClusterError as error:
        fail(str(error))


@contextlib.contextmanager
def office() -> Iterator[Settings]:
    """Everything a command needs before it may import models: settings, database server, Django.

    Fails in one sentence when the office was never set up.
    """
    found = checked_settings()
    if found.embedded and not (found.data_dir / "postgres" / "PG_VERSION").exists():
        fail(
            f"There is no office in {found.data_dir} yet. If yours lies elsewhere, set AIOFFICE_DATA_DIR to its folder; "
            "`aioffice up` makes a new one here."
        )
    refuse_unfinished(found)
    with database(found):
        start_django()
        yield found


def refuse_unfinished(office: Settings) -> None:
    """End the command where a restore did not come to a good end."""
    left = unfinished(office.data_dir)
    if left:
        fail(left)


@contextlib.contextmanager
def only_one(office: Settings, *, doing: str = "") -> Iterator[None]:
    """Only one `up` works on a data folder; the second one is told where the first is.

    Args:
        doing: what is done in place of opening an office, as "A backup is being made": no office opens meanwhile.
    """
    path = secrets.folder(office.data_dir) / ".up"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            with contextlib.suppress(ValueError):
                other = json.load(file)
                if other.get("doing"):
                    fail(f"{other['doing']} on {office.data_dir} (process {other['pid']}): wait until that is done.")
                fail(f"An office is already open on {office.data_dir}: {other['url']} (process {other['pid']}).")
            fail(f"An office is already open on {office.data_dir}.")
        file.truncate(0)
        json.dump({"pid": os.getpid(), "url": office.base_url, "doing": doing}, file)
        file.flush()
        yield


def start_django() -> None:
    """Load Django's settings and applications; the secrets must be there by now."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aioffice.doors.settings")
    django.setup()
