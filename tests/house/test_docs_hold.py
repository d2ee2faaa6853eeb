"""What the written documentation names is there: files, links, headings, settings, commands, targets of make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml
from typer.main import get_command

from aioffice.doors.cli import app
from aioffice.kernel.settings import Settings, project_root
from aioffice.kernel.webhooks.payload import WebhookMessage

ROOT = project_root()
PACKAGE = ROOT / "src" / "aioffice"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OF_COMMANDS = {"AIOFFICE_TOKEN", "AIOFFICE_PASSWORD"}
"""Read by commands alone, as the default of an option."""
# The guide's own desk is made by whoever follows it.
MADE_BY_THE_READER = ("literacy", "pledge", "progress.json", "system.yaml", "mandate.yaml")

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose_of(page: Path) -> str:
    """The text without blocks of code."""
    return re.sub(r"^```.*?^```", "", text_of(page), flags=re.DOTALL | re.MULTILINE)


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose_of(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        if target.startswith(("http://", "https://")):
            continue
        name, _hash, anchor = target.partition("#")
        found = (page.parent / name).resolve() if name else page
        assert found.exists(), f"{target} is not there"
        if anchor:
            assert anchor in anchors_of(found), f"{target}: no such heading"


def named_paths(page: Path) -> Iterator[str]:
    for quoted in re.findall(r"`([^`\n]+)`", prose_of(page)):
        for word in re.split(r"[\s,]+", quoted):
            if "/" in word and re.fullmatch(r"[\w./-]+", word) and not word.startswith("/"):
                yield word.rstrip("/")


@every_page
def test_files_that_are_named_are_there(page: Path) -> None:
    roots = {path.name for path in (*ROOT.iterdir(), *PACKAGE.iterdir())}
    for path in named_paths(page):
        if path.partition("/")[0] not in roots or path.startswith("var/") or any(w in path for w in MADE_BY_THE_READER):
            continue
        assert (ROOT / path).exists() or (PACKAGE / path).exists(), f"{path} is not there"


@every_page
def test_settings_that_are_named_are_settings(page: Path) -> None:
    known = {f"AIOFFICE_{name.upper()}" for name in Settings.model_fields} | OF_COMMANDS
    named = set(re.findall(r"AIOFFICE_[A-Z_]*[A-Z]", text_of(page)))
    assert named <= known, named - known


def commands() -> set[str]:
    """Every command of `aioffice`, with its group."""
    found = set()
    whole = get_command(app)
    for name in whole.list_commands(None):  # type: ignore[attr-defined]
        one = whole.get_command(None, name)  # type: ignore[attr-defined]
        found.add(name)
        found |= {f"{name} {inner}" for inner in getattr(one, "commands", {})}
    return found


@every_page
def test_commands_that_are_named_are_there(page: Path) -> None:
    known = commands()
    groups = {name.partition(" ")[0] for name in known if " " in name}
    for line in re.findall(r"aioffice ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", text_of(page)):
        first, _blank, second = line.partition(" ")
        assert first in known, f"aioffice {first}"
        if first in groups and second:
            assert f"{first} {second}" in known, f"aioffice {line}"


@every_page
def test_targets_of_make_that_are_named_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), flags=re.MULTILINE))
    quoted = re.findall(r"(?:^|[`=0-9] )make ([a-z-]+)|`make ([a-z-]+)", text_of(page), flags=re.MULTILINE)
    named = {one or other for one, other in quoted}
    assert named <= targets, named - targets


def test_the_readme_says_what_this_is_and_is_not() -> None:
    readme = text_of(ROOT / "README.md")
    assert readme.startswith("> **Reference implementation, not a service of the European Commission.**")
    picture = ROOT / "docs" / "images" / "register.png"
    assert "docs/images/register.png" in readme
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 200_000


def test_the_licence_is_the_eupl() -> None:
    licence = text_of(ROOT / "LICENSE")
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n")
    assert all(f"\n{number}." in licence for number in range(1, 16))
    assert licence.rstrip().endswith("require the production of a new EUPL version.")


def test_publiccode_describes_this_version() -> None:
    described = yaml.safe_load(text_of(ROOT / "publiccode.yml"))
    project = text_of(ROOT / "pyproject.toml")
    assert f'version = "{described["softwareVersion"]}"' in project
    assert described["legal"]["license"] == "EUPL-1.2"
    english = described["description"]["en"]
    assert len(english["shortDescription"]) <= 150
    assert 150 <= len(english["longDescription"]) <= 10_000
    needed = {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "developmentStatus",
        "softwareType",
        "maintenance",
        "localisation",
    }
    assert needed <= described.keys()


def test_adrs_are_numbered_without_gaps_and_have_their_three_parts() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    for number, page in enumerate(pages, start=1):
        assert page.name.startswith(f"{number:04d}-")
        text = text_of(page)
        assert text.startswith(f"# {number}. ")
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences"))


def test_divergences_keep_their_numbers() -> None:
    """A number names a divergence for good: each once, none missing; a new one takes the next, wherever it stands."""
    page = text_of(ROOT / "docs" / "DIVERGENCES.md")
    numbers = [int(found) for found in re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert len(numbers) > 40


def test_every_type_of_a_webhook_message_is_explained() -> None:
    page = text_of(ROOT / "docs" / "webhooks.md")
    types = get_args(WebhookMessage.model_fields["type"].annotation)
    assert len(types) > 1
    assert [one for one in types if f"| `{one}` |" not in page] == []
