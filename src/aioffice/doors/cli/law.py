"""`aioffice law` keeps the wording of the Act: an operator's own copy, shown on the public site beside our lines."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from aioffice.doors.cli._acting import refusals
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, Exit, note, print_json, print_table, stop

app = typer.Typer(name="law", help="Keep the wording of the AI Act.", no_args_is_help=True)


@app.command("import", epilog=EXITS)
def import_text(
    file: Annotated[
        Path, typer.Argument(help="Formex 4 of the Official Journal (folder or zip), or consolidated JSON.")
    ],
) -> None:
    """Read a text of the Act and show it on the public site; the same language and day again replaces it.

    The software brings no text of law with it: get the Formex files of Regulation (EU) 2024/1689 from the Publications Office.

    Example: aioffice law import L_202401689EN.zip
    """
    from aioffice.kernel.law_text.lines import TextError
    from aioffice.kernel.law_text.reading import read

    try:
        text, digest = read(file)
    except TextError as error:
        stop(Exit.INVALID, str(error))
    except OSError as error:
        stop(Exit.FAILED, f"{file}: {error.strerror or error}.")
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.law_text.store import put
        from aioffice.kernel.watching.rights import OPERATOR

        made, replaced = put(text, file=file.name, sha256=digest, actor=OPERATOR, at=timezone.now())
    provisions = len({line.node.id for line in text.lines})
    print(f"{made.language} {made.day.isoformat()}")
    note(f"{len(text.lines)} lines of {provisions} provisions {'replaced' if replaced else 'imported'}.")


@app.command("list", epilog=EXITS)
def list_all(as_json: AsJson = False) -> None:
    """List the texts that are held, the newest first.

    Example: aioffice law list
    """
    with office():
        from aioffice.kernel.law_text.store import held

        found = held()
    if as_json:
        print_json([asdict(one) for one in found])
        return
    rows = [(one.language, one.day.isoformat(), one.form, one.file, one.sha256[:12]) for one in found]
    print_table(("Language", "Day", "Form", "File", "SHA-256"), rows)


@app.command(epilog=EXITS)
def remove(
    language: Annotated[str, typer.Argument(help="Its language, such as en.")],
    day: Annotated[str, typer.Argument(help="Its day, such as 2026-07-27.")],
) -> None:
    """Take a text out; the public site shows it no more.

    Example: aioffice law remove en 2026-07-27
    """
    try:
        found = date.fromisoformat(day)
    except ValueError:
        stop(Exit.MISREAD, f"{day!r} is no day; write it 2026-07-27.")
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.law_text.store import remove as take_out
        from aioffice.kernel.watching.rights import OPERATOR

        take_out(language, found, actor=OPERATOR, at=timezone.now())
    note("It is gone.")
