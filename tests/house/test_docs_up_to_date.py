"""The generated pages in docs/procedures are those of the declarations as they stand, and their diagrams can be read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from aioffice.doors.coverage_words import page as coverage_page
from aioffice.kernel.procedures.declaration import procedures
from aioffice.kernel.procedures.docs import pages
from aioffice.kernel.retention.wording import page as schedule_page
from aioffice.kernel.settings import project_root

FOLDER = project_root() / "docs" / "procedures"
PAGE_WIDTH = 860
"""Pixels that common Markdown viewers give to a picture; beyond that they scale it down, letters included."""


def test_the_pages_are_up_to_date() -> None:
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    assert not stale, f"run `make docs`: {', '.join(stale)}"


def test_the_schedule_of_keeping_is_up_to_date() -> None:
    written = (project_root() / "docs" / "retention.md").read_text(encoding="utf-8")
    assert written == schedule_page(), "run `make docs`"


def test_the_coverage_of_the_act_is_up_to_date() -> None:
    written = (project_root() / "docs" / "COVERAGE.md").read_text(encoding="utf-8")
    assert written == coverage_page(), "run `make docs`"


def test_every_procedure_of_the_house_has_its_pages() -> None:
    assert {f"{procedure.slug}{kind}" for procedure in procedures() for kind in (".md", ".svg")} == {
        path.name for path in FOLDER.iterdir()
    } - {"README.md"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.stem)
def test_a_diagram_fits_the_page_and_is_told_in_words(path: Path) -> None:
    drawn = ET.fromstring(path.read_text(encoding="utf-8"))
    assert float(drawn.get("width", "0")) <= PAGE_WIDTH
    space = "{http://www.w3.org/2000/svg}"
    assert drawn.get("aria-labelledby") == "title desc"
    assert drawn.findtext(f"{space}title")
    assert "A case is opened by" in (drawn.findtext(f"{space}desc") or "")
    sizes = {float(text.get("font-size", "0")) for text in drawn.iter(f"{space}text")}
    assert min(sizes) >= 13
