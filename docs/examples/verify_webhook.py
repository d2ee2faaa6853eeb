"""How a receiver makes sure that a request to its webhook comes from the office (Standard Webhooks, HMAC-SHA256)."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping


def verified(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the office sent this body; `secret` is `whsec_…`, `headers` have small names, `body` is as it came, before any parsing."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent = headers["webhook-timestamp"]
    if not sent.isdigit() or abs(time.time() - int(sent)) > 300:
        return False  # old or from the future: somebody may be playing back what they overheard
    signed = f"{headers['webhook-id']}.{sent}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
    return any(hmac.compare_digest(expected, one.encode()) for one in headers["webhook-signature"].split())
