"""Filing by page: errors stand at their fields, and nothing that was typed or attached is ever lost."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pydantic import Field

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.ask import Ask, Form, Widget
from aioffice.kernel.procedures.declaration import START, Procedure, State, _registry, step
from aioffice.kernel.procedures.drafts import list_drafts
from aioffice.kernel.procedures.models import Case, Draft
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.who import FILING_ROLES, Who
from aioffice.register.models import EntryVersion
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from tests.support.desk import Seen, Somebody, raw, somebody
from tests.support.filings import PDF, section_a, section_b, secure_a
from tests.support.parties import NOW, organisation

pytestmark = pytest.mark.django_db

A, B = "file/high-risk-registration/file/", "file/exempt-registration/file/"


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    """The clock stands, and moves when a test says so."""
    with time_machine.travel(NOW + timedelta(hours=1), tick=False) as clock:
        yield clock


@pytest.fixture
def ana() -> Somebody:
    """Signs for a provider."""
    return somebody(organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI"), name="Ana Novak")


def cases(who: Somebody) -> list[Case]:
    """The cases of somebody's organisation, oldest first."""
    with acting(who.actor, NOW):
        return list(Case.objects.filter(organisation=who.actor.organisation).order_by("opened_at", "id"))


def drafts(who: Somebody) -> list[Draft]:
    """The drafts of somebody's organisation."""
    with acting(who.actor, NOW):
        return list_drafts(actor=who.actor)


def pdf(name: str) -> io.BytesIO:
    """A small file to attach."""
    file = io.BytesIO(PDF + name.encode())
    file.name = name
    return file


def complete_a(**changes: Any) -> dict[str, Any]:
    """Everything of a public Section A filing as a page sends it, both files attached."""
    files = {"declaration_of_conformity": pdf("declaration.pdf"), "instructions_for_use": pdf("instructions.pdf")}
    return {**raw(section_a()), **files, **changes}


def test_the_filer_is_filled_in_and_the_filing_gets_its_number_at_once(ana: Somebody) -> None:
    page = ana.see(A)
    assert page.value("provider.name") == "Kolibri d.o.o."
    answer = ana.fill(A, complete_a())
    (case,) = cases(ana)
    assert case.number == "EU-A-2026-000001"
    assert answer.leads_to.startswith(reverse("office_case", args=[case.pk]))
    receipt = ana.see(answer.leads_to)
    assert "Filed: EU-A-2026-000001" in receipt.text
    assert reverse("entry", args=[case.number]) in receipt.html, "a link to the public page"
    assert drafts(ana) == [], "what was filed is no draft any more"


def test_an_error_stands_at_its_field_and_what_was_typed_and_attached_stays(ana: Somebody) -> None:
    wrong = complete_a(more_information="kolibri", trade_name="Ranker")
    answer = ana.fill(A, wrong)
    assert answer.status == 422
    assert 'href="#f-more_information"' in answer.html, "the summary leads to the field"
    assert "Write a full web address" in answer.text
    assert answer.value("trade_name") == "Ranker"
    assert "declaration.pdf" in answer.text
    assert "<title>" in answer.html
    assert "Error:" in answer.html.partition("</title>")[0]
    mended = {**answer.hidden, **raw(section_a()), "more_information": "https://kolibri.example", "_do": "file"}
    assert ana.send(A, mended).status == 302, "the files are not sent again"
    (case,) = cases(ana)
    assert case.number
    assert drafts(ana) == []


def test_a_file_that_is_not_accepted_is_an_error_at_its_field(ana: Somebody) -> None:
    program = io.BytesIO(b"MZ\x90\x00")
    program.name = "declaration.exe"
    answer = ana.fill(A, complete_a(declaration_of_conformity=program))
    assert answer.status == 422
    assert "This kind of file is not accepted here" in answer.text
    assert 'id="f-declaration_of_conformity-error"' in answer.html
    assert "instructions.pdf" in answer.text, "the other file is kept"


def test_a_file_can_be_taken_out_again(ana: Somebody) -> None:
    saved = ana.fill(A, complete_a(), do="save")
    page = ana.see(saved.leads_to)
    gone = ana.send(A, {**page.hidden, **raw(section_a()), "_remove": "declaration_of_conformity"})
    after = ana.see(gone.leads_to)
    assert "declaration.pdf" not in after.text
    assert "instructions.pdf" in after.text


def test_a_draft_is_saved_by_a_button_and_continued_later(ana: Somebody, now: time_machine.Traveller) -> None:
    saved = ana.fill(B, {**raw(section_b()), "trade_name": "Half a name"}, do="save")
    assert "draft=" in saved.leads_to
    assert "Draft saved" in ana.see(saved.leads_to).text
    now.shift(timedelta(days=2))
    assert "Half a name" in ana.see("").text, "drafts stand under Today"
    chooser = ana.see("file/")
    assert "Continue a draft" in chooser.text
    assert ana.see(saved.leads_to).value("trade_name") == "Half a name"
    (draft,) = drafts(ana)
    ana.send(reverse("office_draft_delete", args=[draft.pk]), {})
    assert drafts(ana) == []


def test_systems_of_the_secure_section_are_asked_fewer_fields(ana: Somebody) -> None:
    shown = ana.fill(A, raw(secure_a()), do="show")
    page = ana.see(shown.leads_to.partition("#")[0])
    assert "Secure section: fewer fields are asked" in page.text
    html = " ".join(page.html.split())
    assert 'data-asked="information_and_logic" hidden' in html
    assert 'data-asked="trade_name" hidden' not in html
    assert 'data-asked="trade_name"' in html


def test_text_that_is_no_longer_asked_is_not_filed_without_being_said(ana: Somebody) -> None:
    """Somebody fills in everything, then chooses law enforcement, without a script that hides fields meanwhile."""
    typed = {**raw(secure_a()), "information_and_logic": "Reads everything."}
    first = ana.fill(A, typed)
    assert first.status == 422
    assert "no longer asked and will not be filed: Information the system uses" in first.text
    assert cases(ana) == []
    second = ana.send(A, {**first.hidden, **typed, "_do": "file"})
    assert second.status == 302
    (case,) = cases(ana)
    assert case.secure
    page = ana.see(f"cases/{case.pk}/")
    assert "Reads everything." not in page.text
    assert "Secure section, not public" in page.text


def test_a_form_sent_twice_files_once(ana: Somebody) -> None:
    page = ana.see(B)
    filled = {**page.hidden, **raw(section_b()), "_do": "file"}
    first, second = ana.send(B, filled), ana.send(B, filled)
    assert first.leads_to == second.leads_to
    assert len(cases(ana)) == 1


def test_a_form_that_was_filed_does_not_file_something_else(ana: Somebody) -> None:
    page = ana.see(B)
    filled = {**page.hidden, **raw(section_b()), "_do": "file"}
    ana.send(B, filled)
    again = ana.send(B, {**filled, "trade_name": "Another name"})
    assert again.status == 422
    assert "filed already, with other content" in again.text
    assert len(cases(ana)) == 1


def test_a_case_moved_meanwhile_is_shown_and_nothing_typed_is_lost(ana: Somebody) -> None:
    record = perform(RegisterExempt.file, None, actor=ana.actor, data=section_b(), at=NOW)
    case, path = record.case, f"cases/{record.case_id}/update/"
    page = ana.see(path)
    change = {"valid_from": "2026-11-20", "reason": "Meanwhile."}
    colleague = {**section_b(trade_name="Formatter 1.5"), "change": change}
    perform(RegisterExempt.update, case, actor=ana.actor, data=colleague, at=NOW)
    mine = {**raw(section_b(trade_name="Formatter 2")), **raw({"change": change}), "_do": "file"}
    answer = ana.send(path, {**page.hidden, **mine})
    assert answer.status == 409
    assert "The case was moved while you were writing: Update" in answer.text
    assert answer.value("trade_name") == "Formatter 2"
    assert ana.send(path, {**answer.hidden, **mine}).status == 302, "sent again knowingly, it goes through"
    assert cases(ana)[0].subject == "Formatter 2"


def test_an_update_starts_from_what_the_entry_says(ana: Somebody) -> None:
    record = perform(RegisterHighRisk.file, None, actor=ana.actor, data=section_a(ana.actor), at=NOW)
    page = ana.see(f"cases/{record.case_id}/update/")
    assert page.value("trade_name") == "CV Sorter 2"
    assert "declaration.pdf" in page.text
    assert page.value("change.reason") == ""


def test_an_update_keeps_the_files_that_the_entry_holds(ana: Somebody) -> None:
    ana.fill(A, complete_a())
    (case,) = cases(ana)
    update = f"cases/{case.pk}/update/"
    before = ana.see(update)
    assert "declaration.pdf" in before.text
    typed = {**raw(section_a()), "trade_name": "CV Sorter 3", "change.valid_from": "2026-11-20", "change.reason": "New"}
    answer = ana.fill(update, {**typed, "_version": "1"})
    assert answer.leads_to, answer.text
    with acting(ana.actor, NOW):
        first, second = EntryVersion.objects.filter(entry=case.pk).order_by("n")
    for name in ("declaration_of_conformity", "instructions_for_use"):
        assert second.content[name] == first.content[name]


def test_a_question_is_not_said_to_be_public(ana: Somebody) -> None:
    ana.fill(B, raw(section_b()))
    (case,) = cases(ana)
    authority = somebody(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="SI"))
    asked = authority.fill(f"cases/{case.pk}/question/", {"text": "Since when?", "_version": "1"})
    shown = authority.see(asked.leads_to)
    assert "The public can read it" not in shown.text
    assert "The public sees nothing of this step" in shown.text


def test_a_session_that_ends_loses_nothing(ana: Somebody) -> None:
    page = ana.see(B)
    typed = {**page.hidden, **raw(section_b(trade_name="Typed for an hour")), "_do": "file"}
    signed_out = Client()
    answer = signed_out.post(f"/en/office/{B}", typed)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/en/account/login/?next=")
    assert cases(ana) == []
    # The same browser signs in again: its empty session becomes hers.
    with plumbing():
        signed_out.force_login(ana.person, backend="django.contrib.auth.backends.ModelBackend")
    back = Somebody(ana.person, ana.actor, signed_out).see(B)
    assert "You were signed out when you pressed a button" in back.text
    assert back.value("trade_name") == "Typed for an hour"
    (draft,) = drafts(ana)
    assert draft.values["trade_name"] == ["Typed for an hour"], "and it is safe from here on"


def test_what_one_person_typed_is_not_given_to_the_next_at_the_same_browser(ana: Somebody) -> None:
    other = somebody(organisation("Other Systems", Capacity.PROVIDER))
    page = ana.see(B)
    shared = Client()
    shared.post(f"/en/office/{B}", {**page.hidden, **raw(section_b(trade_name="Mine alone"))})
    with plumbing():
        shared.force_login(other.person, backend="django.contrib.auth.backends.ModelBackend")
    assert "Mine alone" not in Somebody(other.person, other.actor, shared).see(B).html


def test_a_form_whose_token_is_stale_comes_back_with_what_was_typed(ana: Somebody) -> None:
    page = ana.see(B)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ana.client.cookies
    shown = {name: value for name, value in page.hidden.items() if name != "csrfmiddlewaretoken"}
    answer = strict.post(f"/en/office/{B}", {**shown, **raw(section_b(trade_name="In the other tab"))})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/en/office/{B}"
    assert ana.see(B).value("trade_name") == "In the other tab"
    assert cases(ana) == [], "nothing is filed without the person's own press"


def test_an_editor_prepares_and_a_signatory_files() -> None:
    company = organisation("Kolibri d.o.o.", Capacity.PROVIDER, state="SI")
    eva = somebody(company, Role.EDITOR, name="Eva Editor")
    sam = somebody(company, Role.SIGNATORY, name="Sam Signatory")
    page = eva.see(B)
    assert "It is filed by a signatory of your organisation: Sam Signatory" in page.text
    assert 'value="file"' not in page.html
    refused = eva.fill(B, raw(section_b()))
    assert refused.status == 422
    assert "You may not take this step" in refused.text
    assert cases(eva) == []
    (draft,) = drafts(sam)
    path = f"{B}?draft={draft.pk}"
    assert sam.fill(path, raw(section_b())).status == 302
    assert cases(sam)[0].number == "EU-B-2026-000001"
    assert drafts(sam) == []


def test_an_organisation_not_admitted_yet_prepares_what_it_will_file() -> None:
    new = somebody(organisation("New Systems", admitted=False))
    assert "You can prepare this, not file it yet" in new.see(A).text
    assert new.fill(A, raw(section_a())).status == 422
    assert cases(new) == []
    assert len(drafts(new)) == 1


def save(who: Somebody, page: Seen, **typed: str) -> dict[str, Any]:
    """What the page's script does while somebody types."""
    answer = who.client.post(f"/en/office/{B}draft/", {**page.hidden, **typed})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_form_saves_itself_and_says_what_it_asks_next(ana: Somebody) -> None:
    page = ana.see(B)
    first = save(ana, page, trade_name="Es", **{"routing.annex_iii_point": "3(b)", "routing.area_of_use": "other"})
    assert first["asking"]["title"].startswith("Public section")
    kept = {**page.hidden, "_draft": first["draft"], "_seen": first["seen"]}
    second = ana.client.post(f"/en/office/{B}draft/", {**kept, "trade_name": "Essay"}).json()
    assert second["draft"] == first["draft"]
    assert second["split"] is False
    assert ana.see(second["page"]).value("trade_name") == "Essay"


def test_two_who_write_one_draft_do_not_overwrite_each_other(ana: Somebody) -> None:
    page = ana.see(B)
    first = save(ana, page, trade_name="One")
    at_first = {**page.hidden, "_draft": first["draft"], "_seen": first["seen"]}
    ana.client.post(f"/en/office/{B}draft/", {**at_first, "trade_name": "Two"})
    late = ana.client.post(f"/en/office/{B}draft/", {**at_first, "trade_name": "Three"}).json()
    assert late["split"] is True
    assert sorted(draft.values["trade_name"][0] for draft in drafts(ana)) == ["Three", "Two"]


def test_a_form_that_saves_itself_says_when_the_sign_in_has_ended(ana: Somebody) -> None:
    assert Client().post(f"/en/office/{B}draft/", {"trade_name": "x"}).status_code == 401


def test_signs_that_no_text_may_have_do_no_harm(ana: Somebody) -> None:
    assert ana.fill(B, {**raw(section_b()), "trade_name": "Nul\0name"}, do="save").status == 302
    assert drafts(ana)[0].values["trade_name"] == ["Nulname"]


def test_a_draft_of_another_form_or_organisation_is_not_found(ana: Somebody) -> None:
    ana.fill(B, raw(section_b()), do="save")
    (draft,) = drafts(ana)
    assert ana.see(f"{A}?draft={draft.pk}").status == 404
    stranger = somebody(organisation("Stranger", Capacity.PROVIDER))
    assert stranger.see(f"{B}?draft={draft.pk}").status == 404
    assert stranger.send(reverse("office_draft_delete", args=[draft.pk]), {}).status == 404


class Witness(Form):
    """A person in a list."""

    name: Annotated[str, Field(min_length=1), Ask("Name")]
    statement: Annotated[UUID | None, Ask("Statement", widget=Widget.FILE)] = None


class Gathering(Form):
    """A form with a list, and an answer that is not kept."""

    place: Annotated[str, Field(min_length=1), Ask("Place")]
    secret: Annotated[str, Field(min_length=1), Ask("Pass phrase", secret=True)]
    witnesses: Annotated[list[Witness], Field(min_length=1, max_length=3), Ask("Witness")]


@pytest.fixture
def gathering() -> Iterator[str]:
    """A procedure that only these tests know; the path of its form."""
    anybody = Who("Anybody", roles=FILING_ROLES)

    class Meeting(Procedure):
        slug = "meeting-of-the-tests"
        title = "Meet"
        noun = "Meeting"
        purpose = "Tests"
        held = State("Held", open=False)
        meet = step(START >> held, by=anybody, asks=Gathering, basis="house: tests", title="Meet")

    yield "file/meeting-of-the-tests/meet/"
    del _registry[Meeting.slug]


def test_rows_are_added_and_removed_without_any_script(ana: Somebody, gathering: str) -> None:
    added = ana.send(gathering, {**ana.see(gathering).hidden, "place": "Town hall", "_add": "witnesses"})
    assert added.leads_to.endswith("#f-witnesses")
    page = ana.see(added.leads_to.partition("#")[0])
    typed = {"place": "Town hall", "witnesses.0.name": "Ana", "witnesses.0.statement": pdf("statement.pdf")}
    added = ana.send(gathering, {**page.hidden, **typed, "_add": "witnesses"})
    page = ana.see(added.leads_to.partition("#")[0])
    assert page.value("witnesses.0.name") == "Ana"
    assert "statement.pdf" in page.text
    assert 'name="witnesses.1.name"' in page.html
    removed = {
        **page.hidden,
        "place": "Town hall",
        "witnesses.0.name": "Ana",
        "witnesses.1.name": "Rui",
        "_remove": "witnesses.0",
    }
    page = ana.see(ana.send(gathering, removed).leads_to.partition("#")[0])
    assert page.value("witnesses.0.name") == "Rui"
    assert "statement.pdf" not in page.text


def test_a_secret_answer_is_not_kept_in_the_draft(ana: Somebody, gathering: str) -> None:
    answer = ana.fill(gathering, {"place": "Town hall", "secret": "open sesame"})
    assert answer.status == 422, "a witness is missing"
    (draft,) = drafts(ana)
    assert draft.values == {"place": ["Town hall"]}
    filed = {**answer.hidden, "place": "Town hall", "secret": "open sesame", "witnesses.0.name": "Ana", "_do": "file"}
    assert ana.send(gathering, filed).status == 302
    assert "open sesame" not in ana.see(f"cases/{cases(ana)[0].pk}/").html
