"""The import of a small fictional collection into a house, run as a process of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.support.house import House

RECORDS = 120


def write_source(folder: Path, series: int) -> tuple[Path, Path]:
    """A small fictional dump with changes; every series has record ids of its own."""

    def record(number: int, purpose: str) -> dict[str, str]:
        return {
            "id": f"{series}{number:05d}",
            "title": f"Verzonnen algoritme {number}",
            "organisatie": "Gemeente Verzonnen",
            "doel": purpose,
            "status": "in_gebruik",
            "impactassessment": "Nee",
            "juridische_basis": "",
            "geregistreerd": "2026-01-05",
            "url": f"https://algoritmes.overheid.nl/nl/algoritme/{series}{number:05d}",
            "toegevoegd": "2026-05-13",
        }

    dump = {"algoritmes": [record(n, "Nieuwe tekst" if n < 30 else "Tekst") for n in range(RECORDS)], "count": RECORDS}
    events = [
        {
            "at": "2026-06-08T19:00:48Z",
            "op": "changed",
            "id": f"{series}{n:05d}",
            "diff": {"doel": ["Tekst", "Nieuwe tekst"]},
        }
        for n in range(30)
    ]
    dump_path, changes_path = folder / f"dump{series}.json", folder / f"changes{series}.jsonl"
    dump_path.write_text(json.dumps(dump))
    changes_path.write_text("".join(json.dumps(event) + "\n" for event in events))
    return dump_path, changes_path


def imports(house: House, dump: Path, changes: Path, **more: str) -> subprocess.Popen[str]:
    """Start an import."""
    return house.start(
        "-m", "aioffice.doors.cli", "import", "nl-algorithm-register", str(dump), "--changes", str(changes), "--json", **more
    )  # fmt: skip


def finish(house: House, dump: Path, changes: Path) -> dict[str, Any]:
    """Run the import again, to its end."""
    process = imports(house, dump, changes)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    return dict(json.loads(out))
