"""A reader's browser talks to the office and to nobody else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "var" / "vendor"
OWN = ROOT / "src" / "aioffice" / "doors" / "web" / "static"
ADDRESS = re.compile(r"""(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"'`)<>]*""", re.IGNORECASE)
NAMES_NOT_ADDRESSES = re.compile(
    r"^http://www\.w3\.org/(?:2000/svg|1999/xlink|1999/xhtml|XML/1998/namespace|1998/Math/MathML)$"
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
REGEX_LITERAL = re.compile(r"//i\.test$")  # minified: the end of a regular expression and a call on it

SERVED = sorted(
    path for folder in (VENDOR, OWN) for path in folder.rglob("*") if path.suffix in {".css", ".js", ".svg"}
)


def test_the_set_up_has_fetched_what_pages_load() -> None:
    assert {"ecl-ec.css", "ecl-ec-print.css", "ecl-ec.js", "htmx.min.js", "icons.svg"} <= {path.name for path in SERVED}
    assert (VENDOR / "ecl" / "fonts" / "InterVariable.woff2").is_file()
    assert len(json.loads((VENDOR / "assets.json").read_text())["packages"]) == 3


@pytest.mark.parametrize("path", SERVED, ids=lambda path: str(path.name))
def test_no_served_file_names_an_outside_host(path: Path) -> None:
    code = COMMENT.sub("", path.read_text(encoding="utf-8"))
    found = [address for address in ADDRESS.findall(code) if not NAMES_NOT_ADDRESSES.match(address)]
    assert [address for address in found if not REGEX_LITERAL.match(address.split("(")[0])] == []
    assert "sourceMappingURL" not in code


@pytest.mark.parametrize("path", [path for path in SERVED if path.suffix == ".css"], ids=lambda path: path.name)
def test_everything_a_style_sheet_loads_is_there(path: Path) -> None:
    for target in re.findall(r"url\(\s*[\"']?([^)\"']+)", COMMENT.sub("", path.read_text(encoding="utf-8"))):
        if not target.startswith(("data:", "#")):
            assert (path.parent / target.split("?")[0].split("#")[0]).is_file(), target


def test_no_logo_of_the_commission_is_served() -> None:
    assert [path for path in VENDOR.rglob("*") if "logo" in path.name.lower()] == []
