"""Proof by a letter with a code: only the letter knows the code, five attempts, thirty days."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from aioffice.desks.admission import letters
from aioffice.desks.admission.codes import ALPHABET, code_of, digest_of, matches
from aioffice.desks.admission.models import LetterCode
from aioffice.desks.admission.procedure import OperatorAdmission
from aioffice.desks.admission.queries import code_status
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.models import AuditEntry
from aioffice.kernel.procedures.errors import Invalid, Refused
from aioffice.kernel.procedures.models import Case, StepPayload, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from tests.admission.applying import application, applied, code_in, letter_of, wrong_code
from tests.support.parties import NOW

pytestmark = pytest.mark.django_db


def test_the_code_from_the_letter_proves_the_identity() -> None:
    actor, case = applied()
    letter = letter_of(case)
    assert "Primerna ulica 1" in letter
    assert case.number is not None
    assert case.number in letter
    assert f"/en/office/cases/{case.pk}/" in letter
    assert "23 December 2026" in letter
    record = perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": code_in(letter)}, at=NOW)
    assert record.case.state == "proven"
    assert record.case.facts["proof"] == "letter"


def test_dashes_blanks_and_small_letters_do_not_matter() -> None:
    actor, case = applied()
    typed = code_in(letter_of(case)).lower().replace("-", " ")
    record = perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": f" {typed} "}, at=NOW)
    assert record.case.state == "proven"


def test_the_code_lies_in_the_letter_and_nowhere_else() -> None:
    actor, case = applied()
    code = code_in(letter_of(case))
    perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": code}, at=NOW)
    plain = code.replace("-", "")
    with plumbing(), connection.cursor() as cursor:
        cursor.execute("select coalesce(string_agg(args::text, ' '), '') from office.procrastinate_jobs")
        (jobs,) = cursor.fetchone()
    with acting(actor, NOW):
        payloads = StepPayload.objects.filter(record__case=case).order_by("record__sequence")
        kept = [payload.data for payload in payloads]
        records = list(StepRecord.objects.filter(case=case).values("digests", "request_digest", "payload__evidence"))
        rows = list(LetterCode.objects.filter(case=case).values("digest", "reference", "addressee", "address"))
        facts = Case.objects.get(pk=case.pk).facts
        audits = list(AuditEntry.objects.values_list("detail", flat=True))
    everything = json.dumps([jobs, kept, records, rows, facts, audits], default=str)
    assert "post_letter" in json.dumps(jobs) or "code_id" in jobs
    assert code not in everything
    assert plain not in everything
    assert kept[-1] == {}, "the step keeps that a code was entered, not which"


def test_the_letter_is_a_file_that_only_its_owner_can_read() -> None:
    _actor, case = applied()
    letter_of(case)
    folder = settings().data_dir / "outbox"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_letter_is_written_in_the_language_of_whoever_applied() -> None:
    with translation.override("fr"):
        _actor, case = applied()
    with acting(service(letters.POSTMASTER), NOW):
        assert LetterCode.objects.get(case=case).language == "fr"


def test_a_letter_is_posted_once() -> None:
    _actor, case = applied()
    with acting(service(letters.POSTMASTER), NOW):
        row = LetterCode.objects.get(case=case)
    assert letters.post(row.pk, at=NOW) is True
    assert letters.post(row.pk, at=NOW) is False


def test_wrong_codes_are_counted_although_the_step_is_refused() -> None:
    actor, case = applied()
    wrong = wrong_code(case)
    for left in (4, 3, 2, 1):
        with pytest.raises(Invalid, match=f"Attempts left: {left}") as caught:
            perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": wrong}, at=NOW)
        assert caught.value.errors[0].pointer == "/code"
        with acting(actor, NOW):
            status = code_status(case, NOW)
        assert status is not None
        assert (status.attempts_left, status.works) == (left, True)
    right = code_in(letter_of(case))
    with pytest.raises(Invalid, match="last attempt"):
        perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": wrong}, at=NOW)
    with pytest.raises(Refused, match="new letter"):
        perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": right}, at=NOW)
    with acting(actor, NOW):
        case.refresh_from_db()
        assert (case.state, case.version) == ("proof_asked", 1)


def test_the_code_runs_out_after_thirty_days() -> None:
    actor, case = applied()
    code = {"code": code_in(letter_of(case))}
    late = NOW + timedelta(days=30)
    with pytest.raises(Refused, match="run out"):
        perform(OperatorAdmission.prove_by_code, case, actor=actor, data=code, at=late)
    in_time = late - timedelta(seconds=1)
    assert perform(OperatorAdmission.prove_by_code, case, actor=actor, data=code, at=in_time).case.state == "proven"


def test_a_new_letter_ends_the_earlier_code() -> None:
    actor, case = applied()
    first = code_in(letter_of(case))
    perform(OperatorAdmission.send_again, case, actor=actor, data={}, at=NOW)
    second = code_in(letter_of(case))
    with pytest.raises(Invalid, match="not the code"):
        perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": first}, at=NOW)
    record = perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": second}, at=NOW)
    assert record.case.state == "proven"


def test_nobodys_letter_box_is_filled() -> None:
    actor, case = applied()
    for _ in range(letters.MOST_LETTERS - 1):
        perform(OperatorAdmission.send_again, case, actor=actor, data={}, at=NOW)
    with pytest.raises(Refused, match="4 letters"):
        perform(OperatorAdmission.send_again, case, actor=actor, data={}, at=NOW)
    later = NOW + timedelta(days=31)
    assert perform(OperatorAdmission.send_again, case, actor=actor, data={}, at=later).to_state == "proof_asked"


def test_correcting_the_address_asks_for_the_proof_anew() -> None:
    actor, case = applied()
    perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": code_in(letter_of(case))}, at=NOW)
    changed = application(address="Druga ulica 2, Maribor")
    record = perform(OperatorAdmission.correct, case, actor=actor, data=changed, at=NOW)
    assert record.case.state == "proof_asked"
    assert "Druga ulica 2" in letter_of(case)


def test_an_application_that_ended_takes_no_code() -> None:
    actor, case = applied()
    perform(OperatorAdmission.give_up, case, actor=actor, data={}, at=NOW)
    with acting(actor, NOW):
        status = code_status(case, NOW)
    assert status is not None
    assert not status.works


def test_without_a_validation_service_the_seal_waits_and_says_so() -> None:
    actor, case = applied()
    with pytest.raises(Refused, match="not connected"):
        perform(OperatorAdmission.prove_by_seal, case, actor=actor, data={"document": str(uuid7())}, at=NOW)


def test_codes_differ_have_sixty_bits_and_match_only_themselves() -> None:
    ids = [uuid7() for _ in range(200)]
    codes = {code_of(one) for one in ids}
    assert len(codes) == 200
    assert all(set(code.replace("-", "")) <= set(ALPHABET) and len(code) == 14 for code in codes)
    one, other = ids[0], ids[1]
    assert code_of(one) == code_of(one)
    assert matches(one, digest_of(one, code_of(one)), code_of(one))
    assert not matches(one, digest_of(one, code_of(one)), code_of(other))
    assert not matches(other, digest_of(one, code_of(one)), code_of(one))
