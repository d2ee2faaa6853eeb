"""Case numbers: one series per kind and year, without gaps but those that a restore leaves on purpose (`kernel.backup.skipping`)."""

from __future__ import annotations

from django.db import connection


def take_numbers(series: str, year: int, count: int) -> list[str]:
    """Take `count` consecutive numbers, such as `EU-A-2026-000001`.

    The row stays locked until the transaction ends, so a filing that is rolled back leaves no gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into office.procedures_numberseries as s (series, year, last) values (%s, %s, %s) "
            "on conflict (series, year) do update set last = s.last + excluded.last returning last",
            [series, year, count],
        )
        row = cursor.fetchone()
    assert row is not None, "an insert with RETURNING always answers"
    last = int(row[0])
    return [f"{series}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
