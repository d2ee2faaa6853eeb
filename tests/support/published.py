"""Published registers that a whole module of tests reads: made once, really committed, gone when the module ends."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from aioffice.register.reference.nl_import import import_dutch_register
from tests.register import nl_data
from tests.support import database
from tests.support.filings import PARTY, section_a, section_b, section_c, secure_a
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import sequence_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.plugin import DjangoDbBlocker


@contextmanager
def committed(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let a module write for good, and make the database anew when it is done."""
    from tests.conftest import run_folder

    run: Path = run_folder
    with blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # A browser that another module started keeps an event loop in this thread; the database is asked here all the same.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        try:
            yield
        finally:
            connections.close_all()
            database.fresh(settings().database_name, run)


@pytest.fixture(scope="module")
def dutch_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole Dutch reference collection with its history, published."""
    with committed(django_db_blocker):
        fill_dutch()
        yield


def fill_dutch() -> None:
    """Take over the real Dutch register and publish it."""
    organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
    report = import_dutch_register(nl_data.DUMP, nl_data.CHANGES, at=NOW)
    assert report.problems == []
    deliver_pending(at=NOW)
    analyse()


def analyse() -> None:
    """Do what autovacuum, which is off in tests, does within a minute of an import."""
    with connections["owner"].cursor() as cursor:
        for table in ("entry", "version", "word", "document"):
            cursor.execute(f"analyze published.{table}")


EARLIER = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
"""When the first filing was made; all others, and its update, came at `NOW`."""


@dataclass(slots=True)
class Union:
    """A small register: the numbers of its entries by a name of ours."""

    numbers: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def union_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Union]:
    """A small register of fictional filings: all sections, several languages, one of every mark, something secure."""
    with committed(django_db_blocker):
        yield fill_union()


def fill_union() -> Union:
    """File a register of every kind of entry and publish it."""
    union = Union()
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    kolibri = acting_for(organisation("Kolibri d.o.o. (fictional)", Capacity.PROVIDER, state="SI"))
    nereide = acting_for(organisation("Néréide SAS (fictive)", Capacity.PROVIDER, state="FR"))
    city = acting_for(organisation("Občina Primer (fictional)", Capacity.DEPLOYER, state="SI", public_body=True))

    def file(name: str, step: object, actor: object, data: dict[str, object], at: datetime = NOW) -> object:
        record = perform(step, None, actor=actor, data=data, at=at)  # type: ignore[arg-type]
        union.numbers[name] = str(record.case.number)
        return record.case

    party = {**PARTY, "name": "Kolibri d.o.o. (fictional)", "address": "Primerna ulica 1, Ljubljana"}
    ranker = section_a(
        kolibri,
        provider=party,
        submitter={"name": "Ana Novak", "address": "Primerna ulica 1, Ljubljana", "contact": "ana@kolibri.test"},
        trade_name="Candidate Ranker 2",
        more_information="https://kolibri.test/ranker",
        member_states=["AT", "SI"],
    )
    case = file("ranker", RegisterHighRisk.file, kolibri, ranker, at=EARLIER)
    change = {"valid_from": "2026-11-20", "reason": "A longer purpose and one more Member State."}
    changed = {
        **ranker,
        "intended_purpose": "Ranks and groups applications for a vacancy by how well they match the job description.",
        "member_states": ["AT", "HR", "SI"],
    }
    perform(RegisterHighRisk.update, case, actor=kolibri, data={**changed, "change": change}, at=NOW)  # type: ignore[arg-type]

    french = {"filer_capacity": "provider", "annex_iii_point": "3(a)", "area_of_use": "other", "language": "fr"}
    nereide_party = {
        "name": "Néréide SAS (fictive)",
        "address": "1 rue de l’Exemple, Nantes",
        "contact": "contact@nereide.test",
    }
    admission = section_a(
        nereide,
        routing=french,
        provider=nereide_party,
        trade_name="Orientation Plus",
        intended_purpose="Aide à répartir les élèves entre les établissements d’enseignement.",
        information_and_logic="Lit les vœux des élèves et les places disponibles.",
        status="no_longer_on_market_or_in_service",
        member_states=["FR", "BE"],
    )
    flagged = file("orientation", RegisterHighRisk.file, nereide, admission)
    perform(RegisterHighRisk.flag, flagged, actor=office, data={"text": "Is point 7 still right?"}, at=NOW)  # type: ignore[arg-type]
    withheld = {"field": "information_and_logic", "ground": "trade_secret", "reason": "Names the weights."}
    perform(RegisterHighRisk.withhold, flagged, actor=office, data=withheld, at=NOW)  # type: ignore[arg-type]

    mistake = file("mistake", RegisterHighRisk.file, nereide, {**admission, "trade_name": "Orientation Moins"})
    perform(RegisterHighRisk.declare_error, mistake, actor=nereide, data={"reason": "Filed twice."}, at=NOW)  # type: ignore[arg-type]

    file("formatter", RegisterExempt.file, kolibri, section_b(provider=party))
    file(
        "use",
        RegisterUse.file,
        city,
        section_c(union.numbers["ranker"], deployer={**PARTY, "name": "Občina Primer (fictional)"}),
    )
    file("secure", RegisterHighRisk.file, kolibri, secure_a(provider=party))
    deliver_pending(at=NOW)
    sequence_all(NOW)
    analyse()
    return union
