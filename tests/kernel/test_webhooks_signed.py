"""Signatures follow the Standard Webhooks specification: its own library verifies them, and so does the example in the docs."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.settings import project_root
from aioffice.kernel.webhooks.service import new_secret, send_test
from aioffice.kernel.webhooks.signing import OLD_WORKS_FOR
from tests.support.parties import NOW, acting_for, organisation
from tests.support.webhooks import Machine, fresh, go, through, webhook

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def machine() -> Iterator[Machine]:
    made = Machine()
    with through(made):
        yield made


@pytest.fixture
def administrator() -> Actor:
    return acting_for(organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY))


@pytest.fixture(scope="module")
def example() -> ModuleType:
    """The example of the docs, as a receiver would copy it."""
    path = project_root() / "docs" / "examples" / "verify_webhook.py"
    spec = importlib.util.spec_from_file_location("verify_webhook", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verifies(secret: str, headers: dict[str, str], body: bytes, example: ModuleType) -> bool:
    """What the library says; the example must say the same."""
    try:
        Verifier(secret).verify(body, headers)
        found = True
    except WebhookVerificationError:
        found = False
    assert example.verified(secret, headers, body) is found
    return found


def test_a_message_verifies_and_nothing_changed_does(
    machine: Machine, administrator: Actor, example: ModuleType
) -> None:
    made, other = webhook(administrator), webhook(administrator, "https://hooks.example.eu/other")
    test = send_test(made.webhook.pk, actor=administrator, at=NOW)
    go(made.webhook, at=NOW)
    _url, headers, body = machine.sent[0]
    assert headers["webhook-id"] == str(test.pk)
    with time_machine.travel(NOW, tick=False):
        assert verifies(made.secret, headers, body, example)
        assert not verifies(other.secret, headers, body, example)
        assert not verifies(made.secret, headers, body + b" ", example)
        assert not verifies(made.secret, headers | {"webhook-id": "1"}, body, example)
        later = str(int(headers["webhook-timestamp"]) + 1)
        assert not verifies(made.secret, headers | {"webhook-timestamp": later}, body, example)
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        assert not verifies(made.secret, headers, body, example), "played back later"


def test_after_a_rotation_both_secrets_verify_for_a_day_and_then_the_new_one(
    machine: Machine, administrator: Actor, example: ModuleType
) -> None:
    old = webhook(administrator)
    new = new_secret(old.webhook.pk, actor=administrator, at=NOW)
    assert new.secret != old.secret
    for moment, both in (
        (NOW + SECOND, True),
        (NOW + OLD_WORKS_FOR - SECOND, True),
        (NOW + OLD_WORKS_FOR, False),
    ):
        send_test(old.webhook.pk, actor=administrator, at=moment)
        go(fresh(old.webhook), at=moment)
        _url, headers, body = machine.sent[-1]
        assert len(headers["webhook-signature"].split()) == (2 if both else 1)
        with time_machine.travel(moment, tick=False):
            assert verifies(new.secret, headers, body, example)
            assert verifies(old.secret, headers, body, example) is both


def test_after_two_rotations_the_first_secret_is_worth_nothing(
    machine: Machine, administrator: Actor, example: ModuleType
) -> None:
    first = webhook(administrator)
    new_secret(first.webhook.pk, actor=administrator, at=NOW)
    new_secret(first.webhook.pk, actor=administrator, at=NOW)
    send_test(first.webhook.pk, actor=administrator, at=NOW)
    go(fresh(first.webhook), at=NOW)
    _url, headers, body = machine.sent[0]
    with time_machine.travel(NOW, tick=False):
        assert not verifies(first.secret, headers, body, example)


def test_a_repetition_has_the_same_id_and_a_signature_of_its_own_time(
    machine: Machine, administrator: Actor, example: ModuleType
) -> None:
    from aioffice.kernel.webhooks.service import send_again

    made = webhook(administrator)
    test = send_test(made.webhook.pk, actor=administrator, at=NOW)
    go(made.webhook, at=NOW)
    later = NOW + timedelta(hours=3)
    send_again(made.webhook.pk, test.pk, actor=administrator, at=later)
    go(made.webhook, at=later)
    (_u, first, body), (_v, second, same) = machine.sent
    assert first["webhook-id"] == second["webhook-id"]
    assert body == same
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    with time_machine.travel(later, tick=False):
        assert verifies(made.secret, second, same, example)
        assert not verifies(made.secret, first, body, example)
