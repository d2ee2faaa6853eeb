"""A machine that talks to the API in this process, with or without a token."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from aioffice.kernel.db import plumbing
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.tokens import create_token
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.events import deliver_pending
from tests.support.parties import member

V1 = "/api/v1"
JSON = "application/json"


def token_of(of: Organisation, roles: Iterable[Role] = (Role.READER, Role.EDITOR, Role.SIGNATORY)) -> str:
    """Make a token of the organisation; return its secret."""
    now = timezone.now()
    person = member(of, roles=[Role.ADMINISTRATOR, Role.AUDITOR], email=f"{uuid4().hex}@example.test")
    with plumbing():
        administrator = actor_for_person(person, UUID(str(of.pk)))
    made = create_token("machine", list(roles), expires_at=now + timedelta(days=30), actor=administrator, at=now)
    return made.secret


def publish() -> None:
    """Do what the job worker does within the second: deliver what was queued."""
    deliver_pending(at=timezone.now())


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    def problem(self, status: int, code: str) -> dict[str, Any]:
        """The problem document; fails when the answer is no such problem."""
        assert self.status == status, self.body[:500]
        assert self.headers["content-type"] == "application/problem+json"
        document: dict[str, Any] = self.json
        assert document["status"] == status
        assert document["type"].endswith(f"/api/v1/problems/{code}"), document
        assert {"type", "title", "status", "detail", "instance", "errors"} <= set(document)
        return document


@dataclass
class Machine:
    """Sends requests, with `secret` as its token when it has one."""

    secret: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request below /api/v1. `body` is bytes as they are, or data to send as JSON; headers by their names with `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        content_type = sent.pop("Content-Type", JSON if body is not None else "")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith("/api") else V1 + path
        response = self.client.generic(method, address, data, content_type=content_type, headers=sent)
        content = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
        return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, content)

    def get(self, path: str, **headers: str) -> Answer:
        """Send GET."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Send POST."""
        return self.send("POST", path, body, **headers)

    def upload(self, filename: str, content: bytes) -> Answer:
        """Send in a document."""
        boundary = "part"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
        body = (
            f"{head}Content-Type: application/octet-stream\r\n\r\n".encode()
            + content
            + f"\r\n--{boundary}--\r\n".encode()
        )
        return self.send("POST", "/documents", body, Content_Type=f"multipart/form-data; boundary={boundary}")
