"""What a webhook is told: what an e-mail about the same notice says, and no more.

Of a case in the secure section (49(4)) that is: there is a message. Whoever runs the receiver, or reads along there, learns no
number, no title, no procedure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from django.utils import translation
from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict, Field

from aioffice.kernel.notices.mail import INBOX_PATH
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.settings import settings
from aioffice.kernel.webhooks.models import Delivery

API_CASE = "/api/v1/cases/{case}"
MESSAGE_PATH = INBOX_PATH.format(language="en") + "/{notice}/{case}/"


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class ToldOrganisation(_Told):
    """Who is told."""

    id: UUID
    name: str


class ToldCase(_Told):
    """The case that the message is about."""

    id: UUID
    number: str = Field(description="Its number; empty where it has none.", examples=["EU-A-2026-000001"])
    procedure: str = Field(examples=["high-risk-registration"])
    api: str = Field(description="Where the API shows the case.")


class ToldMessage(_Told):
    """What the inbox of the organisation says."""

    id: UUID = Field(
        description="The same at every repetition and at each address of the organisation; equal to `webhook-id`."
    )
    organisation: ToldOrganisation
    kind: str | None = Field(
        description="The step that was taken, or that began the time limit spoken of; null in a test, where the message is about "
        "no case, and for a matter of the secure section.",
        examples=["high-risk-registration.question"],
    )
    title: str | None = Field(description="What happened, in English; null for a matter of the secure section.")
    case: ToldCase | None = Field(
        description="Null in a test, where the message is about no case, and for a matter of the secure section."
    )
    link: str = Field(description="Where a person reads the message after signing in.")


class WebhookMessage(_Told):
    """The body of a request to a webhook.

    Answer with any status from 200 to 299 within 10 seconds. Anything else, a redirect too, is a failure and is repeated over three days.
    """

    type: Literal["message", "test"] = Field(
        description="`message`: the inbox of the organisation says it; `test`: somebody asked for a try, nothing happened."
    )
    timestamp: datetime = Field(
        description="When it happened. When the request was sent stands in `webhook-timestamp`."
    )
    data: ToldMessage


def body_of(delivery: Delivery) -> bytes:
    """The bytes that are signed and sent. Called inside `acting`, with `organisation` and `notice` at hand."""
    inbox = settings().base_url + INBOX_PATH.format(language="en") + "/"
    organisation = ToldOrganisation(id=delivery.organisation_id, name=delivery.organisation.name)
    notice = delivery.notice
    if notice is None:
        title: str | None = "This is a test"
        said = ToldMessage(id=delivery.pk, organisation=organisation, kind=None, title=title, case=None, link=inbox)
        return _json(WebhookMessage(type="test", timestamp=delivery.created_at, data=said))
    case = None if notice.secure else _case(notice)
    said = ToldMessage(
        id=notice.pk,
        organisation=organisation,
        kind=notice.step if case else None,
        title=None if notice.secure else _title(notice),
        case=case,
        link=settings().base_url + MESSAGE_PATH.format(notice=notice.pk, case=notice.case_id) if case else inbox,
    )
    return _json(WebhookMessage(type="message", timestamp=notice.created_at, data=said))


def _case(notice: Notice) -> ToldCase | None:
    if notice.case_id is None:
        return None
    return ToldCase(
        id=notice.case_id,
        number=notice.reference,
        procedure=notice.step.rpartition(".")[0],
        api=settings().base_url + API_CASE.format(case=notice.case_id),
    )


def _title(notice: Notice) -> str:
    with translation.override("en"):
        return gettext(notice.title) if notice.title else ""


def _json(message: WebhookMessage) -> bytes:
    return msgspec.json.encode(message.model_dump(mode="json"))
