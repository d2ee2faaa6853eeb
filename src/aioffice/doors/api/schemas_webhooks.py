"""The shape of webhooks and of what was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from aioffice.doors.api.schemas import Shape


class WebhookShape(Shape):
    """An address that your organisation is told at."""

    id: UUID
    name: str
    url: str
    procedures: list[str] = Field(description="What it is told of, by slug; empty: everything.")
    active: bool
    created_at: datetime
    rotated_at: datetime | None = Field(
        description="When the secret was renewed; the old one works for a day from then."
    )
    failing_since: datetime | None = Field(description="Since when every attempt has failed.")
    switched_off_at: datetime | None = Field(
        description="When the office switched it off, because it failed for five days."
    )


class WebhookWithSecret(WebhookShape):
    """A webhook with a secret just made."""

    secret: str = Field(description="Shown this once. `whsec_` and 32 bytes in Base64.")


class Webhooks(Shape):
    """All webhooks of your organisation."""

    items: list[WebhookShape]


class DeliveryShape(Shape):
    """One message to a webhook."""

    id: UUID
    message_id: str = Field(description="The header `webhook-id`.")
    test: bool
    state: Literal["waiting", "delivered", "given_up"]
    created_at: datetime
    attempts: int
    attempted_at: datetime | None
    next_attempt_at: datetime | None
    outcome: Literal["", "accepted", "status", "redirect", "refused", "timeout", "tls", "connection", "protocol"] = (
        Field(
            description="Of the last attempt; empty before the first. accepted: 200 to 299; status: another answer; redirect: not "
            "followed; refused: the name leads to no machine on the public internet; timeout: no answer within 10 seconds; tls: the "
            "certificate is not valid for the name; connection: nobody listens; protocol: the answer broke off or was no HTTP."
        )
    )
    status: int | None = Field(description="Status that was answered.")
    said: str = Field(description="The first 200 characters of the answer.")
    milliseconds: int | None


class Deliveries(Shape):
    """The latest messages, newest first, 50 at the most."""

    items: list[DeliveryShape]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class NewWebhook(_Sent):
    """An address to register."""

    name: str = Field(description="Up to 60 characters.", examples=["Release pipeline"])
    url: str = Field(
        description="https, port 443 or 8443, on the public internet.", examples=["https://hooks.example.eu/aioffice"]
    )
    procedures: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="What it is told of, by slug; empty: everything, matters of the secure section without content.",
        examples=[["high-risk-registration"]],
    )


class ChangedWebhook(_Sent):
    """What is to be different; what is left out stays."""

    name: str | None = None
    url: str | None = None
    procedures: list[str] | None = Field(default=None, max_length=100)
    active: bool | None = Field(default=None, description="Switched on, or off.")
