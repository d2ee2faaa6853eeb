"""The text of the Act where it lies beside the repository (`../shared/law`), read for comparing; none of it is kept here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LAW = Path(__file__).parents[3] / "shared" / "law"
AMENDED = LAW / "data" / "ai_act_consolidated_2026-07-27_en.json"
ENACTED = LAW / "data" / "ai_act_2024_1689_original_en.json"
FORMEX = LAW / "data" / "formex-2024-1689-en"
DEADLINES = LAW / "deadlines.csv"
APPLICABILITY = LAW / "data" / "applicability.json"


def beside(*paths: Path) -> list[Path]:
    """Those of the files that are there."""
    return [path for path in paths if path.exists()]


def sentences(path: Path) -> Iterator[str]:
    """Every text in a file of the Act."""

    def told(part: Any) -> Iterator[str]:
        if isinstance(part, str):
            yield part
        elif isinstance(part, list | dict):
            for inner in part.values() if isinstance(part, dict) else part:
                yield from told(inner)

    return told(json.loads(path.read_text(encoding="utf-8")))


def runs(said: str, length: int) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    words = re.findall(r"\w+", said.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
