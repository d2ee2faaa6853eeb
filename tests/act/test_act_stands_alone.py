"""`act` needs the standard library alone and loads fast, so that anything may ask it anything at any time."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import aioffice
import aioffice.act
from aioffice.act import annex_iii, annex_viii, languages, member_states, places, registration, status, time_limits
from aioffice.act.clocks.law import LawSettings

MODULES = sorted(module.name for module in pkgutil.walk_packages(aioffice.act.__path__, "aioffice.act."))
LOAD = f"""
import json, sys, time
before, bare = set(sys.modules), time.process_time()
import {", ".join(MODULES)}
print(json.dumps([1000 * (time.process_time() - bare), sorted({{name.partition(".")[0] for name in set(sys.modules) - before}})]))
"""


def load() -> tuple[float, set[str]]:
    """How many milliseconds of work loading takes, and what is loaded beside the Act."""
    root = str(Path(aioffice.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-S", "-c", LOAD], check=True, capture_output=True, text=True, env={"PYTHONPATH": root}
    )
    took, loaded = json.loads(done.stdout)
    return took, set(loaded)


def test_only_the_standard_library_is_loaded_and_fast() -> None:
    """Fast: in less than a tenth of a second of work, at best of some times, since a busy machine works slower."""
    runs = [load() for _ in range(5)]
    for _took, loaded in runs:
        assert loaded - set(sys.stdlib_module_names) == {"aioffice"}
    assert min(took for took, _loaded in runs) < 100


def test_what_act_returns_cannot_be_changed() -> None:
    rows: list[object] = [
        annex_viii.field("A", 1),
        annex_iii.point("1(a)"),
        annex_iii.areas()[0],
        annex_iii.registration_route("1(a)", "other", registration.duty("A").applies_from),
        registration.duty("A"),
        registration.open_question("OQ1"),
        status.status("recalled"),
        status.condition("a"),
        member_states.member_state("NL"),
        languages.language("nl"),
        time_limits.time_limit("INC-15"),
        places.place("BE"),
        LawSettings(),
    ]
    for row in rows:
        with pytest.raises(FrozenInstanceError):
            setattr(row, next(iter(type(row).__slots__)), "changed")  # type: ignore[attr-defined]
