"""What the tests of the doors share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.support.parties import NOW
from tests.support.published import dutch_site, union_site

__all__ = ["dutch_site", "union_site"]  # fixtures


@pytest.fixture
def the_day() -> Iterator[None]:
    """Let it be the day on which the tests take place, with a clock that goes on: numbers carry the year."""
    with time_machine.travel(NOW, tick=True):
        yield
