"""A command loads what it needs: whoever asks the Act waits for no framework, no database and no other command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from aioffice.doors.cli import app

RUN = """
import json, sys
from aioffice.doors.cli import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
print()
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {
    "django",
    "psycopg",
    "structlog",
    "ninja",
    "procrastinate",
    "aioffice.kernel",
    "aioffice.register",
    "aioffice.desks",
}


@pytest.mark.parametrize("command", ["classify", "duties"])
def test_a_question_to_the_act_loads_neither_django_nor_a_database(command: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("is_ai_system: true\n")
    done = subprocess.run([sys.executable, "-c", RUN, command, str(path)], check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not HEAVY & loaded
    assert "aioffice.act.reasoning.compiling.making" not in loaded, "one answer is not worth a compiler"
    assert {name for name in loaded if name.startswith("aioffice.doors.cli.") and "._" not in name} == {
        f"aioffice.doors.cli.{command}"
    }


def test_the_help_lists_the_commands_of_all_modules() -> None:
    whole = get_command(app)
    assert isinstance(whole, TyperGroup)
    context = whole.make_context("aioffice", ["classify"], resilient_parsing=True)
    assert whole.get_command(context, "token") is not None, "a group whose module has another name"
    assert whole.get_command(context, "nothing") is None
    assert {"classify", "backup-check", "first-administrator", "register", "token"} <= set(whole.list_commands(context))
