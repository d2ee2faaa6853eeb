"""The fictional Union: made through the real procedures, everybody can sign in, nobody is written to."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.core import mail
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from aioffice.desks.admission import demo
from aioffice.desks.admission.demo import institutions, operators
from aioffice.desks.admission.models import LetterCode
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.documents.service import open_by_digest
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.actors import actor_for_person, actor_for_token
from aioffice.kernel.parties.models import Mandate, Organisation, Person
from aioffice.kernel.parties.tokens import create_token, token_roles_offered
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Refused
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.settings import settings
from tests.support.published import committed

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, loaded once and really committed."""
    with committed(django_db_blocker):
        demo.load(AT)
        yield


def person(email: str) -> Actor:
    """Who somebody acts as."""
    with plumbing():
        return actor_for_person(Person.objects.get(email=email))


def subjects(email: str) -> set[str]:
    """What somebody sees."""
    actor = person(email)
    with acting(actor, AT):
        return set(policy.visible_to(actor).values_list("subject", flat=True))


def logins() -> dict[str, str]:
    """E-mail addresses and passwords of the file."""
    lines = settings().demo_logins_file.read_text(encoding="utf-8").splitlines()[2:]
    return dict(line.split()[-2:] for line in lines)


def test_the_file_is_its_owners_and_every_login_works() -> None:
    path = settings().demo_logins_file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    known = logins()
    with plumbing():
        assert set(known) == set(Person.objects.values_list("email", flat=True))
        assert set(EmailAddress.objects.filter(verified=True, primary=True).values_list("email", flat=True)) == set(
            known
        )
        for email in (institutions.HEAD, operators.KOLIBRI.email):
            assert authenticate(None, username=email, password=known[email]) is not None
        passwords = list(Person.objects.values_list("password", flat=True))
    assert len(set(known.values())) == len(known) >= 20
    assert not any(password.startswith("!") for password in passwords)


def test_every_organisation_is_admitted_but_the_newcomer() -> None:
    with plumbing():
        waiting = set(Organisation.objects.filter(admitted_at=None).values_list("name", flat=True))
        mandate = Mandate.objects.get()
    assert waiting == {operators.NEWCOMER.name}
    assert mandate.in_force
    held = {capacity for email in logins() for capacity in person(email).capacities}
    assert held >= {
        Capacity.AI_OFFICE,
        Capacity.EDPS,
        Capacity.NOTIFIED_BODY,
        Capacity.SAFETY_ALLIANCE_ASSESSOR,
        Capacity.SINGLE_POINT_OF_CONTACT,
    }


def test_nothing_was_done_behind_the_procedures() -> None:
    with acting(service("registrar"), AT):
        for case in Case.objects.all():
            steps = list(StepRecord.objects.filter(case=case).order_by("sequence"))
            assert [step.sequence for step in steps] == list(range(1, case.version + 1))
            assert steps[-1].to_state == case.state
            assert all(step.recorded_at <= AT for step in steps)
            assert [step.recorded_at for step in steps] == sorted(step.recorded_at for step in steps)


def test_the_public_register_shows_what_is_public_and_nothing_secure() -> None:
    with connections["site"].cursor() as cursor:
        cursor.execute("select section, name, accuracy_questioned, n, status from published.entry")
        rows = cursor.fetchall()
        cursor.execute("select digest from published.document")
        digests = {row[0] for row in cursor.fetchall()}
    assert Counter(row[0] for row in rows) == {"A": 7, "B": 2, "C": 1}
    names = {row[1] for row in rows}
    assert not names & {"Gannet Lattice", "Petrel Ledger"}
    assert {row[1] for row in rows if row[2]} == {"Avaliador de Redações"}
    assert {row[1] for row in rows if row[3] > 1} == {"Candidate Ranker"}
    assert {row[1] for row in rows if row[4] == "no_longer_on_market_or_in_service"} == {"Vigia de Exames"}
    assert digests
    for digest in digests:
        with open_by_digest(digest) as file:
            assert file.read().startswith(b"%PDF-1.4")


@pytest.mark.parametrize(
    ("email", "seen"),
    [
        (institutions.CLEARED, {"Gannet Lattice", "Petrel Ledger"}),
        (institutions.UNCLEARED, set()),
        (institutions.HEAD, set()),
        (institutions.LISBON, set()),
        ("teresa.alves@dpa-lisbon.example", {"Gannet Lattice", "Petrel Ledger"}),
        ("gregor.mlakar@dpa-ljubljana.example", set()),
        ("elena.rossi@edps.example", set()),
    ],
)
def test_who_sees_the_secure_section(email: str, seen: set[str]) -> None:
    assert subjects(email) & {"Gannet Lattice", "Petrel Ledger"} == seen


def test_one_use_is_held_and_a_question_waits() -> None:
    with acting(service("registrar"), AT):
        held = Case.objects.get(state="held", procedure="use-registration")
        assert held.subject == "School Place Allocator"
        assert StepRecord.objects.filter(step="high-risk-registration.question").count() == 1


def test_nobody_is_written_to_and_the_newcomers_letter_lies_ready() -> None:
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute("select count(*) from office.procrastinate_jobs where task_name = any(%s)", [demo.DONE_ALREADY])
        assert cursor.fetchone() == (0,)
    assert mail.outbox == []
    with acting(service("postmaster"), AT):
        lie = {
            row.addressee: list((settings().data_dir / "outbox").glob(f"*{row.pk}.txt"))
            for row in LetterCode.objects.all()
        }
    assert {addressee for addressee, found in lie.items() if found} == {operators.NEWCOMER.name}


def test_one_login_makes_the_token_that_shows_who_read_what() -> None:
    who = [email for email in logins() if Role.AUDITOR in token_roles_offered_to(email)]
    assert who == [institutions.LISBON_AUDITOR]
    actor = person(who[0])
    made = create_token("audit", [Role.AUDITOR], expires_at=AT + timedelta(days=1), actor=actor, at=AT)
    with plumbing():
        machine = actor_for_token(made.secret, AT)
    assert machine is not None
    assert machine.audits


def token_roles_offered_to(email: str) -> list[Role]:
    """The roles that somebody may give a token; none for whoever may make no token."""
    actor = person(email)
    return token_roles_offered(actor) if Role.ADMINISTRATOR in actor.roles else []


def test_a_second_load_is_refused() -> None:
    with pytest.raises(Refused, match="already"):
        demo.load(AT)


def test_no_demo_goes_where_none_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOFFICE_DEMO", "false")
    settings.cache_clear()
    try:
        with pytest.raises(Refused, match="no demo"):
            demo.load(AT)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
