"""Whoever changes a key of a log, and the nightly job that tidies, do so one after the other: no key that signs is ever thrown away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from aioffice.kernel import secrets
from aioffice.kernel.ledger import changing_keys, keychain, site
from aioffice.kernel.ledger.changing_keys import change_key, tidy
from aioffice.kernel.ledger.keys import SigningKey, VerifierKey, generate_key
from aioffice.kernel.ledger.signing import NAMES, PUBLIC, verifier_key
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import verify_log
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_secrets", "server_stays")]
LATER = NOW + timedelta(days=200)
"""When the grace of whatever signed before has ended."""


@pytest.fixture(autouse=True)
def log() -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW)
    settle(NOW)


def rotate() -> None:
    change_key(PUBLIC, actor=service("operator"), at=LATER)


def kept() -> list[VerifierKey]:
    held = secrets.read(settings().data_dir)
    return [SigningKey.parse(secret).verifier for name, secret in held.items() if name.startswith(NAMES[PUBLIC])]


class Meanwhile:
    """Something that another process does at a chosen moment, with a second's time to do it in."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.errors: list[BaseException] = []
        self.thread = threading.Thread(target=self._run, args=(work,))

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told to the test
            self.errors.append(error)
        finally:
            connections.close_all()

    def happens(self) -> None:
        if self.thread.ident is None:
            self.thread.start()
            self.thread.join(1)

    def ended(self) -> None:
        self.thread.join(30)
        assert not self.thread.is_alive()
        assert self.errors == []


def test_a_key_that_is_changed_while_the_names_are_put_in_order_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    other, real = Meanwhile(rotate), secrets.change

    def change(*words: Any) -> dict[str, str]:
        other.happens()
        return real(*words)

    monkeypatch.setattr(secrets, "change", change)
    tidy(PUBLIC, at=LATER)
    other.ended()
    assert keychain.current(PUBLIC, "site") in kept()
    assert len(site.log_keys()) == 2


def test_two_who_change_the_key_at_once_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    first, other = verifier_key(), Meanwhile(rotate)
    real = changing_keys.rotate

    def rotating(*words: Any, **more: Any) -> None:
        other.happens()
        real(*words, **more)

    monkeypatch.setattr(changing_keys, "rotate", rotating)
    rotate()
    other.ended()
    assert len(site.log_keys()) == 3, "each has made a key of its own"
    assert keychain.current(PUBLIC, "site") == verifier_key()
    assert verify_log(SITE.fetch, site.publications, [first]).findings == []


def test_a_key_that_the_log_does_not_name_as_replaced_is_not_thrown_away() -> None:
    stranger = generate_key(verifier_key().name)
    secrets.change(settings().data_dir, lambda held: held | {"ledger_key_before": stranger.secret})
    tidy(PUBLIC, at=LATER)
    assert set(kept()) == {verifier_key(), stranger.verifier}
