"""Secrets the office makes for itself: database passwords, the keys that sign sessions, webhooks, the ledger and results
of classifications, the key that seals uploaded files.

They live in one JSON file in the data folder that only its owner can read. The file is written whole and renamed into place, under a
lock, so that two processes starting at once agree.
"""

from __future__ import annotations

import json
import secrets as random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aioffice.kernel import durable

if TYPE_CHECKING:
    from pathlib import Path


def _token() -> str:
    return random.token_urlsafe(24)


def _log_key(log: str) -> str:
    from aioffice.kernel.ledger.signing import make

    return make(log)


def _document_key() -> str:
    from aioffice.kernel.documents.sealing import make_key

    return make_key()


def _result_key() -> str:
    from aioffice.kernel.results.keys import make

    return make().secret


MAKERS: Mapping[str, Callable[[], str]] = {
    "superuser": _token,
    "aio_owner": _token,
    "aio_office": _token,
    "aio_site": _token,
    "metrics_token": _token,
    "secret_key": lambda: random.token_urlsafe(48),
    "webhook_key": _token,
    "ledger_key": lambda: _log_key("public"),
    "ledger_internal_key": lambda: _log_key("internal"),
    "ledger_witness_key": lambda: _log_key("witness"),
    "document_key": _document_key,
    "result_key": _result_key,
}
"""How each secret is made when it is missing."""
NAMES = tuple(MAKERS)


def folder(data_dir: Path) -> Path:
    """Make the data folder, readable by its owner alone, and return it."""
    return durable.make_folder(data_dir)


def kept_in(data_dir: Path) -> Path:
    """The file that holds them."""
    return data_dir / "secrets.json"


def read(data_dir: Path) -> dict[str, str]:
    """The secrets made so far; empty before the first start."""
    try:
        found = json.loads(kept_in(data_dir).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {str(name): str(value) for name, value in found.items()}


def ensure(data_dir: Path) -> dict[str, str]:
    """Make whatever secret is still missing and return all of them."""
    with _locked(data_dir):
        known = read(data_dir)
        missing = {name: made() for name, made in MAKERS.items() if name not in known}
        if missing:
            known |= missing
            _write(data_dir, known)
    return known


def change(data_dir: Path, how: Callable[[dict[str, str]], dict[str, str]]) -> dict[str, str]:
    """Replace the secrets by what `how` makes of them, in one piece, while nobody else does; return them."""
    with _locked(data_dir):
        known = read(data_dir)
        changed = how(dict(known))
        if changed != known:
            _write(data_dir, changed)
    return changed


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    with durable.locked(folder(data_dir) / ".secrets.lock"):
        yield


def _write(data_dir: Path, secrets: Mapping[str, str]) -> None:
    # The name too has to be on the disk before anything rests on the key behind it.
    durable.replace(kept_in(data_dir), json.dumps(secrets, indent=1).encode())
