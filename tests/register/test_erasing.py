"""Erasing values of a filing: what goes, what stays, who may, and what the database itself lets happen."""

from __future__ import annotations

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from aioffice.kernel.db import acting
from aioffice.kernel.documents.models import Document
from aioffice.kernel.documents.redacting import remove_unreferred
from aioffice.kernel.documents.service import upload
from aioffice.kernel.documents.storage import NoSuchContent, storage
from aioffice.kernel.ledger.signing import INTERNAL, PUBLIC
from aioffice.kernel.ledger.statements import Statement, parse_statement
from aioffice.kernel.ledger.store import STORES
from aioffice.kernel.ledger.tiles import unpack_entries
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.copies import ERASER
from aioffice.kernel.procedures.drafts import list_drafts, save_draft
from aioffice.kernel.procedures.erasures import also_in, erasable, plan
from aioffice.kernel.procedures.errors import IdempotencyMismatch, Invalid, NotAllowed, Refused
from aioffice.kernel.procedures.models import Case, ErasedValue, StepPayload
from aioffice.kernel.procedures.performing import perform
from aioffice.register import public_queries, public_rows
from aioffice.register.models import EntryVersion, System
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from aioffice.register.publishing import publish_entries
from tests.support.filings import PDF, section_a, section_b, section_c, secure_a
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=1)
CHANGE = {"valid_from": "2026-11-20", "reason": "Clearer"}
BASIS = RegisterExempt.erase.basis


_COLUMNS = "id, case_id, record_id, pointer, erased_at, erased_by_id, organisation_id, audience"
_READERS = "organisation_id, audience from office.procedures_steprecord"


@pytest.fixture
def office() -> Actor:
    return acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


def filed(provider: Actor, **more: Any) -> Case:
    record = perform(RegisterExempt.file, None, actor=provider, data=section_b(**more), at=NOW, idempotency_key="one")
    settle(NOW)
    return record.case


def erase(case: Case, office: Actor, sequence: int, *pointers: str, step: Any = RegisterExempt.erase) -> Any:
    data = {"sequence": sequence, "pointers": list(pointers), "reason": "It must go."}
    record = perform(step, case.pk, actor=office, data=data, at=LATER)
    settle(LATER)
    return record


def said(log: str) -> list[Statement]:
    store = STORES[log]
    with acting(service("sequencer"), LATER):
        size = store.checkpoint().size  # type: ignore[union-attr]
        data = store.fetch(f"tile/entries/000.p/{size}")
    assert data is not None
    return [parse_statement(one) for one in unpack_entries(data)]


def versions(case: Case, office: Actor) -> list[EntryVersion]:
    with acting(office, LATER):
        return list(EntryVersion.objects.filter(entry=case.pk).order_by("n"))


def test_the_value_goes_from_every_version_and_step_that_says_the_same(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    perform(RegisterExempt.update, case.pk, actor=provider, data=section_b(change=CHANGE), at=NOW)
    other = section_b(trade_name="Other", intended_purpose="Something else.", change=CHANGE)
    perform(RegisterExempt.update, case.pk, actor=provider, data=other, at=NOW)
    with acting(office, LATER):
        found = also_in(plan(case, 2, ["/intended_purpose"], at=LATER, basis=BASIS))
    assert [(copy.pointer, str(copy.place)) for copy in found] == [
        ("/intended_purpose", "step 1, “Register”"),
        ("/intended_purpose", "version 1 of the entry"),
        ("/intended_purpose", "version 2 of the entry"),
    ]
    erase(case, office, 2, "/intended_purpose")
    first, second, third = versions(case, office)
    assert "intended_purpose" not in first.content
    assert "intended_purpose" not in second.content
    assert first.erased == second.erased == {"intended_purpose": {"since": "2026-11-23", "basis": BASIS}}
    assert (third.content["intended_purpose"], third.erased) == ("Something else.", {})
    with acting(office, LATER):
        data = [
            one.data["intended_purpose"]
            for one in StepPayload.objects.filter(record__case=case.pk, record__sequence__lte=3).order_by(
                "record__sequence"
            )
        ]
        lost = {
            (one.record.sequence, one.pointer)
            for one in ErasedValue.objects.filter(case=case.pk).select_related("record")
        }
    assert data == [None, None, "Something else."]
    assert lost == {(1, "/intended_purpose"), (2, "/intended_purpose")}


def test_both_logs_say_what_went_and_not_what_it_was(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    erase(case, office, 1, "/provider/contact")
    says = {"basis": BASIS, "pointers": ["/fields/provider/contact"]}
    redactions = [(dict(one.subject), dict(one.says)) for one in said(PUBLIC) if one.kind == "redaction"]
    assert redactions == [({"entry": case.number, "version": 1}, says), ({"entry": case.number}, says)]
    inside = [(dict(one.subject), dict(one.says)) for one in said(INTERNAL) if one.kind == "redaction"]
    step = {"case": str(case.pk), "step": "exempt-registration.file", "sequence": 1}
    assert inside == [(step, {"basis": BASIS, "pointers": ["/provider/contact"]})]
    with acting(office, LATER):
        salts = StepPayload.objects.get(record__case=case.pk, record__sequence=1).salts
    assert "/provider/contact" not in salts
    assert "/provider/name" in salts
    assert "#request" not in salts, "with it, what is left would tell what is gone"


def test_what_the_case_rests_on_stays_and_every_wrong_pointer_is_named(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    with pytest.raises(Invalid) as caught:
        erase(case, office, 1, "/routing/language", "/nothing", "/conditions/0", "/trade_name")
    assert [(fault.pointer, fault.code) for fault in caught.value.errors] == [
        ("/pointers/0", "stays"),
        ("/pointers/1", "no-such-value"),
        ("/pointers/2", "no-such-value"),
    ]
    assert "/provider/name, " in caught.value.errors[1].message
    erase(case, office, 1, "/trade_name")
    with pytest.raises(Invalid) as caught:
        erase(case, office, 1, "/trade_name")
    assert [fault.code for fault in caught.value.errors] == ["erased-before"]
    with pytest.raises(Invalid) as caught:
        erase(case, office, 9)
    assert [fault.pointer for fault in caught.value.errors] == ["/sequence"]


def test_only_the_office_erases(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    authority = acting_for(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
    for other in (provider, authority):
        with pytest.raises(NotAllowed):
            erase(case, other, 1, "/trade_name")


def test_names_made_of_the_value_go_too(provider: Actor, office: Actor) -> None:
    case = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    deployer = acting_for(organisation("Deployer", Capacity.DEPLOYER, public_body=True))
    use = perform(RegisterUse.file, None, actor=deployer, data=section_c(str(case.number)), at=NOW).case
    settle(NOW)
    erase(case, office, 1, "/trade_name", step=RegisterHighRisk.erase)
    with acting(office, LATER):
        assert set(Case.objects.filter(pk__in=[case.pk, use.pk]).values_list("subject", flat=True)) == {case.number}
        assert System.objects.get(entries=case.pk).name == case.number
    shown = public_queries.entry(number=str(use.number))
    assert shown is not None
    assert shown.name == case.number


def test_of_the_secure_section_it_goes_without_a_word_in_public(provider: Actor) -> None:
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"), cleared=True)
    case = perform(RegisterHighRisk.file, None, actor=provider, data=secure_a(), at=NOW).case
    settle(NOW)
    erase(case, office, 1, "/trade_name", step=RegisterHighRisk.erase)
    assert "trade_name" not in versions(case, office)[0].content
    with connections["site"].cursor() as cursor:
        cursor.execute("select count(*) from published.log_entry")
        assert cursor.fetchone() == (0,), "an empty log"


def test_a_repetition_with_the_same_key_is_answered_with_no_hint(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    erase(case, office, 1, "/provider/contact")
    for data in (section_b(), section_b(provider={**section_b()["provider"], "contact": "another"})):
        with pytest.raises(IdempotencyMismatch) as caught:
            perform(RegisterExempt.file, None, actor=provider, data=data, at=LATER, idempotency_key="one")
        assert caught.value.extra == {"pointers": []}


def test_drafts_lose_it_and_keep_the_rest_and_are_told_to_nobody(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    typed = {"trade_name": ["Essay Formatter"], "intended_purpose": ["Half a sent"]}
    for step, of in ((RegisterExempt.update.key, case.pk), (RegisterExempt.file.key, None)):
        save_draft(typed, actor=provider, at=NOW, step=step, schema_hash="x", case_id=of)
    stranger = acting_for(organisation("Stranger", Capacity.PROVIDER))
    save_draft(typed, actor=stranger, at=NOW, step=RegisterExempt.file.key, schema_hash="x")
    with acting(office, LATER):
        assert {str(copy.place) for copy in also_in(plan(case, 1, ["/trade_name"], at=LATER, basis=BASIS))} == {
            "version 1 of the entry"
        }
    erase(case, office, 1, "/trade_name")
    with acting(provider, LATER):
        assert [draft.values for draft in list_drafts(actor=provider)] == [{"intended_purpose": ["Half a sent"]}] * 2
    with acting(stranger, LATER):
        assert [draft.values for draft in list_drafts(actor=stranger)] == [typed], "it is another's own text"


def test_a_file_that_another_filing_has_stays_there(provider: Actor, office: Actor) -> None:
    def document(name: str) -> str:
        with acting(provider, NOW):
            return str(upload(io.BytesIO(PDF), name, actor=provider, at=NOW).pk)

    shared, own = document("shared.pdf"), document("own.pdf")
    files = {"declaration_of_conformity": shared, "instructions_for_use": own}
    cases = [
        perform(RegisterHighRisk.file, None, actor=provider, data=section_a(**{**files, **more}), at=NOW).case
        for more in ({}, {"instructions_for_use": shared})
    ]
    settle(NOW)
    with acting(office, LATER):
        places = {
            str(copy.place)
            for copy in also_in(plan(cases[0], 1, [], at=LATER, basis=BASIS))
            if copy.pointer == "/declaration_of_conformity"
        }
    assert places == {"version 1 of the entry", f"{cases[1].number} has the same file, where it stays"}
    erase(cases[0], office, 1, "/declaration_of_conformity", "/instructions_for_use", step=RegisterHighRisk.erase)
    with acting(office, LATER):
        assert {str(one.pk) for one in Document.objects.all()} == {shared}
    with acting(office, LATER):
        digest = Document.objects.get(pk=shared).digest
    assert remove_unreferred([digest], at=LATER) == 0, "the same bytes under another name are still referred to"
    erase(cases[1], office, 1, step=RegisterHighRisk.erase)
    assert remove_unreferred([digest], at=LATER) == 1
    with pytest.raises(NoSuchContent):
        storage().open(digest)
    assert remove_unreferred([digest], at=LATER) == 1, "done again, it does no harm"


def test_a_held_use_can_be_erased_and_then_not_be_completed(provider: Actor, office: Actor) -> None:
    deployer = acting_for(organisation("Deployer", Capacity.DEPLOYER, public_body=True))
    use = {**section_c(""), "system_name": "CV Sorter", "provider_name": "P", "provider_email": "ana@example.com"}
    del use["provider_entry"]
    entry = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    held = perform(RegisterUse.hold, None, actor=deployer, data=use, at=NOW).case
    erase(held, office, 1, "/submitter/name", "/system_name", step=RegisterUse.erase)
    with acting(office, LATER):
        assert Case.objects.get(pk=held.pk).subject == str(held.pk)
    with pytest.raises(Refused, match="Give this up and register the use anew"):
        perform(RegisterUse.complete, held.pk, actor=deployer, data={"provider_entry": entry.number}, at=LATER)
    erase(held, office, 1, step=RegisterUse.erase)
    with pytest.raises(Refused, match="register the use anew"):
        perform(RegisterUse.complete, held.pk, actor=deployer, data={"provider_entry": entry.number}, at=LATER)
    perform(RegisterUse.give_up, held.pk, actor=deployer, data={"reason": "Anew"}, at=LATER)


def test_what_was_filled_in_when_a_use_was_held_goes_from_the_entry_it_became(provider: Actor, office: Actor) -> None:
    deployer = acting_for(organisation("Deployer", Capacity.DEPLOYER, public_body=True))
    use = {**section_c(""), "system_name": "CV Sorter", "provider_name": "P", "provider_email": "ana@example.com"}
    del use["provider_entry"]
    entry = perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case
    case = perform(RegisterUse.hold, None, actor=deployer, data=use, at=NOW).case
    perform(RegisterUse.complete, case.pk, actor=deployer, data={"provider_entry": entry.number}, at=NOW)
    erase(case, office, 1, "/submitter/name", step=RegisterUse.erase)
    assert set(versions(case, office)[0].content["submitter"]) == {"address", "contact"}


@pytest.mark.parametrize(
    "sql",
    [
        "update office.procedures_steppayload set data = '{}'",
        "update office.procedures_steppayload set salts = '{}'",
        "update office.procedures_steppayload set evidence = ''",
        "delete from office.procedures_steppayload",
        "delete from office.documents_documentuse",
        "update office.register_entryversion set content = '{}'",
        "update office.register_entryversion set reason = ''",
        "update office.register_entryversion set erased = '{}'",
        f"insert into office.procedures_erasedvalue ({_COLUMNS}) select gen_random_uuid(), case_id, id, '/x', now(), id, {_READERS}",
    ],
)
def test_nobody_but_the_eraser_takes_anything_out(sql: str, provider: Actor, office: Actor) -> None:
    filed(provider)
    for actor in (provider, office, service("publisher")):
        with pytest.raises(DatabaseError, match=r"by an erasure alone|row-level security"), acting(actor, LATER):
            connection.cursor().execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'update office.procedures_steppayload set data = data || \'{"trade_name": "Another"}\'',
        "update office.procedures_steppayload set data = data || '{\"more\": 1}'",
        "update office.procedures_steppayload set data = jsonb_set(data, '{conditions}', '[]')",
        'update office.procedures_steppayload set salts = salts || \'{"/trade_name": "00"}\'',
        "update office.procedures_steppayload set evidence = 'A letter'",
        'update office.register_entryversion set content = content || \'{"trade_name": "Another"}\'',
        "update office.register_entryversion set reason = 'Another'",
        "update office.register_entryversion set erased = '{}' where erased <> '{}'",
    ],
)
def test_the_eraser_puts_nothing_in(sql: str, provider: Actor, office: Actor) -> None:
    case = filed(provider)
    erase(case, office, 1, "/provider/contact")
    with pytest.raises(DatabaseError, match="takes values out and puts none in"), acting(service(ERASER), LATER):
        connection.cursor().execute(sql)


def test_a_publisher_with_the_old_text_in_hand_does_not_bring_it_back(
    provider: Actor, office: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = filed(provider)
    has_read, may_write = threading.Event(), threading.Event()
    rows_of = public_rows.rows_of

    def slowly(*args: Any) -> public_rows.EntryRows:
        rows = rows_of(*args)
        if threading.current_thread().name == "slow":
            has_read.set()
            assert may_write.wait(20)
        return rows

    def publish() -> None:
        try:
            with acting(service("publisher"), NOW):
                publish_entries([case.pk])
        finally:
            connections.close_all()

    def erasing() -> None:
        try:
            data = {"sequence": 1, "pointers": ["/intended_purpose"], "reason": "It must go."}
            perform(RegisterExempt.erase, case.pk, actor=office, data=data, at=LATER)
        finally:
            connections.close_all()

    monkeypatch.setattr(public_rows, "rows_of", slowly)
    slow, quick = threading.Thread(target=publish, name="slow"), threading.Thread(target=erasing, name="quick")
    slow.start()
    assert has_read.wait(20)
    quick.start()
    quick.join(0.5)
    assert quick.is_alive(), "it waits for its turn"
    may_write.set()
    slow.join(20)
    quick.join(20)
    for shown in (public_queries.entry(number=str(case.number)), public_queries.version(number=str(case.number), n=1)):
        assert shown is not None
        assert "intended_purpose" not in shown.document["fields"]


def test_withheld_and_then_erased_it_shows_as_erased_and_cannot_be_shown_again(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    withheld = {"field": "provider.contact", "ground": "personal_data", "reason": "Private"}
    perform(RegisterExempt.withhold, case.pk, actor=office, data=withheld, at=NOW)
    settle(NOW)
    erase(case, office, 1, "/provider/contact")
    for _again in range(2):
        shown = public_queries.version(number=str(case.number), n=1)
        assert shown is not None
        assert "provider.contact" not in shown.document["withheld"]
        assert "provider.contact" in shown.document["erased"]
        assert "contact" not in shown.document["fields"]["provider"]
        if _again == 0:
            perform(
                RegisterExempt.release,
                case.pk,
                actor=office,
                data={"field": "provider.contact", "reason": "No longer"},
                at=LATER,
            )
            settle(LATER)


def test_an_erasing_step_can_itself_lose_its_reason(provider: Actor, office: Actor) -> None:
    case = filed(provider)
    erase(case, office, 1, "/provider/contact")
    with acting(office, LATER):
        assert [(record.sequence, [one.pointer for one in values]) for record, values in erasable(case)][-1] == (
            2,
            ["/reason"],
        )
    erase(case, office, 2, "/reason")
    with acting(office, LATER):
        assert StepPayload.objects.get(record__case=case.pk, record__sequence=2).data["reason"] is None
