"""Started by root, the server gets an account without rights and, where root's folders are closed, one capability."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from aioffice.kernel.postgres.account import Account, account

CAP_DAC_OVERRIDE = 1 << 1
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")


def _status(line: list[str]) -> dict[str, str]:
    told = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    return dict(part.split(":\t", 1) for part in told.splitlines() if ":\t" in part)


def test_an_ordinary_user_runs_the_server_as_is() -> None:
    assert Account().command("initdb", Path("/x"), reaching=(Path("/root"),)) == ["initdb", "/x"]


@ONLY_ROOT
def test_where_folders_are_open_the_account_has_no_rights_at_all() -> None:
    status = _status(account().command("cat", "/proc/self/status", reaching=(Path("/usr/bin"),)))
    assert status["Uid"].split()[1] != "0"
    assert status["Groups"].strip() == ""
    assert int(status["CapEff"], 16) == 0


@ONLY_ROOT
def test_where_a_folder_is_closed_the_account_may_pass_it_and_nothing_else_of_root(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\ntest -x $0 && cat /proc/self/status\n")
    program.chmod(0o700)
    status = _status(account().command(program, reaching=(program,)))
    assert status["Uid"].split()[1] != "0"
    assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == CAP_DAC_OVERRIDE


@ONLY_ROOT
def test_without_setpriv_root_is_told_which_folder_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(PermissionError, match="is closed to others: run as an ordinary user"):
        account().command("initdb", reaching=(tmp_path,))


@ONLY_ROOT
def test_no_folder_is_opened_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    before = [(path, path.stat().st_mode) for path in (tmp_path, *tmp_path.parents)]
    account().command("initdb", reaching=(tmp_path / "data",))
    assert [(path, path.stat().st_mode) for path in (tmp_path, *tmp_path.parents)] == before
