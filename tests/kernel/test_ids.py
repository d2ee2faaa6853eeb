"""Identifiers sort by the time they were made, always."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

import pytest

from aioffice.kernel import ids
from aioffice.kernel.ids import uuid7


def test_each_is_greater_than_the_one_before() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_they_are_of_version_7() -> None:
    assert {(uuid7().version, uuid7().variant) for _ in range(100)} == {(7, RFC_4122)}


def test_threads_never_share_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [one for part in pool.map(lambda _: [uuid7() for _ in range(2_000)], range(8)) for one in part]
    assert len(set(made)) == len(made) == 16_000


def test_the_order_holds_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000_000_000)
    assert first < uuid7() < uuid7()


def test_a_counter_that_is_full_borrows_a_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last", (1 << 45, (1 << 42) - 1))
    made = [uuid7(), uuid7()]
    assert [one.int >> 80 for one in made] == [(1 << 45) + 1] * 2
    assert made[0] < made[1]
