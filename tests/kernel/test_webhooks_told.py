"""What a webhook is told: what the inbox is told, to the organisation's own addresses, and no more than an e-mail says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema_rs
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.notices.mail import compose
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import CapacityGrant, Organisation, Person
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import procedures
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import project_root
from aioffice.kernel.webhooks.payload import WebhookMessage
from aioffice.kernel.webhooks.queueing import queue
from aioffice.kernel.webhooks.service import change_webhook, deliveries_of, remove_webhook, send_again
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from tests.support.filings import section_a, section_b, secure_a
from tests.support.parties import NOW, acting_for, member, organisation
from tests.support.webhooks import URL, Machine, deliveries, go, queued, tell, through, webhook

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def machine() -> Iterator[Machine]:
    made = Machine()
    with through(made):
        yield made


@pytest.fixture
def filer() -> Actor:
    return acting_for(organisation("Example Systems", Capacity.PROVIDER))


@pytest.fixture
def case(filer: Actor) -> Case:
    return perform(RegisterHighRisk.file, None, actor=filer, data=section_a(filer), at=NOW).case


@pytest.fixture
def secure(filer: Actor) -> Case:
    return perform(RegisterHighRisk.file, None, actor=filer, data=secure_a(), at=NOW).case


@pytest.fixture
def authority() -> Actor:
    return acting_for(organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY))


def body(machine: Machine) -> dict[str, Any]:
    """What the machine was sent last."""
    read: dict[str, Any] = json.loads(machine.sent[-1][2])
    return read


def test_a_step_tells_the_webhooks_of_those_it_tells(machine: Machine, filer: Actor, authority: Actor) -> None:
    """From the step itself: the job is queued in its transaction."""
    made = webhook(authority).webhook
    record = perform(RegisterExempt.file, None, actor=filer, data=section_b(), at=NOW + MINUTE)
    with plumbing():
        job = ProcrastinateJob.objects.filter(task_name="webhooks.tell").latest("id")
    with acting(authority, NOW):
        notice = Notice.objects.get(case=record.case)
    assert job.args == {"notice_ids": [str(notice.pk)]}
    assert queue([notice.pk], at=NOW + MINUTE) == [made.pk]
    go(made, at=NOW + MINUTE)
    assert body(machine)["data"]["kind"] == "exempt-registration.file"


def test_a_message_says_what_an_email_says(machine: Machine, case: Case, filer: Actor, authority: Actor) -> None:
    made = webhook(authority).webhook
    notice = tell(case, filer, authority.organisation)
    queued(notice)
    go(made, at=NOW)
    assert body(machine) == {
        "type": "message",
        "timestamp": "2026-11-23T10:00:00Z",
        "data": {
            "id": str(notice),
            "organisation": {"id": str(authority.organisation), "name": "Autoridade Exemplo"},
            "kind": "high-risk-registration.file",
            "title": "Registered",
            "case": {
                "id": str(case.pk),
                "number": "EU-A-2026-000001",
                "procedure": "high-risk-registration",
                "api": f"http://localhost:8000/api/v1/cases/{case.pk}",
            },
            "link": f"http://localhost:8000/en/office/messages/{notice}/{case.pk}/",
        },
    }
    said = json.dumps(body(machine))
    assert case.subject not in said
    assert filer.organisation_name not in said, "nor does an e-mail say who took the step"
    url, headers, _body = machine.sent[0]
    assert url == URL
    assert headers["webhook-id"] == str(notice)
    assert headers["Content-Type"] == "application/json"


def test_every_word_of_a_message_is_one_that_the_email_says_or_an_address(
    machine: Machine, case: Case, secure: Case, filer: Actor, authority: Actor
) -> None:
    """Held against the e-mail itself, for a public matter and for one of the secure section."""
    cleared = acting_for(organisation("Polícia Exemplo", Capacity.ARTICLE_74_8_AUTHORITY, secure_access=True))
    for matter, reader in ((case, authority), (secure, cleared)):
        made = webhook(reader, URL + f"/{matter.pk}").webhook
        notice = tell(matter, filer, reader.organisation)
        queued(notice)
        go(made, at=NOW)
        with acting(service("notifier"), NOW):
            found = Notice.objects.select_related("organisation").get(pk=notice)
            email = compose(found, Person.objects.get(pk=reader.person))
        written = f"{email.subject} {email.body} {email.extra_headers}"
        told = body(machine)["data"]
        words = [told["organisation"]["name"], told["title"], (told["case"] or {}).get("number")]
        assert [word for word in words if word and word not in written] == []


def test_of_the_restricted_section_a_message_says_that_there_is_one(
    machine: Machine, secure: Case, filer: Actor
) -> None:
    cleared = acting_for(organisation("Polícia Exemplo", Capacity.ARTICLE_74_8_AUTHORITY, secure_access=True))
    made = webhook(cleared).webhook
    notice = tell(secure, filer, cleared.organisation, title="Zephyrine flag")
    assert queued(notice) == [made.pk]
    go(made, at=NOW)
    data = body(machine)["data"]
    assert data == {
        "id": str(notice),
        "organisation": {"id": str(cleared.organisation), "name": "Polícia Exemplo"},
        "kind": None,
        "title": None,
        "case": None,
        "link": "http://localhost:8000/en/office/messages/",
    }
    whole = str(machine.sent)
    for word in (str(secure.pk), "Zephyrine", "high-risk", "registration", str(secure.number)):
        assert word not in whole


def test_a_filter_tells_nothing_of_the_restricted_section(secure: Case, filer: Actor) -> None:
    """That a message came through it would say which procedure it is about."""
    cleared = acting_for(organisation("Polícia Exemplo", Capacity.ARTICLE_74_8_AUTHORITY, secure_access=True))
    made = webhook(cleared, URL, "high-risk-registration").webhook
    assert queued(tell(secure, filer, cleared.organisation)) == []
    assert deliveries(made) == []


def test_what_is_for_cleared_staff_alone_goes_to_no_webhook_of_the_office(secure: Case, filer: Actor) -> None:
    """Clearance is personal in the Commission: neither the address nor the list of deliveries gives a hint."""
    office = organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
    administrator = acting_for(office, cleared=True)
    made = webhook(administrator).webhook
    notice = tell(secure, filer, office.pk)
    with acting(actor_of(office, cleared=True), NOW):
        assert Notice.objects.filter(pk=notice).exists()
    assert queued(notice) == []
    assert queue(None, at=NOW + MINUTE) == []
    assert deliveries(made) == []


def actor_of(of: Organisation, *, cleared: bool) -> Actor:
    person = member(of, email="cleared@example.test", cleared=cleared)
    with plumbing():
        return actor_for_person(person, of.pk)


def test_what_waits_when_access_ends_is_not_sent(machine: Machine, secure: Case, filer: Actor) -> None:
    police = organisation("Polícia Exemplo", Capacity.ARTICLE_74_8_AUTHORITY, secure_access=True)
    made = webhook(acting_for(police)).webhook
    queued(tell(secure, filer, police.pk))
    with plumbing():
        CapacityGrant.objects.filter(organisation=police).update(secure_access=False)
    go(made, at=NOW)
    assert machine.sent == []
    assert deliveries(made) == []


def test_a_filter_lets_its_procedures_through(case: Case, filer: Actor, authority: Actor) -> None:
    high = webhook(authority, URL, "high-risk-registration").webhook
    other = webhook(authority, URL + "/2", "mandate").webhook
    every = webhook(authority, URL + "/3").webhook
    assert set(queued(tell(case, filer, authority.organisation))) == {high.pk, every.pk}
    assert deliveries(other) == []


def test_nobody_elses_notices_are_told(case: Case, filer: Actor, authority: Actor) -> None:
    stranger = webhook(acting_for(organisation("Another"))).webhook
    mine = webhook(authority).webhook
    assert queued(tell(case, filer, authority.organisation)) == [mine.pk]
    assert deliveries(stranger) == []


def test_one_that_is_off_removed_or_newer_is_not_told(case: Case, filer: Actor, authority: Actor) -> None:
    notice = tell(case, filer, authority.organisation)
    off, gone, new = (
        webhook(authority, URL + path, at=at).webhook for path, at in (("/1", NOW), ("/2", NOW), ("/3", NOW + MINUTE))
    )
    change_webhook(off.pk, active=False, actor=authority, at=NOW)
    remove_webhook(gone.pk, actor=authority, at=NOW)
    assert queued(notice, at=NOW + 2 * MINUTE) == []
    change_webhook(off.pk, active=True, actor=authority, at=NOW + MINUTE)
    assert queue(None, at=NOW + 2 * MINUTE) == [], "what was not told while it was off stays untold"
    assert deliveries(new) == []


def test_repeated_or_swept_a_notice_is_queued_once(case: Case, filer: Actor, authority: Actor) -> None:
    made = webhook(authority).webhook
    first = tell(case, filer, authority.organisation)
    assert queued(first) == [made.pk]
    assert queued(first) == []
    tell(case, filer, authority.organisation)
    assert queue(None, at=NOW + MINUTE) == [made.pk], "its job was lost"
    assert queue(None, at=NOW + MINUTE) == []
    assert len(deliveries(made)) == 2


def test_the_schema_holds_what_is_sent(
    machine: Machine, case: Case, secure: Case, filer: Actor, authority: Actor
) -> None:
    schema = WebhookMessage.model_json_schema(mode="serialization")
    jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
    made = webhook(authority).webhook
    queued(tell(case, filer, authority.organisation))
    go(made, at=NOW)
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(body(machine))
    assert not jsonschema_rs.Draft202012Validator(schema).is_valid({**body(machine), "more": 1})


def test_a_notice_about_no_case_goes_to_no_webhook(authority: Actor) -> None:
    from aioffice.kernel.notices.service import tell_organisation

    made = webhook(authority).webhook
    with acting(authority, NOW):
        notice = tell_organisation(
            organisation=authority.organisation,  # type: ignore[arg-type]
            about="webhooks.given_up",
            title="Given up",
            reference="x",
            record_id=made.pk,
            at=NOW,
        )
    assert queued(notice) == []
    assert deliveries(made) == []


def test_whoever_may_not_read_a_message_is_not_shown_that_it_was_sent(secure: Case, filer: Actor) -> None:
    """Access to the secure section ended after it was sent: the list of deliveries keeps no trace that is not in the inbox."""
    police = organisation("Polícia Exemplo", Capacity.ARTICLE_74_8_AUTHORITY, secure_access=True)
    cleared = acting_for(police)
    made = webhook(cleared).webhook
    notice = tell(secure, filer, police.pk)
    queued(notice)
    go(made, at=NOW)
    (sent,) = deliveries(made)
    blind = replace(cleared, secure_access=False, secure_capacities=frozenset())
    with acting(blind, NOW):
        assert not Notice.objects.filter(pk=notice).exists()
        assert list(deliveries_of(made)) == []
    with pytest.raises(NotFound, match="no such delivery"):
        send_again(made.pk, sent.pk, actor=blind, at=NOW)
    with acting(cleared, NOW):
        assert [one.pk for one in deliveries_of(made)] == [sent.pk]


def test_the_message_in_the_documentation_is_one() -> None:
    page = (project_root() / "docs" / "webhooks.md").read_text(encoding="utf-8")
    found = re.search(r"^```\nPOST.*?\n\n(\{.*?)\n```$", page, flags=re.DOTALL | re.MULTILINE)
    assert found is not None
    told = WebhookMessage.model_validate_json(found[1]).data
    assert told.kind is not None
    assert told.case is not None
    procedure, _dot, step = told.kind.rpartition(".")
    assert told.case.procedure == procedure
    (shown,) = [kind.steps[step] for kind in procedures() if kind.slug == procedure]
    assert told.title == str(shown.told)
