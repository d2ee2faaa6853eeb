"""Where the processes of an office count what they do, so that one of them can add it up."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from aioffice.kernel.settings import Settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""By this prometheus-client knows where processes count; it looks when it is first imported."""


def folder(office: Settings) -> Path:
    """The folder of the counts; empty at the start of an office, worth nothing to a backup."""
    return office.data_dir / "metrics"


def begin(office: Settings, *, anew: bool = False) -> None:
    """Let this process, and those it starts, count. With `anew` from nothing: what dead processes left goes.

    Does nothing where nobody asks for figures, nor before the data folder is there.
    """
    if not office.metrics_address or not office.data_dir.is_dir():
        return
    where = folder(office)
    if anew:
        shutil.rmtree(where, ignore_errors=True)
    where.mkdir(mode=0o700, exist_ok=True)
    os.environ[VARIABLE] = str(where)
