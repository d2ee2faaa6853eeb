"""A step takes place when it is recorded, unless an authority writes down what happened earlier; the evidence can be erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import IdempotencyMismatch, Invalid
from aioffice.kernel.procedures.models import StepPayload, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db

EARLIER = NOW - timedelta(days=3)
LATER = NOW + timedelta(days=3)


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


@pytest.fixture
def office() -> Actor:
    return acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))


def test_no_operator_dates_its_own_filing_back(provider: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        perform(
            RegisterExempt.file,
            None,
            actor=provider,
            data=section_b(),
            at=NOW,
            took_place_at=EARLIER,
            evidence="Letter",
        )
    assert [fault.code for fault in caught.value.errors] == ["took-place-earlier"]


def test_an_authority_records_what_came_by_post_but_not_from_before_the_case(provider: Actor, office: Actor) -> None:
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW).case
    doubt = {"text": "Who is this?"}
    with pytest.raises(Invalid) as caught:
        perform(RegisterExempt.flag, case.pk, actor=office, data=doubt, at=LATER, took_place_at=EARLIER)
    assert [fault.code for fault in caught.value.errors] == ["before-the-case"]
    noted = perform(
        RegisterExempt.flag, case.pk, actor=office, data=doubt, at=LATER, took_place_at=NOW, evidence="Letter of Monday"
    )
    assert (noted.took_place_at, noted.recorded_at) == (NOW, LATER)


def test_erasing_takes_the_evidence_and_what_could_be_guessed(provider: Actor, office: Actor) -> None:
    record = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW, idempotency_key="once")
    again = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW, idempotency_key="once")
    assert again.pk == record.pk
    with acting(provider, NOW):
        payload = StepPayload.objects.get(record=record)
        assert StepRecord.objects.exclude(request_digest="").count() == 1
    assert set(payload.salts) - set(record.digests) == {"#request"}
    erase = {"sequence": 1, "reason": "Personal data"}
    perform(RegisterExempt.erase, record.case_id, actor=office, data=erase, at=LATER)
    with pytest.raises(IdempotencyMismatch):
        perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=LATER, idempotency_key="once")


def test_without_a_key_no_hash_of_the_request_is_kept(provider: Actor) -> None:
    assert perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW).request_digest == ""
