"""What a test sees of the disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def record_synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files and folders that the disk was told to hold, in their order, from now on; each as it was called then."""
    synced: list[Path] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        real(handle)
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(os, "fsync", fsync)
    return synced
