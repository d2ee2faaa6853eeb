"""A Union with a webhook: an authority that is told of filings, and its receiver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.notices.service import queue_notices
from aioffice.kernel.outside import Answer, NoAnswer, Outside
from aioffice.kernel.outside.pinned import Pinned
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.webhooks import delivering
from aioffice.kernel.webhooks.models import Delivery, Webhook
from aioffice.kernel.webhooks.queueing import queue
from aioffice.kernel.webhooks.service import NewSecret, add_webhook
from tests.support.parties import NOW

URL = "https://hooks.example.eu/aioffice"
PUBLIC = "93.184.216.34"


@dataclass
class Machine:
    """Stands for every machine outside: notes what it is sent, and answers with what `answers` gives, in turn or by a function."""

    answers: Callable[[int], Answer | NoAnswer] = lambda _turn: Answer(204, b"")
    sent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def check(self, url: str) -> None:
        """As the real adapter, whose resolver knows all names as public."""
        Pinned(resolve=lambda host, port: [PUBLIC]).check(url)

    def call(self, method: str, url: str, *, body: bytes = b"", headers: Any = None, most_bytes: int = 0) -> Answer:
        """Take a request."""
        self.sent.append((url, dict(headers or {}), body))
        answer = self.answers(len(self.sent))
        if isinstance(answer, NoAnswer):
            raise answer
        return answer

    def always(self, answer: Answer | NoAnswer) -> None:
        """From now on, answer so."""
        self.answers = lambda _turn: answer


@contextmanager
def through(adapter: Outside) -> Iterator[None]:
    """Let webhooks go through this adapter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aioffice.kernel.webhooks.delivering.outside", lambda: adapter)
        patch.setattr("aioffice.kernel.webhooks.service.outside", lambda: adapter)
        yield


def webhook(actor: Actor, url: str = URL, *slugs: str, at: datetime = NOW, name: str = "Case system") -> NewSecret:
    """Register an address."""
    return add_webhook(name, url, slugs, actor=actor, at=at)


def tell(case: Case, by: Actor, *organisations: UUID | None, at: datetime = NOW, title: Any = "Registered") -> UUID:
    """Write a notice about a case to organisations, as the step of `by` does; return the first one's id."""
    with acting(by, at):
        wanted = [one for one in organisations if one]
        return queue_notices(
            case=case,
            record_id=case.pk,
            organisations=wanted,
            step=f"{case.procedure}.file",
            title=title,
            at=at,
        )[0]


def go(made: Webhook, *, at: datetime) -> bool:
    """Send what is due, at that moment."""
    return delivering.deliver(made.pk, now=lambda: at)


def queued(notice: UUID, *, at: datetime = NOW) -> list[UUID]:
    """Do what the job of a notice does."""
    return queue([notice], at=at)


def deliveries(made: Webhook) -> list[Delivery]:
    """All of a webhook's, oldest first."""
    with acting(service("notifier"), NOW):
        return list(Delivery.objects.filter(webhook=made).order_by("created_at", "id"))


def fresh(made: Webhook) -> Webhook:
    """The webhook as it stands."""
    with acting(service("notifier"), NOW):
        return Webhook.objects.get(pk=made.pk)


def told(organisation: UUID | None) -> list[tuple[str, str]]:
    """What the organisation was told about itself: what happened, and to what."""
    with acting(service("notifier"), NOW):
        found = Notice.objects.filter(organisation=organisation, case=None).order_by("created_at", "id")
        return [(one.step, one.reference) for one in found]
