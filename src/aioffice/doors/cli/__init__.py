"""The command line `aioffice`.

Every module of this folder that has a typer application named `app` is part of it: without a name its commands stand beside the
others (`aioffice up`), with a name they form a group (`aioffice register search`). Modules import models inside their commands only,
within `office()`, so that `aioffice --help` needs neither database nor Django.
"""

from __future__ import annotations

import importlib
import pkgutil

import typer

app = typer.Typer(
    name="aioffice",
    help="The AI Office: filings, procedures and the public register under the EU AI Act.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _whole() -> None:
    """Keep the commands named even while there is only one."""


def _assemble() -> None:
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if found.name.startswith("_"):
            continue
        part = getattr(importlib.import_module(f"{__name__}.{found.name}"), "app", None)
        if isinstance(part, typer.Typer):
            app.add_typer(part)


_assemble()
