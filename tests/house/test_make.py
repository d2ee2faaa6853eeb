"""The office in a few words: each target of the Makefile brings about what it stands on, in whatever order make takes them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("target", ["chromium", "check", "docs", "setup"])
def test_what_needs_the_environment_makes_it_first(target: str) -> None:
    told = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = told.splitlines()
    makes = next(n for n, line in enumerate(lines) if "scripts/setup.py --dev" in line)
    uses = [n for n, line in enumerate(lines) if ".venv/bin/" in line]
    assert all(makes < n for n in uses), told
