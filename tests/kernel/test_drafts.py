"""What somebody types is kept, shared with those who may file it, and never overwritten by somebody else's typing."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Annotated
from uuid import uuid4

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import ANONYMOUS, Actor
from aioffice.kernel.parties.models import AuditEntry, Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures import drafts
from aioffice.kernel.procedures.ask import Ask, Form
from aioffice.kernel.procedures.drafts import LARGEST, Saved, delete_draft, list_drafts, load_draft, save_draft
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound
from aioffice.kernel.procedures.models import Draft
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.spec import schema_hash
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db
STEP = RegisterHighRisk.file
HASH = schema_hash(STEP.asks) if STEP.asks else ""


@pytest.fixture
def company() -> Organisation:
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def ana(company: Organisation) -> Actor:
    return acting_for(company)


def save(actor: Actor, text: str, last: Saved | None = None, **more: object) -> Saved:
    """Save a text, over the last save when there is one, as the page of that save would."""
    also = {"draft_id": last.draft.pk, "seen": last.draft.updated_at} if last else {}
    words = {"step": STEP.key, "schema_hash": HASH, **also, **more}
    return save_draft({"trade_name": [text]}, actor=actor, at=NOW, **words)  # type: ignore[arg-type]


def text_of(saved: Saved, actor: Actor) -> str:
    with acting(actor, NOW):
        return str(load_draft(saved.draft.pk, actor=actor).values["trade_name"][0])


def test_what_was_typed_comes_back_as_it_was_typed(ana: Actor) -> None:
    saved = save(ana, "  <b> žito \n")
    assert text_of(saved, ana) == "  <b> žito \n"
    assert saved.draft.schema_hash == HASH


def test_saving_again_keeps_one_draft_and_moves_its_token(ana: Actor) -> None:
    first = save(ana, "a")
    token = first.draft.updated_at
    second = save(ana, "b", first)
    assert second.draft.pk == first.draft.pk
    assert second.draft.updated_at > token, "even when both saves came in the same moment"
    assert text_of(second, ana) == "b"
    with acting(ana, NOW):
        assert [entry.action for entry in AuditEntry.objects.filter(action__startswith="draft.")] == ["draft.create"]


def test_two_tabs_end_with_both_texts(ana: Actor) -> None:
    opened = save(ana, "as opened by both")
    here = Saved(Draft(pk=opened.draft.pk, updated_at=opened.draft.updated_at))
    there = Saved(Draft(pk=opened.draft.pk, updated_at=opened.draft.updated_at))
    one, other = save(ana, "typed here", here), save(ana, "typed there", there)
    assert (one.draft.pk, one.split_from) == (opened.draft.pk, None)
    assert (other.draft.pk != opened.draft.pk, other.split_from) == (True, opened.draft.pk)
    assert (text_of(one, ana), text_of(other, ana)) == ("typed here", "typed there")
    again = save(ana, "typed on there", other)
    assert (again.draft.pk, again.split_from) == (other.draft.pk, None)


def test_a_page_whose_draft_was_deleted_meanwhile_loses_nothing(ana: Actor) -> None:
    saved = save(ana, "a")
    delete_draft(saved.draft.pk, actor=ana, at=NOW)
    again = save(ana, "typed after", saved)
    assert again.draft.pk != saved.draft.pk
    assert text_of(again, ana) == "typed after"


def test_a_colleague_goes_on_with_it(company: Organisation, ana: Actor) -> None:
    bo = acting_for(company, roles=[Role.EDITOR])
    saved = save(ana, "by Ana")
    with acting(bo, NOW):
        assert [draft.pk for draft in list_drafts(actor=bo)] == [saved.draft.pk]
    taken = save(bo, "by Bo", saved)
    assert (taken.draft.pk, taken.draft.person_id) == (saved.draft.pk, bo.person)
    assert text_of(taken, ana) == "by Bo"
    with acting(bo, NOW):
        assert AuditEntry.objects.get(action="draft.take_over").detail == {"from": str(ana.person)}


def test_others_see_no_draft(company: Organisation, ana: Actor) -> None:
    saved = save(ana, "secret plans")
    stranger = acting_for(organisation("Another", Capacity.PROVIDER))
    reader = acting_for(company, roles=[Role.READER, Role.ADMINISTRATOR])
    for who in (stranger, reader, ANONYMOUS):
        with acting(who, NOW):
            assert list_drafts(actor=who) == []
            with pytest.raises(NotFound):
                load_draft(saved.draft.pk, actor=who)
        with pytest.raises(NotFound):
            delete_draft(saved.draft.pk, actor=who, at=NOW)
    for who in (stranger, ANONYMOUS):
        with acting(who, NOW):
            assert not Draft.objects.exists(), "row-level security hides it even from a query that forgets to filter"
    taken = save(stranger, "mine", saved)
    assert taken.draft.pk != saved.draft.pk
    assert text_of(saved, ana) == "secret plans"


def test_who_may_not_file_writes_no_draft(company: Organisation) -> None:
    for who in (acting_for(company, roles=[Role.READER, Role.ADMINISTRATOR]), ANONYMOUS):
        with pytest.raises(NotAllowed):
            save(who, "x")


def test_a_draft_about_a_case_needs_a_case_one_may_see(ana: Actor) -> None:
    case = perform(STEP, None, actor=ana, data=secure_a(), at=NOW).case
    saved = save(ana, "x", case_id=case.pk)
    with acting(ana, NOW):
        assert [draft.pk for draft in list_drafts(actor=ana, case_id=case.pk)] == [saved.draft.pk]
        assert list_drafts(actor=ana, case_id=uuid4()) == []
    stranger = acting_for(organisation("Another", Capacity.PROVIDER))
    with pytest.raises(NotFound):
        save(stranger, "x", case_id=case.pk)


def test_a_colleague_without_clearance_sees_no_draft_about_a_secure_case(ana: Actor) -> None:
    case = perform(STEP, None, actor=ana, data=secure_a(), at=NOW).case
    office = organisation("AI Office", Capacity.AI_OFFICE, state="")
    cleared, uncleared = acting_for(office, cleared=True), acting_for(office, roles=[Role.EDITOR, Role.SIGNATORY])
    saved = save(cleared, "Is Zephyrine Lattice accurate?", case_id=case.pk)
    assert text_of(saved, cleared).startswith("Is Zephyrine")
    with acting(uncleared, NOW):
        assert list_drafts(actor=uncleared) == []
    with pytest.raises(NotFound):
        delete_draft(saved.draft.pk, actor=uncleared, at=NOW)


def test_drafts_are_listed_last_saved_first_and_by_step(ana: Actor) -> None:
    first, second = save(ana, "a"), save(ana, "b")
    again = save_draft(
        {}, actor=ana, at=NOW + timedelta(hours=1), step=STEP.key, schema_hash=HASH,
        draft_id=first.draft.pk, seen=first.draft.updated_at,
    )  # fmt: skip
    with acting(ana, NOW):
        assert [draft.pk for draft in list_drafts(actor=ana)] == [again.draft.pk, second.draft.pk]
        assert len(list_drafts(actor=ana, step=STEP.key)) == 2
        assert list_drafts(actor=ana, step="high-risk-registration.update") == []


def test_a_deleted_draft_is_gone_and_the_deletion_audited(ana: Actor) -> None:
    saved = save(ana, "a")
    delete_draft(saved.draft.pk, actor=ana, at=NOW)
    with acting(ana, NOW):
        with pytest.raises(NotFound):
            load_draft(saved.draft.pk, actor=ana)
        assert AuditEntry.objects.get(action="draft.delete").target == f"draft:{saved.draft.pk}"


def test_a_draft_has_its_limits(ana: Actor) -> None:
    with pytest.raises(Invalid, match="more than a draft can hold"):
        save(ana, "x" * LARGEST)
    with pytest.raises(KeyError, match="known"):
        save(ana, "x", step="nothing.at_all")


def test_secret_answers_are_not_kept(ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    class Proof(Form):
        code: Annotated[str, Ask("Code", secret=True)]
        note: Annotated[str, Ask("Note")]

    monkeypatch.setattr(drafts, "step_by_key", lambda key: SimpleNamespace(asks=Proof))
    typed = {"code": ["AB12-CD34"], "note": ["by post"]}
    saved = save_draft(typed, actor=ana, at=NOW, step="admission.prove", schema_hash=HASH)
    with acting(ana, NOW):
        assert load_draft(saved.draft.pk, actor=ana).values == {"note": ["by post"]}
