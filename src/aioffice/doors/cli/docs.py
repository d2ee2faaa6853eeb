"""`aioffice docs` writes the generated documentation: procedures with their diagrams, keeping, what of the Act is covered."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from aioffice.doors.cli._office import checked_settings, fail, start_django
from aioffice.kernel.settings import project_root, settings

app = typer.Typer()


@app.command()
def docs(
    folder: Annotated[
        Path | None, typer.Option(help="Where the pages go.", show_default="docs/procedures", file_okay=False)
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail when the pages are out of date.")] = False,
) -> None:
    """Write a page and a state diagram for every procedure, the schedule of keeping and the coverage of the Act. Needs no database.

    Exit status: 0 when the pages are up to date in the end, 1 with --check when they are not.

    Example: aioffice docs --check
    """
    _forget_settings()
    checked_settings()
    start_django()
    from aioffice.doors.coverage_words import page as coverage_page
    from aioffice.kernel.procedures.docs import pages
    from aioffice.kernel.retention.wording import page as schedule_page

    target = folder or project_root() / "docs" / "procedures"
    wanted = pages()
    stale = sorted(path for path in found(target) if path.name not in wanted)
    beside = {target.parent / "retention.md": schedule_page(), target.parent / "COVERAGE.md": coverage_page()}
    stale_beside = [path for path, text in beside.items() if read(path) != text]
    changed = [name for name, text in wanted.items() if read(target / name) != text]
    if check and (stale or changed or stale_beside):
        names = ", ".join([*changed, *(path.name for path in stale), *(path.name for path in stale_beside)])
        fail(f"Out of date in {target}: {names}. Run `make docs`.")
    target.mkdir(parents=True, exist_ok=True)
    for path in stale_beside:
        path.write_text(beside[path], encoding="utf-8")
    for name in changed:
        (target / name).write_text(wanted[name], encoding="utf-8")
    for path in stale:
        path.unlink()
    print(f"{len(wanted)} files in {target}: {len(changed)} written, {len(stale)} removed.")


def found(folder: Path) -> list[Path]:
    """The generated files that are there."""
    return [path for path in folder.glob("*") if path.suffix in {".md", ".svg"}]


def read(path: Path) -> str | None:
    """The text of a file, None when there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _forget_settings() -> None:
    """The pages describe the office as it comes: what is set on this machine must not enter them."""
    for name in [*os.environ]:
        if name.startswith("AIOFFICE_"):
            del os.environ[name]
    settings.cache_clear()
