"""Secrets and signatures of webhooks, as the Standard Webhooks specification has them (1.0.0: HMAC-SHA256, `v1`).

A secret follows from the Office's key, the webhook and a number, so that none is ever stored: a copy of the database forges nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from aioffice.kernel import secrets
from aioffice.kernel.settings import settings
from aioffice.kernel.webhooks.models import Webhook

PREFIX = "whsec_"
OLD_WORKS_FOR = timedelta(days=1)
"""So long after a new secret was made, messages bear the signature of the old one too."""


class NoKey(RuntimeError):
    """This process knows no key for webhooks."""


def _office_key() -> bytes:
    given = settings().webhook_key
    text = given.get_secret_value() if given else secrets.read(settings().data_dir).get("webhook_key", "")
    if not text:
        raise NoKey(
            "there is no key for webhooks: set AIOFFICE_WEBHOOK_KEY, or run `aioffice up` once on this data folder"
        )
    return text.encode()


def _secret(webhook: UUID, number: int) -> bytes:
    return hmac.digest(_office_key(), f"aioffice webhook {webhook} {number}".encode(), hashlib.sha256)


def secret_of(webhook: Webhook) -> str:
    """The secret in force, as it is shown once: `whsec_` and 32 bytes in Base64."""
    return PREFIX + base64.b64encode(_secret(webhook.pk, webhook.key_number)).decode()


def signatures(webhook: Webhook, message_id: str, body: bytes, *, at: datetime) -> str:
    """The header `webhook-signature` of a message sent at `at`: the new secret's signature first, while it works the old one's too."""
    numbers = [webhook.key_number]
    if webhook.rotated_at is not None and at < webhook.rotated_at + OLD_WORKS_FOR:
        numbers.append(webhook.key_number - 1)
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return " ".join(f"v1,{_signature(_secret(webhook.pk, number), signed)}" for number in numbers)


def _signature(secret: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
