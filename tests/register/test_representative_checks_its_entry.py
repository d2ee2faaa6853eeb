"""The authorised representative checks the field that names it (Article 22(3)(e)), where it may see the entry at all."""

from __future__ import annotations

from typing import Any

import pytest

from aioffice.desks.admission.procedure import RepresentativeMandate
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import RoundPlace
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.queries import open_places
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import section_a, secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db

NAMED = {"name": "Representation", "address": "Rua 2", "contact": "office@example.test"}


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


@pytest.fixture
def representative(provider: Actor) -> Actor:
    """A representative under a mandate that both sides have confirmed."""
    actor = acting_for(organisation("Representation", Capacity.AUTHORISED_REPRESENTATIVE))
    proposal = {"representative": "Representation", "scope": "All systems"}
    mandate = perform(RepresentativeMandate.propose, None, actor=provider, data=proposal, at=NOW)
    perform(RepresentativeMandate.confirm, mandate.case_id, actor=actor, data={}, at=NOW)
    return actor


def registered(provider: Actor, data: dict[str, Any]) -> Any:
    return perform(RegisterHighRisk.file, None, actor=provider, data=data, at=NOW).case_id


def test_it_is_asked_and_answers_after_the_entry_is_public(provider: Actor, representative: Actor) -> None:
    case_id = registered(provider, section_a(provider, representative=NAMED))
    with acting(representative, NOW):
        (asked,) = open_places(representative)
    assert asked.case.id == case_id
    step = RegisterHighRisk.confirm_representative
    record = perform(step, case_id, actor=representative, data={"outcome": "contested", "note": "Other street"}, at=NOW)
    assert record.to_state == "registered", "the entry stays as it is: only its filer changes it"
    with acting(representative, NOW):
        assert open_places(representative) == []


def test_in_the_secure_section_it_is_neither_asked_nor_shown_anything(provider: Actor, representative: Actor) -> None:
    case_id = registered(provider, secure_a(representative=NAMED))
    with acting(provider, NOW):
        assert not RoundPlace.objects.filter(case=case_id).exists()
    with acting(representative, NOW):
        assert not RoundPlace.objects.exists()
        assert open_places(representative) == []
    with pytest.raises(NotFound):
        perform(
            RegisterHighRisk.confirm_representative,
            case_id,
            actor=representative,
            data={"outcome": "confirmed"},
            at=NOW,
        )
