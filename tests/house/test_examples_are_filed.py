"""The examples in `docs/examples/` are filings that the office takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aioffice.doors.cli._acting import read_data, send_in_files
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_every_example_is_taken() -> None:
    steps = {"system-a": RegisterHighRisk.file, "system-b": RegisterExempt.file, "use-c": RegisterUse.file}
    assert {path.stem for path in EXAMPLES.glob("*.yaml")} == set(steps)
    actor = acting_for(organisation("Filer", Capacity.PROVIDER, Capacity.DEPLOYER, public_body=True))
    numbers = []
    for name, step in steps.items():
        data: dict[str, Any] = send_in_files(step, read_data(EXAMPLES / f"{name}.yaml"), EXAMPLES, actor=actor, at=NOW)
        numbers.append(perform(step, None, actor=actor, data=data, at=NOW).case.number)
    assert numbers == ["EU-A-2026-000001", "EU-B-2026-000001", "EU-C-2026-000001"]


def test_each_says_how_it_is_filed() -> None:
    for path in EXAMPLES.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert f"aioffice file {path.stem[-1].upper()} docs/examples/{path.name} --dry-run" in text
        assert isinstance(yaml.safe_load(text), dict)
