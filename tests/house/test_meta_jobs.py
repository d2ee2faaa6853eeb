"""About the work behind the pages: every task is found by the worker, every queue is worked on, every state leads on."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from procrastinate.testing import InMemoryConnector

from aioffice.kernel.jobs import OUTSIDE, WITNESSES
from aioffice.kernel.procedures.declaration import START, STAY, Procedure, procedures
from aioffice.kernel.procedures.events import handlers_of

SRC = Path(__file__).resolve().parents[2] / "src"
LISTING = """
import json, django
django.setup()
from procrastinate.contrib.django import app
app.perform_import_paths()
print(json.dumps({name: task.queue for name, task in app.tasks.items()}))
"""


def _declared() -> Iterator[tuple[str, Path]]:
    """Names of tasks as the code declares them, and where."""
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "task":
                names = [
                    word.value.value
                    for word in node.keywords
                    if word.arg == "name" and isinstance(word.value, ast.Constant)
                ]
                assert names, f"{path}: a task has a name of its own, so that it survives being moved"
                yield str(names[0]), path


def test_the_worker_finds_every_task_by_its_own_import_path() -> None:
    declared = dict(_declared())
    assert len(declared) == len(list(_declared())), "two tasks of one name"
    done = subprocess.run([sys.executable, "-c", LISTING], capture_output=True, text=True, check=True)
    found = {name for name in json.loads(done.stdout) if not name.startswith(("builtin:", "procrastinate."))}
    assert found == set(declared)
    for name, path in declared.items():
        assert path.name == f"{django_settings.PROCRASTINATE_AUTODISCOVER_MODULE_NAME}.py", name


def test_the_worker_takes_from_every_queue() -> None:
    """`aioffice jobs` runs two workers: one for what waits for machines of others, one for every other queue that a task names."""
    from procrastinate.contrib.django import app

    from aioffice.doors.working import workers

    with app.replace_connector(InMemoryConnector()):
        app.perform_import_paths()
        inside, outside = workers(app, 2, 6)
        named = {task.queue for task in app.tasks.values()}
    assert (outside.queues, outside.concurrency) == ([OUTSIDE, WITNESSES], 6)
    assert not set(inside.queues or ()) & {OUTSIDE, WITNESSES}
    assert named == {*(inside.queues or ()), OUTSIDE, WITNESSES}


def test_every_task_is_queued_somewhere_or_runs_by_the_clock() -> None:
    everything = {path: path.read_text(encoding="utf-8") for path in SRC.rglob("*.py")}
    for name, path in _declared():
        tree = ast.parse(everything[path])
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            calls = [
                d for d in function.decorator_list if isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute)
            ]
            if not any(isinstance(k.value, ast.Constant) and k.value.value == name for d in calls for k in d.keywords):
                continue
            by_clock = any(isinstance(d.func, ast.Attribute) and d.func.attr == "periodic" for d in calls)
            queued = any(
                f"{function.name}.defer" in text or f"{function.name}.configure" in text for text in everything.values()
            )
            assert by_clock or queued, f"{name} is never queued"


def test_every_event_that_a_step_tells_is_heard() -> None:
    told = {event.name for kind in procedures() for step in kind.steps.values() for event in step.emits}
    assert told
    assert [name for name in sorted(told) if not handlers_of(name)] == []


@pytest.mark.parametrize("kind", procedures(), ids=lambda kind: kind.slug)
def test_every_open_state_is_reached_and_leads_on(kind: type[Procedure]) -> None:
    moves = [(source.name, step.move.target, step) for step in kind.steps.values() for source in step.move.sources]
    reached, new = set(), {START.name}
    while new:
        reached |= new
        new = {target.name for source, target, _step in moves if source in reached and target is not STAY} - reached
    assert set(kind.states) <= reached, "a state that no case ever comes to"
    for state in kind.states.values():
        leaving = [
            step
            for source, target, step in moves
            if source == state.name and target is not STAY and target is not state
        ]
        if state.open:
            assert leaving, f"an open matter in {state.name} could never be settled"
        for name in state.awaits:
            assert state in kind.steps[name].move.sources, f"{state.name} awaits a step that does not start there"
