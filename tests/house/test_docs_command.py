"""`aioffice docs` writes what is missing, removes what is stale, and with --check only says so. It needs neither database nor settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a setting that would change the pages if it entered them."""
    return subprocess.run(
        [sys.executable, "-m", "aioffice.doors.cli", "docs", "--folder", str(folder), *words],
        env=os.environ | {"AIOFFICE_EDPS_READS_SECURE_SECTION": "true", "AIOFFICE_DATA_DIR": str(folder / "none")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_pages_are_written_checked_and_cleared_of_what_is_stale(tmp_path: Path) -> None:
    folder = tmp_path / "procedures"
    missing = run(folder, "--check")
    assert missing.returncode == 1
    assert "high-risk-registration.svg" in missing.stderr
    assert not folder.exists()

    written = run(folder)
    assert written.returncode == 0, written.stderr
    assert (folder / "README.md").is_file()
    assert run(folder, "--check").returncode == 0
    page = (folder / "high-risk-registration.md").read_text(encoding="utf-8")
    assert "European Data Protection Supervisor, with access" not in page
    assert not (folder / "none").exists()

    (folder / "gone.md").write_text("A procedure that is no longer declared.", encoding="utf-8")
    assert run(folder, "--check").returncode == 1
    assert run(folder).returncode == 0
    assert not (folder / "gone.md").exists()
