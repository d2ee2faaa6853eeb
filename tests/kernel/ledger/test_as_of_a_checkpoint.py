"""What was public at a checkpoint is told as of it, whatever was published since; nothing withheld is told ever again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from aioffice.kernel.db import acting
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.ledger import site
from aioffice.kernel.ledger.past import KEPT, STANDS_IN, forget_old
from aioffice.kernel.ledger.sequencer import SEQUENCER
from aioffice.kernel.ledger.signing import verifier_key
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import Report, verify_log
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import acting_for, organisation
from tests.support.sequencing import settle

pytestmark = pytest.mark.django_db(transaction=True)

CHANGE = {"change": {"valid_from": "2026-11-20", "reason": "Clearer"}}


class Register:
    """One entry that changes, and what the log said of it on the way."""

    def __init__(self) -> None:
        self.provider: Actor = acting_for(organisation("Provider", Capacity.PROVIDER))
        self.office: Actor = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
        self.case: Any = None
        self.kept: dict[int, bytes] = {}

    def file(self, name: str) -> None:
        if self.case is None:
            data = section_b(trade_name=name)
            self.case = perform(RegisterExempt.file, None, actor=self.provider, data=data, at=timezone.now()).case
        else:
            data = section_b(trade_name=name) | CHANGE
            perform(RegisterExempt.update, self.case.pk, actor=self.provider, data=data, at=timezone.now())

    def settle(self) -> int:
        settle(timezone.now())
        size = site.newest_size()
        self.kept[size] = SITE.newest() or b""
        return size

    def withhold(self, field: str = "provider.contact") -> None:
        data = {"field": field, "ground": "personal_data", "reason": "A private number"}
        perform(RegisterExempt.withhold, self.case.pk, actor=self.office, data=data, at=timezone.now())


@pytest.fixture
def register() -> Register:
    return Register()


def check(register: Register, size: int) -> Report:
    """Check the log as it was at that size, with the documents as of it."""

    def fetch(path: str) -> bytes | None:
        return register.kept[size] if path == "checkpoint" else SITE.fetch(path)

    return verify_log(fetch, lambda: site.publications(size), [verifier_key()])


def get(size: object) -> Any:
    return Client().get(f"/ledger/publications?size={size}")


def names(size: int) -> list[str]:
    lines = [json.loads(line) for line in b"".join(get(size)).splitlines()]
    return [line["document"]["fields"]["trade_name"] for line in lines]


def test_every_checkpoint_of_the_way_still_fits(register: Register) -> None:
    sizes = []
    for name in ("One", "Two", "Three", "Four"):
        register.file(name)
        sizes.append(register.settle())
    for size in sizes:
        report = check(register, size)
        assert report.findings == [], size
    assert [check(register, size).documents for size in sizes] == [2, 3, 4, 5]
    assert names(sizes[1]) == ["One", "Two", "Two"]


def test_what_is_published_and_not_in_the_log_yet_is_not_told_yet(register: Register) -> None:
    register.file("One")
    size = register.settle()
    for name in ("Two", "Three"):
        register.file(name)
        deliver_pending(at=timezone.now())
        assert check(register, size).findings == []
        assert names(size) == ["One", "One"]
    later = register.settle()
    assert check(register, size).findings == []
    assert check(register, later).findings == []
    assert names(later) == ["One", "Two", "Three", "Three"]


def test_what_never_comes_into_the_log_is_found(register: Register) -> None:
    register.file("One")
    size = register.settle()
    register.file("Two")
    deliver_pending(at=timezone.now())
    with acting(SEQUENCER), connections["default"].cursor() as cursor:
        cursor.execute("update published.statement_past set until = now() - %s", [STANDS_IN])
    assert any("differs from what the log says" in one for one in check(register, size).findings)


def test_withheld_text_is_kept_nowhere_and_asked_for_at_a_newer_checkpoint(register: Register) -> None:
    register.file("One")
    register.settle()
    register.file("Two")
    before = register.settle()
    register.withhold()
    deliver_pending(at=timezone.now())
    with connections["site"].cursor() as cursor:
        cursor.execute("select count(*) from published.statement_past where document is not null or salts is not null")
        assert cursor.fetchone() == (0,)
    for size in (before, *list(register.kept)[:1]):
        with pytest.raises(site.TooOld):
            site.publications(size)
        answer = get(size)
        assert answer.status_code == 409
        assert "Take a newer checkpoint" in answer.content.decode()
    after = register.settle()
    assert check(register, after).findings == []
    assert get(before).status_code == 409
    register.file("Three")
    newest = register.settle()
    assert check(register, newest).findings == []
    assert check(register, after).findings == []


def test_what_was_withdrawn_is_missing_from_there_on_and_no_finding(register: Register) -> None:
    from aioffice.kernel.ledger.writing import withdraw
    from aioffice.kernel.parties.actor import service

    register.file("One")
    before = register.settle()
    subject = {"entry": register.case.number}
    with acting(service("publisher"), timezone.now()):
        withdraw([subject], "house: a test", timezone.now())
    assert get(before).status_code == 409
    after = register.settle()
    assert get(before).status_code == 409
    assert check(register, after).findings == []
    assert [len(names(after))] == [1]


def test_a_redaction_alone_is_waited_for_and_counts_from_there_on(register: Register) -> None:
    from aioffice.kernel.ledger import statements
    from aioffice.kernel.ledger.signing import PUBLIC
    from aioffice.kernel.ledger.writing import add

    register.file("One")
    before = register.settle()
    now = timezone.now()
    with acting(SEQUENCER, now):
        add(
            PUBLIC,
            [(statements.redaction({"entry": register.case.number}, now, ["/fields/nothing"], "71(5)"), None)],
            now,
        )
    assert get(before).status_code == 409
    after = register.settle()
    assert get(before).status_code == 409
    assert get(after).status_code == 200
    assert check(register, after).findings == []


def test_what_is_withheld_while_the_lines_are_read_is_said(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    register.file("One")
    size = register.settle()
    lines = site.publications(size)
    register.withhold()
    deliver_pending(at=timezone.now())
    assert list(lines) == [b'{"withheld_meanwhile":true}\n']
    (finding,) = [
        one
        for one in verify_log(SITE.fetch, lambda: [b'{"withheld_meanwhile":true}\n'], [verifier_key()]).findings
        if "line 1" in one
    ]
    assert "something was withheld while they were read" in finding


def test_a_register_of_many_batches_is_told_in_the_order_of_its_entries(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "BATCH", 2)
    for name in ("One", "Two", "Three", "Four"):
        register.file(name)
        register.settle()
    for size in register.kept:
        assert check(register, size).findings == []
        indexes = [json.loads(line)["index"] for line in site.publications(size)]
        assert indexes == sorted(indexes)


def test_old_documents_are_forgotten_and_old_checkpoints_with_them(register: Register) -> None:
    register.file("One")
    before = register.settle()
    register.file("Two")
    now = register.settle()
    assert forget_old(timezone.now()) == 0
    assert forget_old(timezone.now() + KEPT + timedelta(minutes=1)) == 2
    assert check(register, now).findings == []
    address = conninfo("owner", settings())
    assert address is not None
    with psycopg.connect(**address) as owner:
        owner.execute("update published.log_checkpoint set signed_at = now() - interval '25 hours'")
    assert get(before).status_code == 409
    assert get(now).status_code == 200, "the newest stands however old it is"


def test_sizes_that_are_none_are_refused(register: Register) -> None:
    register.file("One")
    register.settle()
    for size, status in (
        ("x", 400),
        ("-1", 400),
        ("1e3", 400),
        ("9" * 30, 400),
        ("٣", 400),
        (2, 404),
        (99, 404),
        ("9" * 19, 404),
    ):
        assert get(size).status_code == status, size
    assert get("").status_code == 200
    assert len(b"".join(get(3)).splitlines()) == 2
