"""Two transactions that name the same thing go one after the other, and the second sees what the first has done."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from aioffice.kernel.db import acting, plumbing, serialise
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.models import Organisation
from tests.support.parties import NOW

SOMEBODY = service("registrar")


def found(name: str, meeting: threading.Barrier, *, held: tuple[str, ...]) -> bool:
    """Make an organisation of that name unless there is one; True when it was made."""
    try:
        with acting(SOMEBODY, NOW):
            meeting.wait(10)
            serialise(*held)
            if Organisation.objects.filter(name=name).exists():
                return False
            Organisation.objects.create(name=name, country="PT", created_at=NOW)
            return True
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_it_and_the_other_sees_it() -> None:
    meeting = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        orders = [("founding:a", "founding:b"), ("founding:b", "founding:a")]
        made = [pool.submit(found, "Only one (fictional)", meeting, held=held) for held in orders]
        assert sorted(one.result(20) for one in made) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_there_is_nothing_to_hold_a_name() -> None:
    with plumbing(), pytest.raises(RuntimeError, match="until the transaction ends"):
        serialise("anything")


@pytest.mark.django_db(transaction=True)
def test_who_shares_a_name_waits_for_nobody_who_shares_it() -> None:
    meeting = threading.Barrier(2)

    def meet() -> int:
        try:
            with acting(SOMEBODY, NOW):
                serialise("shared", shared=True)
                return meeting.wait(10)  # both are here, and both hold it
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(one.result(20) for one in [pool.submit(meet), pool.submit(meet)]) == [0, 1]
