"""What the Office needs before anybody comes in is made once."""

from __future__ import annotations

import pytest

from aioffice.desks.admission import reference_data
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Membership, Organisation
from aioffice.kernel.parties.organisations import office_organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, Refused
from tests.support.parties import NOW

pytestmark = pytest.mark.django_db


def test_loading_again_changes_nothing() -> None:
    office = reference_data.load(NOW)
    assert reference_data.load(NOW).pk == office.pk
    with plumbing():
        assert Organisation.objects.count() == 1
        assert office_organisation().pk == office.pk
    assert office.admitted_at == NOW


def test_before_it_the_office_is_missed_in_words() -> None:
    with plumbing(), pytest.raises(Refused, match="reference data"):
        office_organisation()


def test_the_first_administrator_is_appointed_once() -> None:
    with pytest.raises(Invalid):
        reference_data.appoint_first_administrator("nobody", name="", at=NOW)
    membership = reference_data.appoint_first_administrator("head@office.example", name="Hanna", at=NOW)
    with plumbing():
        actor = actor_for_person(membership.person)
        assert Membership.objects.count() == 1
    assert actor.capacities == {Capacity.AI_OFFICE}
    assert Role.ADMINISTRATOR in actor.roles
    assert actor.admitted
    with pytest.raises(Refused, match="people already"):
        reference_data.appoint_first_administrator("second@office.example", name="Otto", at=NOW)
