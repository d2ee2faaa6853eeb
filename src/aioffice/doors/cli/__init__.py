"""The command line `aioffice`.

Every module of this folder that has a typer application named `app` is part of it: without a name its commands stand beside the
others (`aioffice up`), with a name they form a group (`aioffice register search`). Modules import models inside their commands only,
within `office()`, so that `aioffice --help` needs neither database nor Django. A module is loaded when a command of its name is asked;
only the help, and commands of another name, load all.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import typer
import typer.core
import typer.main

if TYPE_CHECKING:
    from typer._click import Command, Context


class _Commands(typer.core.TyperGroup):
    """The commands of all modules, each module loaded when it is asked."""

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command of that name, or the group."""
        if cmd_name not in self.commands and cmd_name in _modules():
            self.commands.update(_commands_of(cmd_name))
        if cmd_name not in self.commands:
            self._load_all()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Context) -> list[str]:
        """The names of all, in the order of the modules."""
        self._load_all()
        return super().list_commands(ctx)

    def _load_all(self) -> None:
        self.commands = {name: command for module in _modules() for name, command in _commands_of(module).items()}


def _modules() -> list[str]:
    return sorted(found.stem for found in Path(__path__[0]).glob("*.py") if not found.name.startswith("_"))


def _commands_of(module: str) -> dict[str, Command]:
    part = getattr(importlib.import_module(f"{__name__}.{module}"), "app", None)
    if not isinstance(part, typer.Typer):
        return {}
    around = typer.Typer(rich_markup_mode=None)
    around.add_typer(part)
    group = typer.main.get_command(around)
    assert isinstance(group, typer.core.TyperGroup)
    return dict(group.commands)


app = typer.Typer(
    name="aioffice",
    cls=_Commands,
    help="The AI Office: filings, procedures and the public register under the EU AI Act.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _whole() -> None:
    """Keep the commands named even while none of them is loaded."""
