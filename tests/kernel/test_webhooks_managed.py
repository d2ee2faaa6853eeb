"""Who registers, changes and removes webhooks, what cannot be registered, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.outside import Refused as NotCalled
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_token
from aioffice.kernel.parties.models import AuditEntry, Organisation
from aioffice.kernel.parties.tokens import create_token
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound, Refused
from aioffice.kernel.settings import settings
from aioffice.kernel.webhooks import service
from aioffice.kernel.webhooks.models import Webhook
from tests.support.parties import NOW, acting_for, organisation
from tests.support.webhooks import URL, Machine, deliveries, fresh, through, told, webhook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def machine() -> Iterator[Machine]:
    made = Machine()
    with through(made):
        yield made


@pytest.fixture
def administrator() -> Actor:
    return acting_for(organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY))


def machine_of(administrator: Actor, *roles: Role) -> Actor:
    """A token of the organisation."""
    made = create_token("Pipeline", roles, expires_at=NOW + timedelta(days=9), actor=administrator, at=NOW)
    with plumbing():
        found = actor_for_token(made.secret, NOW)
    assert found is not None
    return found


def audited(actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    with acting(actor, NOW):
        entries = AuditEntry.objects.filter(action__startswith="webhook.").order_by("at", "id")
        return [(entry.action, entry.detail) for entry in entries]


def test_a_webhook_is_registered_with_a_secret_that_is_stored_nowhere(administrator: Actor) -> None:
    made = webhook(administrator, URL + "?key=hush", "high-risk-registration")
    assert made.secret.startswith("whsec_")
    with acting(administrator, NOW):
        assert [one.pk for one in service.list_webhooks(actor=administrator)] == [made.webhook.pk]
        with connection.cursor() as cursor:
            cursor.execute("select w::text from office.webhooks_webhook w")
            assert made.secret.removeprefix("whsec_") not in str(cursor.fetchall())
    (entry,) = audited(administrator)
    assert entry == (
        "webhook.add",
        {"host": "hooks.example.eu", "procedures": ["high-risk-registration"], "active": True},
    )
    assert "hush" not in str(entry), "an address may hold a secret"


def test_secrets_of_two_webhooks_and_two_offices_differ(administrator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = webhook(administrator), webhook(administrator, URL + "/2")
    assert one.secret != other.secret
    monkeypatch.setenv("AIOFFICE_WEBHOOK_KEY", "another office's")
    settings.cache_clear()
    try:
        assert service.secret_of(one.webhook) != one.secret
    finally:
        monkeypatch.delenv("AIOFFICE_WEBHOOK_KEY")
        settings.cache_clear()
    assert service.secret_of(one.webhook) == one.secret


@pytest.mark.parametrize(
    ("name", "url", "slugs", "pointer", "says"),
    [
        ("", URL, (), "/name", "up to 60 characters"),
        ("x" * 61, URL, (), "/name", "up to 60 characters"),
        ("x", "http://hooks.example.eu/", (), "/url", "begin with https"),
        ("x", "https://127.0.0.1/", (), "/url", "no machine on the public internet"),
        ("x", "https://10.1.2.3/", (), "/url", "no machine on the public internet"),
        ("x", "https://[::ffff:169.254.169.254]/", (), "/url", "no machine on the public internet"),
        ("x", "https://hooks.example.eu:5432/", (), "/url", "Possible are: 443, 8443"),
        ("x", "https://me:pw@hooks.example.eu/", (), "/url", "before the @"),
        ("x", URL, ("no-such",), "/procedures", "no procedure “no-such”. Possible are: "),
    ],
)
def test_what_cannot_be_registered_is_refused_at_its_place(
    administrator: Actor, name: str, url: str, slugs: tuple[str, ...], pointer: str, says: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        service.add_webhook(name, url, slugs, actor=administrator, at=NOW)
    (error,) = refusal.value.errors
    assert error.pointer == pointer
    assert says in error.message
    made = webhook(administrator).webhook
    with pytest.raises(Invalid):
        service.change_webhook(made.pk, name=name, url=url, slugs=slugs, actor=administrator, at=NOW)
    assert fresh(made).url == URL


def test_an_address_is_registered_once_and_so_many_at_the_most(
    administrator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = webhook(administrator)
    with pytest.raises(Invalid, match="has a webhook with this address already"):
        webhook(administrator)
    narrow = settings().model_copy(update={"webhook_addresses": 2})
    monkeypatch.setattr(service, "settings", lambda: narrow)
    webhook(administrator, URL + "/2")
    with pytest.raises(Refused, match="up to 2 webhooks"):
        webhook(administrator, URL + "/3")
    service.remove_webhook(made.webhook.pk, actor=administrator, at=NOW)
    webhook(administrator, URL)


def test_an_organisation_that_is_not_admitted_registers_none() -> None:
    with pytest.raises(Refused, match="once it is admitted"):
        webhook(acting_for(organisation("Newcomer", admitted=False)))


type Act = Callable[[Webhook, Actor], Any]
ACTS: dict[str, Act] = {
    "list": lambda made, actor: service.list_webhooks(actor=actor),
    "show": lambda made, actor: service.webhook_of(made.pk, actor=actor),
    "add": lambda made, actor: webhook(actor, URL + "/other"),
    "change": lambda made, actor: service.change_webhook(made.pk, active=False, actor=actor, at=NOW),
    "rotate": lambda made, actor: service.new_secret(made.pk, actor=actor, at=NOW),
    "remove": lambda made, actor: service.remove_webhook(made.pk, actor=actor, at=NOW),
    "test": lambda made, actor: service.send_test(made.pk, actor=actor, at=NOW),
    "send again": lambda made, actor: service.send_again(made.pk, uuid4(), actor=actor, at=NOW),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_administrators_and_signing_machines_have_a_say_and_nobody_else(administrator: Actor, act: Act) -> None:
    made = webhook(administrator).webhook
    of_same = {
        "signatory": acting_for(_organisation(administrator), roles=[Role.SIGNATORY, Role.EDITOR, Role.READER]),
        "editing machine": machine_of(administrator, Role.EDITOR, Role.READER),
    }
    for actor in of_same.values():
        with pytest.raises(NotAllowed, match="managed by an administrator"), acting(actor, NOW):
            act(made, actor)
    assert fresh(made).active
    assert deliveries(made) == []


@pytest.mark.parametrize("act", [act for name, act in ACTS.items() if name not in {"list", "add"}])
def test_what_another_organisation_has_is_not_there(administrator: Actor, act: Act) -> None:
    made = webhook(administrator).webhook
    stranger = acting_for(organisation("Another"))
    with pytest.raises(NotFound, match="has no such webhook"), acting(stranger, NOW):
        act(made, stranger)
    with acting(stranger, NOW):
        assert service.list_webhooks(actor=stranger) == []
        assert not Webhook.objects.exists()
        assert Webhook.objects.filter(pk=made.pk).update(url="https://evil.example/") == 0


def _organisation(of: Actor) -> Any:
    with plumbing():
        return Organisation.objects.get(pk=of.organisation)


def test_what_a_machine_adds_the_administrators_are_told_of(administrator: Actor) -> None:
    webhook(machine_of(administrator, Role.SIGNATORY), name="Pipeline")
    assert told(administrator.organisation) == [("webhooks.added", "Pipeline")]
    webhook(administrator, URL + "/2")
    assert len(told(administrator.organisation)) == 1


def test_what_was_changed_is_written_down(administrator: Actor) -> None:
    made = webhook(administrator).webhook
    later = NOW.replace(hour=12)
    wanted = {"name": "New", "slugs": ["high-risk-registration"]}
    changed = service.change_webhook(made.pk, **wanted, actor=administrator, at=later)
    assert (changed.name, changed.procedures, changed.since) == ("New", ["high-risk-registration"], later)
    service.change_webhook(made.pk, **wanted, url=URL, active=True, actor=administrator, at=later)
    service.new_secret(made.pk, actor=administrator, at=later)
    service.send_test(made.pk, actor=administrator, at=later)
    service.remove_webhook(made.pk, actor=administrator, at=later)
    actions = [action for action, _detail in audited(administrator)]
    assert actions == ["webhook.add", "webhook.change", "webhook.rotate", "webhook.test", "webhook.remove"]
    with pytest.raises(NotFound), acting(administrator, NOW):
        service.webhook_of(made.pk, actor=administrator)


def test_the_office_is_no_machine_for_sending_requests(administrator: Actor) -> None:
    made = webhook(administrator).webhook
    for _turn in range(service.TESTS_AN_HOUR):
        service.send_test(made.pk, actor=administrator, at=NOW)
    with pytest.raises(Refused, match="20 messages by hand within the hour"):
        service.send_test(made.pk, actor=administrator, at=NOW)
    service.send_test(made.pk, actor=administrator, at=NOW.replace(hour=12))


def test_one_that_is_off_is_not_tested(administrator: Actor) -> None:
    made = webhook(administrator).webhook
    service.change_webhook(made.pk, active=False, actor=administrator, at=NOW)
    with pytest.raises(Refused, match="Switch it on first"):
        service.send_test(made.pk, actor=administrator, at=NOW)


class Gone(Machine):
    """No name leads anywhere any more."""

    def check(self, url: str) -> None:
        """Refuse."""
        raise NotCalled("leads nowhere")


def test_an_address_that_leads_nowhere_any_more_can_be_renamed_and_switched_off(administrator: Actor) -> None:
    made = webhook(administrator).webhook
    with through(Gone()):
        changed = service.change_webhook(made.pk, name="Old", active=False, actor=administrator, at=NOW)
        assert (changed.name, changed.active, changed.url) == ("Old", False, URL)
        for wanted in ({"active": True}, {"url": URL + "/2"}):
            with pytest.raises(Invalid, match="leads nowhere"):
                service.change_webhook(made.pk, **wanted, actor=administrator, at=NOW)
    assert service.change_webhook(made.pk, active=True, actor=administrator, at=NOW).active


def test_what_is_left_out_of_a_change_stays_as_others_left_it(administrator: Actor) -> None:
    made = webhook(administrator, URL, "mandate").webhook
    service.change_webhook(made.pk, url=URL + "/2", actor=administrator, at=NOW)
    service.change_webhook(made.pk, name="New", actor=administrator, at=NOW)
    found = fresh(made)
    assert (found.name, found.url, found.procedures, found.active) == ("New", URL + "/2", ["mandate"], True)


def test_that_an_address_changed_is_written_down_without_the_address(administrator: Actor) -> None:
    made = webhook(administrator).webhook
    service.change_webhook(made.pk, url=URL + "?key=hush", actor=administrator, at=NOW)
    assert [action for action, _detail in audited(administrator)] == ["webhook.add", "webhook.change"]
    assert "hush" not in str(audited(administrator))


def test_the_address_of_one_that_was_removed_is_forgotten(administrator: Actor) -> None:
    made = webhook(administrator, URL + "?key=hush").webhook
    service.remove_webhook(made.pk, actor=administrator, at=NOW)
    assert (fresh(made).url, fresh(made).active) == ("", False)
