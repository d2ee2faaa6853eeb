"""An organisation that nobody has admitted may upload little; everybody else is not asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from aioffice.kernel.db import acting
from aioffice.kernel.documents import allowance, service
from aioffice.kernel.documents.models import Document
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.settings import settings
from tests.support.filings import PDF
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    few = settings().model_copy(update={"unadmitted_files": 3, "unadmitted_bytes": 3 * len(PDF) + 50})
    monkeypatch.setattr(allowance, "settings", lambda: few)


def send(actor: Actor, number: int, more: int = 0) -> Document:
    content = PDF + f"\n%{number:04d}".encode() + b" " * more
    return service.upload([content], f"{number}.pdf", actor=actor, at=NOW, pointer="/file")


def held(actor: Actor) -> int:
    with acting(actor, NOW):
        return Document.objects.filter(organisation_id=actor.organisation).count()


def test_so_many_files_and_no_more() -> None:
    stranger = acting_for(organisation("Nobody yet (fictional)", admitted=False))
    first = [send(stranger, number) for number in range(3)]
    with pytest.raises(Invalid) as caught:
        send(stranger, 3)
    (fault,) = caught.value.errors
    assert (fault.pointer, fault.code) == ("/file", "no-room")
    assert "3 files" in fault.message
    assert held(stranger) == 3
    # What is there already takes no room.
    assert send(stranger, 1).pk == first[1].pk


def test_so_many_bytes_and_no_more() -> None:
    stranger = acting_for(organisation("Nobody yet (fictional)", admitted=False))
    send(stranger, 0)
    with pytest.raises(Invalid):
        send(stranger, 1, more=3 * len(PDF))
    assert held(stranger) == 1


def test_many_at_once_find_no_more_room_than_one_after_the_other() -> None:
    stranger = acting_for(organisation("Nobody yet (fictional)", admitted=False))

    def one(number: int) -> bool:
        try:
            send(stranger, number)
        except Invalid:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(8))) == 3
    assert held(stranger) == 3


def test_whoever_is_admitted_or_was_granted_a_capacity_is_not_counted() -> None:
    for known in (
        organisation("Admitted (fictional)", Capacity.PROVIDER),
        organisation("Authority (fictional)", Capacity.MARKET_SURVEILLANCE_AUTHORITY, admitted=False),
    ):
        actor = acting_for(known)
        assert [send(actor, number) for number in range(5)]
        assert held(actor) == 5
