"""Webhooks by API: registered, changed, tested, with what was sent. With a token that holds the role of signatory."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, ValidationError

from aioffice.doors.api.answers import json_answer
from aioffice.doors.api.base import OrganisationToken, actor_of
from aioffice.doors.api.documenting import describe
from aioffice.doors.api.reading import json_object
from aioffice.doors.api.schemas_webhooks import (
    ChangedWebhook,
    Deliveries,
    DeliveryShape,
    NewWebhook,
    Webhooks,
    WebhookShape,
    WebhookWithSecret,
)
from aioffice.kernel.db import acting
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.settings import settings
from aioffice.kernel.webhooks import service
from aioffice.kernel.webhooks.models import Delivery, State, Webhook

router = Router(tags=["Webhooks"], auth=OrganisationToken())
_ONE = "/webhooks/{uuid:webhook_id}"
_LOCATION = {"Location": {"required": True, "schema": {"type": "string"}}}


def shape(found: Webhook) -> dict[str, Any]:
    """A webhook as it is answered."""
    names = ("name", "url", "procedures", "active", "created_at", "rotated_at", "failing_since", "switched_off_at")
    return {"id": found.pk, **{name: getattr(found, name) for name in names}}


def delivery_shape(one: Delivery) -> dict[str, Any]:
    """A delivery as it is answered."""
    names = (
        "message_id",
        "state",
        "created_at",
        "attempts",
        "attempted_at",
        "outcome",
        "status",
        "said",
        "milliseconds",
    )
    waits = one.state == State.WAITING
    return {
        "id": one.pk,
        "test": one.notice_id is None,
        "next_attempt_at": one.due_at if waits else None,
        **{name: getattr(one, name) for name in names},
    }


def _read[M: BaseModel](request: HttpRequest, model: type[M]) -> M:
    """The body as the model has it; raises `Invalid` with a pointer to each fault."""
    try:
        return model.model_validate(json_object(request))
    except ValidationError as error:
        faults = [
            FieldError("".join(f"/{part}" for part in one["loc"]), f"{one['msg']}.", one["type"])
            for one in error.errors()
        ]
        raise Invalid(errors=faults) from None


def body(model: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    """The request body in the document."""
    content = {"schema": model.model_json_schema(), "examples": {"as it stands": {"value": example}}}
    return {"required": True, "content": {"application/json": content}}


@router.get(
    "/webhooks",
    response=Webhooks,
    operation_id="list_webhooks",
    summary="The webhooks of your organisation",
    openapi_extra=describe(401, 403),
)
def list_webhooks(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    with acting(actor, timezone.now()):
        return json_answer({"items": [shape(one) for one in service.list_webhooks(actor=actor)]})


@router.post(
    "/webhooks",
    response={201: WebhookWithSecret},
    operation_id="add_webhook",
    summary="Register an address to be told at",
    description="What is sent there stands in the section `webhooks` of this document. The secret is shown in this answer alone.",
    openapi_extra=describe(
        401,
        403,
        413,
        415,
        422,
        status=201,
        ok=_LOCATION,
        body=body(
            NewWebhook,
            {
                "name": "Release pipeline",
                "url": "https://hooks.example.eu/aioffice",
                "procedures": ["high-risk-registration"],
            },
        ),
    ),
)
def add_webhook(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    service.organisation_managed_by(actor)
    sent = _read(request, NewWebhook)
    made = service.add_webhook(sent.name, sent.url, sent.procedures, actor=actor, at=timezone.now())
    place = f"{settings().base_url}/api/v1/webhooks/{made.webhook.pk}"
    return json_answer({**shape(made.webhook), "secret": made.secret}, status=201, headers={"Location": place})


@router.get(
    _ONE,
    response=WebhookShape,
    operation_id="read_webhook",
    summary="One webhook",
    openapi_extra=describe(401, 403, 404),
)
def read_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    with acting(actor, timezone.now()):
        return json_answer(shape(service.webhook_of(webhook_id, actor=actor)))


@router.patch(
    _ONE,
    response=WebhookShape,
    operation_id="change_webhook",
    summary="Change a webhook, or switch it on or off",
    openapi_extra=describe(401, 403, 404, 413, 415, 422, body=body(ChangedWebhook, {"active": True})),
)
def change_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    actor, at = actor_of(request), timezone.now()
    with acting(actor, at):
        service.webhook_of(webhook_id, actor=actor)
    sent = _read(request, ChangedWebhook)
    changed = service.change_webhook(
        webhook_id,
        name=sent.name,
        url=sent.url,
        slugs=sent.procedures,
        active=sent.active,
        actor=actor,
        at=at,
    )
    return json_answer(shape(changed))


@router.delete(
    _ONE,
    response=WebhookShape,
    operation_id="remove_webhook",
    summary="Remove a webhook",
    description="What waits for it is given up.",
    openapi_extra=describe(401, 403, 404),
)
def remove_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    return json_answer(shape(service.remove_webhook(webhook_id, actor=actor_of(request), at=timezone.now())))


@router.post(
    f"{_ONE}/secret",
    response=WebhookWithSecret,
    operation_id="renew_webhook_secret",
    summary="Make a new secret for a webhook",
    description="For a day messages bear the signatures of both. The new secret is shown in this answer alone.",
    openapi_extra=describe(401, 403, 404),
)
def renew_webhook_secret(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    made = service.new_secret(webhook_id, actor=actor_of(request), at=timezone.now())
    return json_answer({**shape(made.webhook), "secret": made.secret})


@router.post(
    f"{_ONE}/test",
    response={202: DeliveryShape},
    operation_id="test_webhook",
    summary="Send a test to a webhook",
    openapi_extra=describe(401, 403, 404, 422),
)
def test_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    sent = service.send_test(webhook_id, actor=actor_of(request), at=timezone.now())
    return json_answer(delivery_shape(sent), status=202)


@router.get(
    f"{_ONE}/deliveries",
    response=Deliveries,
    operation_id="list_webhook_deliveries",
    summary="What was sent to a webhook, and what came back",
    openapi_extra=describe(401, 403, 404),
)
def list_webhook_deliveries(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    with acting(actor, timezone.now()):
        found = service.deliveries_of(service.webhook_of(webhook_id, actor=actor))
        return json_answer({"items": [delivery_shape(one) for one in found]})


@router.post(
    f"{_ONE}/deliveries/{{uuid:delivery_id}}/send-again",
    response={202: DeliveryShape},
    operation_id="send_webhook_again",
    summary="Send a message once more, under the same id",
    openapi_extra=describe(401, 403, 404, 422),
)
def send_webhook_again(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    sent = service.send_again(webhook_id, delivery_id, actor=actor_of(request), at=timezone.now())
    return json_answer(delivery_shape(sent), status=202)
