"""Run as a program against the office that the environment names: registers webhooks and tells them, or sends what is due.

`python -m tests.support.hooking open URL ...` registers each address for an authority of its own; `... tell 2` files something, of which
all are told, twice; `... send 2026-11-23T10:00:00+00:00` sends what is due at that moment.
"""

from __future__ import annotations

import sys
from datetime import datetime

import django


def main(what: str, *words: str) -> None:
    """Do one of the three."""
    django.setup()
    from django.utils import timezone

    from aioffice.kernel.db import plumbing
    from aioffice.kernel.parties.actors import actor_for_person
    from aioffice.kernel.parties.models import Person
    from aioffice.kernel.parties.vocabulary import Capacity
    from aioffice.kernel.procedures.performing import perform
    from aioffice.kernel.webhooks.delivering import deliver
    from aioffice.kernel.webhooks.queueing import due, queue
    from aioffice.kernel.webhooks.service import add_webhook
    from aioffice.register.procedure import RegisterExempt
    from tests.support.filings import section_b
    from tests.support.parties import acting_for, organisation

    now = timezone.now()
    if what == "open":
        for number, url in enumerate(words):
            made = organisation(f"Authority {number} (fictional)", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
            add_webhook(f"Machine {number}", url, (), actor=acting_for(made), at=now)
    elif what == "tell":
        with plumbing():
            known = Person.objects.filter(memberships__organisation__name="Provider (fictional)").first()
            before = actor_for_person(known) if known else None
        provider = before or acting_for(organisation("Provider (fictional)", Capacity.PROVIDER))
        for number in range(int(words[0])):
            perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name=f"Sorter {number}"), at=now)
    else:
        at = datetime.fromisoformat(words[0])
        queue(None, at=at)
        for webhook in due(at=at):
            deliver(webhook, now=lambda: at)


if __name__ == "__main__":
    main(*sys.argv[1:])
