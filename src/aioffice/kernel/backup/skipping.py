"""Numbers that were given out after a backup was made must not be given to other cases: a restore leaves some out of every series."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from aioffice.kernel.backup import programs

if TYPE_CHECKING:
    from collections.abc import Collection

    from aioffice.kernel.settings import Settings

_SKIP = """
insert into office.procedures_numberseries as s (series, year, last)
select series, year, %(count)s from unnest(%(series)s::text[]) as series, unnest(%(years)s::int[]) as year
on conflict (series, year) do update set last = s.last + excluded.last
"""


def skip_numbers(settings: Settings, series: Collection[str], years: Collection[int], count: int) -> None:
    """Leave the next `count` numbers of every series and year out for good."""
    with psycopg.connect(**programs.owner(settings)) as owner:
        owner.execute(_SKIP, {"count": count, "series": sorted(series), "years": sorted(years)})
