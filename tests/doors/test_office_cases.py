"""The case page and the lists: what each reader sees, can do, and must not learn."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from aioffice.desks.admission.procedure import ImpersonationReport
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.desk import Somebody, somebody
from tests.support.filings import PARTY, section_a, section_b, section_c, secure_a
from tests.support.parties import NOW, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Somebody:
    """Signs for a provider in Portugal."""
    return somebody(organisation("Example Systems", Capacity.PROVIDER, state="PT"), name="Ana Novak")


@pytest.fixture
def rui() -> Somebody:
    """Handles cases at the Portuguese authority."""
    authority = organisation("Autoridade Exemplo", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="PT")
    return somebody(authority, Role.EDITOR, name="Rui Exemplo")


def filed(who: Somebody, **changes: Any) -> Case:
    """File a system in the public section."""
    return perform(RegisterHighRisk.file, None, actor=who.actor, data=section_a(who.actor, **changes), at=NOW).case


def test_a_case_says_where_it_stands_what_it_says_and_who_may_see_it(ana: Somebody) -> None:
    case = filed(ana, member_states=["PT", "SI"])
    text = ana.see(f"cases/{case.pk}/").text
    assert "Registered since Monday 23 November 2026" in text
    assert "Ranks applications for a vacancy" in text
    assert "Annex VIII, Section A, point 5" in text
    assert "Legal basis: Articles 49(1), 71(2)" in text.replace(" ,", ",")
    assert 'href="/en/act/article-49/#article-49-1"' in ana.see(f"cases/{case.pk}/").html
    assert "Market surveillance authority: Slovenia" in text
    assert "declaration.pdf" in text


def test_people_are_named_to_their_own_colleagues_alone(ana: Somebody, rui: Somebody) -> None:
    case = filed(ana)
    assert "Ana Novak, Example Systems (filer)" in ana.see(f"cases/{case.pk}/").text
    theirs = rui.see(f"cases/{case.pk}/").text
    assert "Ana Novak" not in theirs
    assert "Example Systems (filer)" in theirs


def test_each_reader_is_offered_what_it_may_do(ana: Somebody, rui: Somebody) -> None:
    case = filed(ana)
    own, theirs = ana.see(f"cases/{case.pk}/").html, rui.see(f"cases/{case.pk}/").html
    steps = {name: reverse("office_step", args=[case.pk, name]) for name in ("update", "flag", "withhold", "unflag")}
    assert steps["update"] in own
    assert steps["flag"] not in own
    assert steps["flag"] in theirs
    assert steps["update"] not in theirs
    assert steps["withhold"] not in theirs
    assert f'href="{steps["unflag"]}"' not in theirs, "there is no mark to take away yet"
    assert "does not carry the mark" in rui.see(f"cases/{case.pk}/").text, "and the page says so"


def test_a_question_stands_above_the_answer_and_waits_until_answered(ana: Somebody, rui: Somebody) -> None:
    case = filed(ana)
    assert "Answer the authority" not in ana.see(f"cases/{case.pk}/").text, "nobody has asked anything"
    assert rui.fill(f"cases/{case.pk}/question/", {"text": "Is point 7 still right?"}).status == 302
    today = ana.see("").text
    assert "An authority asks: answer it" in today
    page = ana.see(f"cases/{case.pk}/")
    assert "Autoridade Exemplo" in page.text.partition("Answer the authority")[0]
    assert "Is point 7 still right?" in page.text.partition("Answer the authority")[0]
    assert ana.send(f"cases/{case.pk}/reply/", {**page.hidden, "text": "It was.", "_do": "file"}).status == 302
    assert "Nothing waits for you." in ana.see("").text
    assert "Autoridade Exemplo: An authority asks you about your registration" in ana.see("messages/").text


def test_a_decision_lays_its_alternatives_open_and_hides_the_reporter(ana: Somebody) -> None:
    office = somebody(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    accused = somebody(organisation("Frozen Systems", Capacity.PROVIDER, state="PT"))
    entry = perform(RegisterExempt.file, None, actor=accused.actor, data=section_b(), at=NOW).case
    deliver_pending(at=NOW)
    report = {"filer": entry.number, "reasons": "Their letterhead is ours."}
    case = perform(ImpersonationReport.report, None, actor=ana.actor, data=report, at=NOW).case
    page = office.see(f"cases/{case.pk}/")
    assert "It is for you to decide: Dismiss" in page.text
    readers = page.text.partition("Who can see this case")[2]
    assert "Example Systems" in readers
    assert "Frozen Systems" not in readers.partition("AI Office")[0]
    deliver_pending(at=NOW)
    assert accused.see(f"cases/{case.pk}/").status == 404
    hearing = accused.see("").html
    assert "Hearing on identity" in hearing
    assert "Example Systems" not in hearing


def test_a_held_use_has_its_letter_ready(ana: Somebody) -> None:
    city = somebody(organisation("City of Example", Capacity.DEPLOYER, public_body=True, state="SI"))
    held = {
        **section_c(""),
        "system_name": "Street Counter",
        "provider_name": "Far Systems",
        "provider_email": "desk@example.com",
    }
    del held["provider_entry"]
    case = perform(RegisterUse.hold, None, actor=city.actor, data=held, at=NOW).case
    page = city.see(f"cases/{case.pk}/")
    assert "mailto:desk@example.com?subject=" in page.html
    assert "must not use a high-risk AI system that is not registered there" in page.text
    letter = city.see(f"cases/{case.pk}/letter.txt")
    assert letter.response.headers["Content-Type"].startswith("text/plain")
    assert "Subject: Your system “Street Counter”" in letter.html
    registered = filed(ana)
    assert city.fill(f"cases/{case.pk}/complete/", {"provider_entry": registered.number}).status == 302
    assert city.see(f"cases/{case.pk}/letter.txt").status == 404, "once registered there is nothing to write"


def test_a_case_that_is_not_visible_looks_like_none(ana: Somebody) -> None:
    case = filed(ana)
    stranger = somebody(organisation("Stranger", Capacity.PROVIDER, state="PT"))
    for path in (f"cases/{case.pk}/", f"cases/{case.pk}/update/", f"cases/{case.pk}/letter.txt"):
        answer = stranger.see(path)
        assert answer.status == 404
        assert "CV Sorter" not in answer.html


def test_the_secure_section_shows_to_its_readers_alone(ana: Somebody, rui: Somebody) -> None:
    secure = perform(RegisterHighRisk.file, None, actor=ana.actor, data=secure_a(), at=NOW).case
    eight = organisation("Autoridade 74(8)", Capacity.ARTICLE_74_8_AUTHORITY, state="PT")
    cleared = somebody(
        organisation("Autoridade 74(8) com acesso", Capacity.ARTICLE_74_8_AUTHORITY, state="PT", secure_access=True)
    )
    for outsider in (rui, somebody(eight)):
        for path in ("", "cases/", "cases/?q=Lattice", "cases.csv", "messages/", f"cases/{secure.pk}/"):
            answer = outsider.see(path)
            assert "Zephyrine" not in answer.html, path
            assert str(secure.number) not in answer.html
        assert "No cases yet." in outsider.see("cases/").text
    assert "Zephyrine Lattice" in cleared.see("cases/").text
    assert cleared.see(f"cases/{secure.pk}/").status == 200


def test_the_list_is_narrowed_by_the_address_and_counts_what_each_choice_would_show(
    ana: Somebody, rui: Somebody
) -> None:
    filed(ana)
    perform(RegisterExempt.file, None, actor=ana.actor, data=section_b(), at=NOW)
    mistake = perform(RegisterExempt.file, None, actor=ana.actor, data=section_b(trade_name="Twice"), at=NOW).case
    perform(RegisterExempt.declare_error, mistake, actor=ana.actor, data={"reason": "Twice."}, at=NOW)
    assert "3 cases" in ana.see("cases/").text
    assert "2 cases" in ana.see("cases/", procedure="exempt-registration").text
    assert "1 case " in ana.see("cases/", state="entered_in_error").text
    assert "1 case " in ana.see("cases/", q="CV Sorter").text
    assert "No case fits all of this." in ana.see("cases/", q="nothing").text
    assert "0 cases" in ana.see("cases/", whose="concerning").text
    assert "3 cases" in rui.see("cases/", whose="concerning").text
    page = " ".join(ana.see("cases/", procedure="exempt-registration").text.split())
    assert "Registered 1" in page
    assert "Entered in error 1" in page


def test_the_list_goes_to_its_very_end_in_pages(ana: Somebody) -> None:
    names = {f"System {n:02}" for n in range(30)}
    for name in sorted(names):
        perform(RegisterExempt.file, None, actor=ana.actor, data=section_b(trade_name=name), at=NOW)
    found: list[str] = []
    path = "cases/"
    while path:
        page = ana.see(path)
        found += [name for name in names if f"{name}</a>" in page.html]
        further = re.search(r'href="([^"]+)"\s+rel="next"', page.html)
        path = unescape(further[1]) if further else ""
    assert sorted(found) == sorted(names)
    assert ana.see("cases/", after="nonsense").status == 404


def test_the_export_holds_what_the_list_shows_and_no_formulas(ana: Somebody) -> None:
    filed(ana, trade_name="=HYPERLINK(1)")
    perform(RegisterExempt.file, None, actor=ana.actor, data=section_b(), at=NOW)
    answer = ana.see("cases.csv", procedure="high-risk-registration")
    rows = list(csv.reader(io.StringIO(answer.html.removeprefix("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][0] == "EU-A-2026-000001"
    assert rows[1][2] == "'=HYPERLINK(1)"
    assert rows[1][-1].startswith("http://")


def test_today_tells_an_authority_what_concerns_its_state(ana: Somebody, rui: Somebody) -> None:
    empty = rui.see("").text
    assert "Concerning Portugal" in empty
    assert "stand here as soon as they are filed" in empty
    filed(ana)
    page = rui.see("").text
    assert "CV Sorter 2" in page.partition("Concerning Portugal")[2]
    assert "Example Systems: A new registration concerns you" in page


def test_messages_are_marked_as_read_by_opening_or_all_at_once(ana: Somebody, rui: Somebody) -> None:
    case = filed(ana)
    perform(RegisterExempt.file, None, actor=ana.actor, data=section_b(provider={**PARTY}), at=NOW)
    page = rui.see("messages/")
    assert "2 new messages" in page.text
    link = next(
        part for part in page.html.split('href="') if part.startswith("/en/office/messages/") and str(case.pk) in part
    )
    opened = rui.see(link.partition('"')[0])
    assert opened.leads_to == reverse("office_case", args=[case.pk])
    assert "1 new message" in rui.see("messages/").text
    rui.send("messages/read-all/", {})
    assert "You have read everything." in rui.see("messages/", unread="1").text


def test_documents_of_a_case_are_opened_by_its_readers_and_always_saved(ana: Somebody, rui: Somebody) -> None:
    case = filed(ana)
    page = rui.see(f"cases/{case.pk}/").html
    path = next(part for part in page.split('href="') if part.startswith("/en/office/documents/")).partition('"')[0]
    answer = rui.see(path)
    assert answer.response.headers["Content-Disposition"].startswith("attachment")
    assert answer.html.startswith("%PDF")
    assert somebody(organisation("Stranger", Capacity.PROVIDER)).see(path).status == 404


def test_an_address_without_its_last_slash_leads_on(ana: Somebody) -> None:
    case = filed(ana)
    assert ana.see(f"cases/{case.pk}").leads_to == f"/en/office/cases/{case.pk}/"
    assert ana.see("no/such/page").status == 404
