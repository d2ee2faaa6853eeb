"""The log of reads: who is written down, who may see it, and that nobody changes it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import DatabaseError, transaction

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.keys import OVERSIGHT
from aioffice.kernel.parties.models import Membership, Organisation
from aioffice.kernel.parties.services import change_roles, invite_member
from aioffice.kernel.parties.tokens import create_token
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.case_view import visible_case
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.reading.models import Reading
from aioffice.kernel.reading.queries import Wanted, list_readings, wanted_of
from aioffice.kernel.reading.vocabulary import Door, Thing
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import section_a, secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db
AUDITOR = (Role.AUDITOR,)
MSA, EIGHT = Capacity.MARKET_SURVEILLANCE_AUTHORITY, Capacity.ARTICLE_74_8_AUTHORITY


@dataclass
class Union:
    """A provider with an open and a secure entry, and those who watch."""

    provider: Organisation
    authority: Organisation
    eight: Organisation
    office: Organisation
    filer: Actor
    open_case: Case
    secure: Case


@pytest.fixture
def union() -> Union:
    provider = organisation("Example Systems", Capacity.PROVIDER)
    authority, eight = organisation("Authority", MSA), organisation("Police supervisor", EIGHT, secure_access=True)
    office = organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
    filer = acting_for(provider)
    cases = [
        perform(RegisterHighRisk.file, None, actor=filer, data=data, at=NOW).case
        for data in (section_a(filer), secure_a())
    ]
    return Union(provider, authority, eight, office, filer, *cases)


def _open(case: Case, actor: Actor) -> None:
    with acting(actor, NOW):
        visible_case(case.pk, actor=actor, door=Door.PAGE)


def _seen(actor: Actor, wanted: Wanted | None = None) -> list[tuple[str, Thing]]:
    with acting(actor, NOW):
        page = list_readings(actor, wanted or Wanted(), door=Door.PAGE)
    return [(line.organisation, line.thing) for line in page.lines if line.thing is not Thing.LOG]


def test_a_line_says_who_read_what_by_which_door_under_which_right(union: Union) -> None:
    reader = acting_for(union.authority)
    _open(union.open_case, reader)
    with acting(reader, NOW):
        (line,) = list_readings(reader, Wanted(case=str(union.open_case.pk)), door=Door.API).lines[1:]
    assert (line.actor, line.who, line.organisation) == (reader.id, "Somebody of Authority", "Authority")
    assert (line.at, line.door, line.thing) == (NOW, Door.PAGE, Thing.CASE)
    assert (line.cases, line.numbers) == ((union.open_case.pk,), (union.open_case.number,))
    assert (line.version, line.rights) == (union.open_case.version, ("market_surveillance_authority:PT",))


def test_ones_own_filing_and_services_leave_no_line(union: Union) -> None:
    _open(union.open_case, union.filer)
    _open(union.open_case, service("registrar"))
    with pytest.raises(NotFound):
        _open(union.secure, acting_for(union.authority))
    assert _seen(acting_for(union.office, cleared=True)) == []


def test_an_auditor_sees_the_reads_of_the_own_organisation_and_oversight_those_of_all(union: Union) -> None:
    supervisor = organisation("EDPS", Capacity.EDPS, state="", country="EU")
    _open(union.open_case, acting_for(union.authority, roles=[Role.READER]))
    _open(union.open_case, acting_for(union.office, roles=[Role.READER]))
    assert _seen(acting_for(union.authority, roles=AUDITOR)) == [("Authority", Thing.CASE)]
    for over in (union.office, supervisor):
        assert _seen(acting_for(over, roles=AUDITOR)) == [("AI Office", Thing.CASE), ("Authority", Thing.CASE)]
    assert _seen(acting_for(organisation("Elsewhere", MSA, state="SI"), roles=AUDITOR)) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_colleagues_without_the_right_see_nothing_neither_here_nor_below(role: Role, union: Union) -> None:
    reader = acting_for(union.authority, roles=[role])
    _open(union.open_case, reader)
    with pytest.raises(NotAllowed, match="auditors"):
        _seen(reader)
    with acting(reader, NOW):
        assert Reading.objects.count() == 0


def test_operators_have_no_auditor_whatever_their_membership_says(union: Union) -> None:
    _open(union.open_case, acting_for(union.authority))
    audits = acting_for(union.provider, roles=[Role.READER, Role.AUDITOR])
    assert not audits.audits
    with pytest.raises(NotAllowed):
        _seen(audits)
    with acting(audits, NOW):
        assert Reading.objects.count() == 0


def test_reads_of_the_secure_section_are_shown_to_those_who_may_read_it_themselves(union: Union) -> None:
    _open(union.secure, acting_for(union.eight, roles=[Role.READER]))
    _open(union.secure, acting_for(union.office, roles=[Role.READER], cleared=True))
    uncleared = acting_for(union.office, roles=[Role.AUDITOR, Role.READER, Role.ADMINISTRATOR])
    assert _seen(uncleared) == []
    with acting(uncleared, NOW):
        assert not Reading.objects.exclude(thing=Thing.LOG).exists()
    cleared = acting_for(union.office, roles=[Role.AUDITOR, Role.READER], cleared=True)
    assert _seen(cleared) == [("AI Office", Thing.CASE), ("Police supervisor", Thing.CASE)]
    assert _seen(acting_for(union.eight, roles=[Role.AUDITOR, Role.READER])) == [("Police supervisor", Thing.CASE)]
    # Who only audits and may not open the section does not learn of its cases either.
    assert _seen(acting_for(union.eight, roles=AUDITOR)) == []


def test_reading_the_log_is_written_down_with_what_was_looked_for(union: Union) -> None:
    auditor = acting_for(union.authority, roles=AUDITOR)
    _seen(auditor, Wanted(person="Somebody"))
    with acting(auditor, NOW):
        (line,) = list_readings(auditor, Wanted(), door=Door.CLI).lines[1:]
    assert (line.thing, line.asked, line.rights) == (
        Thing.LOG,
        {"person": "Somebody"},
        (f"auditors:{union.authority.pk}",),
    )


def test_the_number_of_a_secure_case_asked_for_is_as_confidential_as_the_case(union: Union) -> None:
    cleared = acting_for(union.office, roles=[Role.AUDITOR, Role.READER], cleared=True)
    _seen(cleared, Wanted(case=str(union.secure.number)))
    with acting(uncleared := acting_for(union.office, roles=AUDITOR), NOW):
        lines = list_readings(uncleared, Wanted(), door=Door.PAGE).lines
    assert [line.asked for line in lines] == [{}]


def test_the_log_is_narrowed_by_case_person_and_day(union: Union) -> None:
    reader = acting_for(union.authority, roles=[Role.READER])
    auditor = acting_for(union.authority, roles=AUDITOR)
    _open(union.open_case, reader)
    one = [("Authority", Thing.CASE)]
    for found in (wanted_of(str(union.open_case.number).lower(), "", ""), wanted_of("", "somebody of", "2026-11-23")):
        assert _seen(auditor, found) == one
    for nothing in (
        wanted_of("EU-A-2026-999999", "", ""),
        wanted_of("", "Nobody", ""),
        wanted_of("", "", "2026-11-22"),
    ):
        assert _seen(auditor, nothing) == []
    with pytest.raises(Invalid) as wrong:
        wanted_of("", "", "soon")
    assert wrong.value.errors[0].pointer == "/day"


def test_nobody_changes_or_deletes_a_line_or_writes_one_of_others(union: Union) -> None:
    auditor = acting_for(union.authority)
    _open(union.open_case, auditor)
    with acting(auditor, NOW):
        for change in (Reading.objects.all().delete, lambda: Reading.objects.update(actor="person:nobody")):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()
        row = Reading.objects.first()
        assert row is not None
        for field, value in (("actor", "person:somebody-else"), ("organisation_id", union.provider.pk)):
            forged = Reading(**{**_values(row), field: value})
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                forged.save(force_insert=True)


def _values(row: Reading) -> dict[str, object]:
    return {one.attname: getattr(row, one.attname) for one in Reading._meta.fields if one.attname != "id"}


def test_nobody_makes_themselves_auditor_and_an_administrator_names_others(union: Union) -> None:
    head = acting_for(union.authority, roles=[Role.ADMINISTRATOR])
    other = acting_for(union.authority, roles=[Role.READER])
    acting_for(union.authority, roles=[Role.SIGNATORY])
    with acting(head, NOW):
        places = {str(one.person_id): one.pk for one in Membership.objects.filter(organisation=union.authority)}
    with pytest.raises(NotAllowed, match="Nobody makes themselves auditor"):
        change_roles(places[str(head.person)], [Role.ADMINISTRATOR, Role.AUDITOR], actor=head, at=NOW)
    changed = change_roles(places[str(other.person)], [Role.AUDITOR], actor=head, at=NOW)
    assert changed.roles == ["auditor"]


def test_an_operator_names_no_auditor(union: Union) -> None:
    head = acting_for(union.provider, roles=[Role.ADMINISTRATOR])
    with pytest.raises(Invalid, match="authorities and the Office"):
        invite_member("auditor@example.test", [Role.AUDITOR], actor=head, at=NOW)


def test_a_token_that_audits_is_made_by_an_auditor_alone(union: Union) -> None:
    end = NOW.replace(year=2027, month=1)
    head = acting_for(union.authority, roles=[Role.ADMINISTRATOR])
    with pytest.raises(NotAllowed):
        create_token("machine", [Role.AUDITOR], expires_at=end, actor=head, at=NOW)
    both = acting_for(union.authority, roles=[Role.ADMINISTRATOR, Role.AUDITOR])
    assert create_token("machine", [Role.AUDITOR], expires_at=end, actor=both, at=NOW).token.roles == ["auditor"]


def test_who_only_audits_opens_no_case(union: Union) -> None:
    auditor = acting_for(union.authority, roles=AUDITOR)
    with pytest.raises(NotFound):
        _open(union.open_case, auditor)
    assert OVERSIGHT not in auditor.audience_names()
