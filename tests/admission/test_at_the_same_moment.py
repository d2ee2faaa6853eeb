"""What two people do in the same moment: the first decides, and the second is told so."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from aioffice.desks.admission.effects import admitting, applying
from aioffice.desks.admission.founding import apply_for_admission
from aioffice.desks.admission.procedure import OperatorAdmission
from aioffice.kernel.db import plumbing
from aioffice.kernel.parties import organisations
from aioffice.kernel.parties.models import Identifier, Organisation
from aioffice.kernel.procedures.errors import ProcedureError
from aioffice.kernel.procedures.performing import perform
from tests.admission.applying import SIGNED, actor_of, application, proven, somebody
from tests.support.parties import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LEI = "529900T8BM49AURSDO55"


class Meeting:
    """Lets two threads meet where both have looked and neither has written; one that has to wait for the other comes alone."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(2)

    def after(self, look: Callable[..., Any]) -> Callable[..., Any]:
        """`look`, then the meeting."""

        def looked(*args: Any, **kwargs: Any) -> Any:
            seen = look(*args, **kwargs)
            with contextlib.suppress(threading.BrokenBarrierError):
                self.barrier.wait(1.5)
            return seen

        return looked


def both(*ways: Callable[[], Any]) -> list[Any]:
    """What two calls at the same moment give or raise, each on a connection of its own."""

    def run(way: Callable[[], Any]) -> Any:
        try:
            return way()
        except ProcedureError as error:
            return type(error).__name__
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return [one.result(60) for one in [pool.submit(run, way) for way in ways]]


def test_a_double_click_founds_one_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    look = Meeting().after(organisations.unadmitted_organisation_of)
    monkeypatch.setattr(organisations, "unadmitted_organisation_of", look)
    monkeypatch.setattr("aioffice.desks.admission.founding.unadmitted_organisation_of", look)
    person = somebody()
    found = both(*[lambda: apply_for_admission(person, application(), at=NOW)] * 2)
    assert found.count("Refused") == 1, found
    with plumbing():
        assert Organisation.objects.filter(memberships__person=person).count() == 1


def test_an_organisation_applies_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "in_admission", Meeting().after(applying.in_admission))
    person = somebody()
    actor = actor_of(person)
    organisations.found_organisation(person, name="Example (fictional)", country="SI", actor=actor, at=NOW)
    actor = actor_of(person)
    found = both(*[lambda: perform(OperatorAdmission.apply, None, actor=actor, data=application(), at=NOW)] * 2)
    assert found.count("Refused") == 1, found


def test_an_identifier_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    applicants = [proven(somebody(f"{name}@systems.example"), lei=LEI) for name in ("ana", "eva")]
    monkeypatch.setattr(admitting, "fill_in", Meeting().after(admitting.fill_in))

    def admission(number: int) -> Callable[[], Any]:
        actor, case = applicants[number]
        return lambda: perform(OperatorAdmission.sign, case, actor=actor, data=SIGNED, at=NOW)

    assert both(admission(0), admission(1)).count("Refused") == 1
    with plumbing():
        assert Identifier.objects.filter(value=LEI).count() == 1
