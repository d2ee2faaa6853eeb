"""A setting that is wrong ends a command in one sentence, before anything is made; one that nobody knows is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aioffice.kernel.ledger.keys import COSIGNATURE, generate_key


def run(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIOFFICE_", "_AIOFFICE_", "DATABASE_URL"))
    }
    return subprocess.run(
        [sys.executable, "-m", "aioffice.doors.cli", *words],
        env=kept | {"AIOFFICE_DATA_DIR": str(data), **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("AIOFFICE_RETENTION", "jobs=3", "AIOFFICE_RETENTION: “jobs” is no kind whose end can be set. These are: audit-trail,"),
        ("AIOFFICE_RETENTION", "foo=3", "AIOFFICE_RETENTION: “foo” is no kind whose end can be set."),
        ("AIOFFICE_LEDGER_KEY", "foo", "AIOFFICE_LEDGER_KEY: This is no key of a log: a secret key is written PRIVATE+KEY+name+id+base64."),
        ("AIOFFICE_LEDGER_INTERNAL_KEY", generate_key("w.example/w", COSIGNATURE).secret, "AIOFFICE_LEDGER_INTERNAL_KEY: This is a key of"),
        ("DATABASE_URL", "foo", "DATABASE_URL: This is no address of a PostgreSQL database: write postgresql://"),
        ("AIOFFICE_REMINDERS", "5", "AIOFFICE_REMINDERS: 5 is no reminder"),
    ],
    ids=["a kind that goes by itself", "no kind", "no key", "a key of a witness", "no database", "no reminder"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["up", "status"])
def test_a_wrong_setting_is_one_sentence_and_nothing_is_made(
    command: str, name: str, written: str, said: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    done = run(data, command, **{name: written})
    assert done.returncode == 1
    assert done.stderr.startswith(said), done.stderr
    assert done.stderr.count("\n") == 1
    assert not data.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("AIOFFICE_ENCRYPT_DOCUMENT", "no setting and changes nothing. Did you mean AIOFFICE_ENCRYPT_DOCUMENTS?"),
        ("AIOFFICE_LEGDER_KEY", "no setting and changes nothing. Did you mean AIOFFICE_LEDGER_KEY?"),
        ("AIOFFICE_TYPO", "AIOFFICE_TYPO is no setting and changes nothing.\n"),
    ],
)
def test_what_looks_like_a_setting_and_is_none_is_named(name: str, said: str, tmp_path: Path) -> None:
    done = run(tmp_path / "data", "status", **{name: "true"}, AIOFFICE_TOKEN="x")
    assert said in done.stderr
    assert "AIOFFICE_TOKEN" not in done.stderr
    assert done.stderr.count("is no setting") == 1


def test_where_there_is_no_office_the_setting_of_the_folder_is_named(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "status")
    assert done.returncode == 1
    assert "If yours lies elsewhere, set AIOFFICE_DATA_DIR to its folder" in done.stderr
