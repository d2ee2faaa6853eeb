"""Lists of cases: they hold what the policy lets somebody see, no more, no less, and every case once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.case_view import choices_of, view_case, visible_case
from aioffice.kernel.procedures.declaration import START, DeclarationError, Procedure, State, _registry, step
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.queries import (
    CaseFilter,
    Standing,
    Whose,
    count_cases,
    every_case,
    is_open,
    list_cases,
    may_prepare,
    open_places,
    waiting_cases,
)
from aioffice.kernel.procedures.who import filer
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.cast import HOME, Cast, whole_cast
from tests.support.filings import section_a, section_b, section_c, secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Everyone, and cases of several kinds."""
    cast = whole_cast()
    filer_ = cast.actors["filer/signatory"]
    rival = cast.actors["provider/signatory"]
    case = perform(RegisterHighRisk.file, None, actor=filer_, data=section_a(filer_, member_states=[HOME]), at=NOW).case
    perform(RegisterHighRisk.file, None, actor=filer_, data=secure_a(member_states=[HOME]), at=NOW)
    perform(RegisterUse.file, None, actor=filer_, data=section_c(str(case.number)), at=NOW)
    held = {**section_c(""), "system_name": "Counter", "provider_name": "Far", "provider_email": "far@example.com"}
    del held["provider_entry"]
    perform(RegisterUse.hold, None, actor=filer_, data=held, at=NOW)
    mistake = perform(RegisterExempt.file, None, actor=rival, data=section_b(), at=NOW).case
    perform(RegisterExempt.declare_error, mistake, actor=rival, data={"reason": "Twice."}, at=NOW)
    return cast


def test_pages_counts_and_export_hold_exactly_what_the_policy_lets_each_one_see(cast: Cast) -> None:
    for name, actor in cast.actors.items():
        if actor.service:
            continue
        with acting(actor, NOW):
            seen = set(policy.visible_to(actor).values_list("pk", flat=True))
            listed, after = [], ""
            while True:
                page = list_cases(actor, CaseFilter(), after=after, size=2)
                listed += [row.id for row in page.rows]
                if not (after := page.after):
                    break
            assert len(listed) == len(set(listed)) == page.total, name
            assert set(listed) == seen == {row.id for row in every_case(actor, CaseFilter())}, name
            assert count_cases(actor).total() == len(seen), name


def test_every_filter_counts_what_it_shows(cast: Cast) -> None:
    actor = cast.actors["filer/reader"]
    with acting(actor, NOW):
        counts = count_cases(actor)
        for (slug, state, mine), n in counts.items():
            whose = Whose.MINE if mine else Whose.CONCERNING
            found = list_cases(actor, CaseFilter(procedure=slug, state=state, whose=whose))
            assert found.total == n
        open_ = list_cases(actor, CaseFilter(standing=Standing.OPEN))
        closed = list_cases(actor, CaseFilter(standing=Standing.CLOSED))
        assert open_.total + closed.total == counts.total()
        assert {row.state for row in open_.rows} == {"held"}
        assert all(is_open(row.procedure, row.state) == row.open for row in (*open_.rows, *closed.rows))


def test_what_waits_is_what_somebody_may_do_next(cast: Cast) -> None:
    for role, waits in (("signatory", True), ("editor", True), ("reader", False), ("administrator", False)):
        actor = cast.actors[f"filer/{role}"]
        with acting(actor, NOW):
            assert [row.state for row in waiting_cases(actor)] == (["held"] if waits else []), role
    for outsider in ("market_surveillance_authority/PT/editor", "provider/signatory", "anonymous"):
        with acting(cast.actors[outsider], NOW):
            assert waiting_cases(cast.actors[outsider]) == []


def test_a_question_of_a_round_waits_for_its_addressee_alone(cast: Cast) -> None:
    from aioffice.desks.admission.procedure import RepresentativeMandate

    filer_, other = cast.actors["filer/signatory"], cast.actors["counterpart/signatory"]
    mandate = perform(
        RepresentativeMandate.propose,
        None,
        actor=filer_,
        data={"representative": "Counterpart", "scope": "All"},
        at=NOW,
    ).case
    with acting(other, NOW):
        assert [row.id for row in waiting_cases(other)] == [mandate.pk]
    perform(RepresentativeMandate.confirm, mandate, actor=other, data={}, at=NOW)
    party = {"name": "Counterpart", "address": "Rua 2", "contact": "rep@example.test"}
    case = perform(RegisterHighRisk.file, None, actor=filer_, data=section_a(filer_, representative=party), at=NOW).case
    with acting(other, NOW):
        assert [(place.case.id, place.step.name) for place in open_places(other)] == [
            (case.pk, "confirm_representative")
        ]
        choices = choices_of(visible_case(case.pk, actor=other, door=None), other)
        assert [choice.step.name for choice in choices if choice.awaited] == ["confirm_representative"]
    with acting(filer_, NOW):
        assert open_places(filer_) == []
        (asked,) = view_case(visible_case(case.pk, actor=filer_, door=None), actor=filer_).rounds
        assert asked.open_places == 1
    perform(RegisterHighRisk.confirm_representative, case, actor=other, data={"outcome": "contested"}, at=NOW)
    with acting(filer_, NOW):
        (asked,) = view_case(visible_case(case.pk, actor=filer_, door=None), actor=filer_).rounds
        assert str(asked.places[0].outcome) == "It is wrong"
    with acting(other, NOW):
        assert open_places(other) == []


def test_preparing_goes_no_further_than_a_colleague_or_admission_could(cast: Cast) -> None:
    for name, prepares in {
        "filer/editor": True,
        "filer/signatory": True,
        "filer/reader": False,
        "filer/administrator": False,
        "unadmitted/editor": True,
        "nothing/signatory": False,
        "market_surveillance_authority/PT/editor": False,
        "anonymous": False,
    }.items():
        actor = cast.actors[name]
        with acting(actor, NOW):
            assert may_prepare(actor, RegisterHighRisk.file, None) is prepares, name
    stranger = cast.actors["provider/editor"]
    with acting(cast.actors["filer/reader"], NOW):
        case = Case.objects.get(procedure="high-risk-registration", secure=False)
    with acting(stranger, NOW):
        assert not may_prepare(stranger, RegisterHighRisk.update, case)


def test_a_case_one_may_not_see_is_as_if_it_were_none() -> None:
    company = acting_for(organisation("Company", Capacity.PROVIDER))
    stranger = acting_for(organisation("Stranger", Capacity.PROVIDER), roles=[Role.READER])
    case = perform(RegisterExempt.file, None, actor=company, data=section_b(), at=NOW).case
    with acting(stranger, NOW):
        with pytest.raises(NotFound) as hidden:
            visible_case(case.pk, actor=stranger, door=None)
        with pytest.raises(NotFound) as none:
            visible_case(uuid4(), actor=stranger, door=None)
    assert str(hidden.value) == str(none.value)


def test_a_state_that_awaits_a_step_it_does_not_have_is_refused_at_import() -> None:
    with pytest.raises(DeclarationError, match="awaits 'answer', which is no step from there"):

        class Wrong(Procedure):
            slug = "wrong-in-tests"
            title = "Wrong"
            asked = State("Asked", awaits=("answer",))
            done = State("Done", open=False)
            ask = step(START >> asked, by=filer(), basis="house: tests", title="Ask")
            close = step(asked >> done, by=filer(), basis="house: tests", title="Close")

    assert "wrong-in-tests" not in _registry
