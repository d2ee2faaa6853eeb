"""The real copy of the Dutch register kept with the tests, read once."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from aioffice.register.reference.nl_changes import Changes, read_changes
from aioffice.register.reference.nl_read import Dump, read_dump
from aioffice.register.text import Terms, index_terms

FOLDER = Path(__file__).parents[1] / "data" / "nl-algorithm-register"
DUMP = FOLDER / "register-2026-08-08.json.gz"
CHANGES = FOLDER / "changes-2026-05-13-to-2026-08-08.jsonl.gz"
GOLDEN = Path(__file__).parent / "golden" / "nl_search.json"


@cache
def raw() -> dict[str, Any]:
    """Return the dump as it is, without any reading of ours."""
    return dict(json.loads(gzip.decompress(DUMP.read_bytes())))


@cache
def dump() -> Dump:
    return read_dump(DUMP)


@cache
def changes() -> Changes:
    return read_changes(CHANGES)


@cache
def terms() -> dict[str, Terms]:
    """Return the search index of every record."""
    return {key: index_terms(record.texts(), "nl") for key, record in dump().records.items()}


@cache
def golden() -> dict[str, Any]:
    return dict(json.loads(GOLDEN.read_text("utf-8")))
