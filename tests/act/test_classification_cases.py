"""What the Act makes of a system or a model, case by case: `cases/*.yaml`, written from the law and readable without code."""

from __future__ import annotations

import pytest

from tests.support.act_cases import Case, asked, cases, problems


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_case(case: Case) -> None:
    wrong = problems(case, asked(case))
    assert not wrong, f"{case.source}: {'; '.join(wrong)}"
