"""The demo comes into an office that has nobody, once; whatever happened before, the office opens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aioffice.desks.admission import demo, reference_data
from aioffice.doors import prepare
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.settings import Settings, settings
from tests.support.parties import NOW, member, organisation

pytestmark = pytest.mark.django_db


def wanting() -> Settings:
    """Settings that ask for the demo."""
    return settings().model_copy(update={"demo": True})


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The moments at which the demo was loaded, none of it really."""
    found: list[object] = []
    monkeypatch.setattr(demo, "load", found.append)
    return found


def test_an_empty_office_gets_it(loaded: list[object]) -> None:
    assert prepare.demo(wanting())
    assert len(loaded) == 1


def test_a_start_that_was_killed_after_the_demo_was_there_breaks_no_later_start(loaded: list[object]) -> None:
    office = reference_data.load(NOW)
    member(office)
    assert not prepare.demo(wanting())
    assert loaded == []


def test_an_office_begun_without_it_stays_without_it(loaded: list[object]) -> None:
    reference_data.load(NOW)
    member(organisation("Example Systems", Capacity.PROVIDER, admitted=False))
    assert not prepare.demo(wanting())
    assert loaded == []


def test_an_administrator_who_is_only_asked_yet_is_somebody_too(loaded: list[object]) -> None:
    reference_data.load(NOW)
    reference_data.appoint_first_administrator("head@office.example", name="", at=NOW + timedelta(days=1))
    assert not prepare.demo(wanting())
    with plumbing():
        assert Organisation.objects.count() == 1
