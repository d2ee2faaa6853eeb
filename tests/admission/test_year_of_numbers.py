"""A number carries the year in Brussels, where the Office is, not that of any other clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.admission.applying import applied, somebody

pytestmark = pytest.mark.django_db


def test_an_application_on_new_years_night_has_the_number_of_the_new_year() -> None:
    before, after = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 1, tzinfo=UTC)
    assert applied(somebody("ana@systems.example"), at=before)[1].number == "ADM-2026-000001"
    assert applied(somebody("eva@systems.example"), at=after)[1].number == "ADM-2027-000001"
