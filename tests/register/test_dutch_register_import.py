"""Taking over the Dutch national algorithm register with its history, twice (see the note beside the data)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connections

from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.register.reference.nl_import import import_dutch_register
from tests.support.parties import NOW, organisation

DATA = Path(__file__).parents[1] / "data" / "nl-algorithm-register"
DUMP = next(DATA.glob("register*"))
CHANGES = next(DATA.glob("changes*"))

pytestmark = pytest.mark.django_db(transaction=True)

AS_OF = """
select count(*) from (
  select distinct on (number) withdrawn from published.version
   where collection = 'nl-algorithm-register' and valid_from <= %s order by number, valid_from desc, n desc) latest
 where not withdrawn
"""


def ask(sql: str, *params: object) -> object:
    """One value, read as the public site reads."""
    with connections["site"].cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None


def test_history_is_replayed_and_ends_at_the_dump() -> None:
    organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
    report = import_dutch_register(DUMP, CHANGES, at=NOW)
    assert report.problems == []
    assert (report.taken_over, report.changed, report.withdrawn) == (1531, 75, 1)
    assert report.equal == report.records == 1530
    deliver_pending(at=NOW)
    assert ask(AS_OF, "2026-05-13") == 1431
    assert ask(AS_OF, "2026-08-08") == 1530
    gone = "select count(*) from published.entry where withdrawn and filing_status = 'withdrawn'"
    assert ask(gone) == 1
    assert ask("select count(*) from published.version v join published.entry e using (number) where e.withdrawn") == 2

    again = import_dutch_register(DUMP, CHANGES, at=NOW)
    assert again.problems == []
    assert (again.taken_over, again.changed, again.withdrawn, again.unchanged) == (0, 0, 0, 1607)
    assert deliver_pending(at=NOW) == 0, "a second run changes nothing, so there is nothing to publish"
