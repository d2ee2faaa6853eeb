"""When the last backup was made, as whoever makes them leaves word in the data folder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

MARKER = "last_backup"
"""A file in the data folder: JSON with `at`, or the time alone (ISO 8601). Its text counts, not when it was written."""


def last_backup(data_dir: Path) -> datetime | None:
    """When the last backup was made; None where nothing was left, or nothing that can be read."""
    try:
        text = (data_dir / MARKER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    try:
        found = json.loads(text)
        text = str(found["at"]) if isinstance(found, dict) else text
    except (ValueError, KeyError):
        pass  # the time alone
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
