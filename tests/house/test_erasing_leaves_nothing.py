"""Erasing a field leaves no byte of it: in no table, file, export or log. A new procedure or table cannot be forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from aioffice.doors.proofs import receipt_data
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.ledger import site
from aioffice.kernel.ledger.exporting import export_log
from aioffice.kernel.ledger.receipts import step_evidence
from aioffice.kernel.ledger.signing import INTERNAL, verifier_key
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import verify_log
from aioffice.kernel.notices.mailing import left_over, send
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.copies import holders
from aioffice.kernel.procedures.declaration import Procedure, procedures
from aioffice.kernel.procedures.drafts import save_draft
from aioffice.kernel.procedures.erasures import erasable
from aioffice.kernel.procedures.models import Case, StepPayload, StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.desk import raw
from tests.support.filings import section_a, section_b, section_c
from tests.support.parties import NOW, acting_for, organisation
from tests.support.published import committed
from tests.support.sequencing import settle
from tests.support.traces import Marked, everywhere, files_with, sweep_up, word

LATER = NOW + timedelta(hours=2)
INSIDE = {"question": {"text": ""}, "reply": {"text": ""}, "flag": {"text": ""}}
"""What is said inside a case, with a word of its own in each text."""
CERTIFIED = {"certificate": {"kind": "", "number": "", "expires": "2029-01-02", "notified_body": ""}}

type Filing = Callable[[Actor], dict[str, Any]]


def _entry_number(_actor: Actor) -> str:
    provider = acting_for(organisation("Provider of what is used", Capacity.PROVIDER))
    return str(perform(RegisterHighRisk.file, None, actor=provider, data=section_a(provider), at=NOW).case.number)


FILINGS: dict[type[Procedure], tuple[Capacity, Filing]] = {
    RegisterHighRisk: (Capacity.PROVIDER, lambda actor: section_a(**CERTIFIED)),
    RegisterExempt: (Capacity.PROVIDER, lambda actor: section_b()),
    RegisterUse: (Capacity.DEPLOYER, lambda actor: section_c(_entry_number(actor))),
}
"""For each procedure whose values can be erased: who files, and a filing to put words into."""


def _erasing() -> list[type[Procedure]]:
    return [kind for kind in procedures() if any(step.erases for step in kind.steps.values())]


@pytest.fixture(params=_erasing(), ids=lambda kind: kind.slug)
def kind(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[type[Procedure]]:
    with committed(django_db_blocker):
        yield request.param


class Matter:
    """A case in which everything has happened that can make copies; `words` by record and pointer."""

    def __init__(self, kind: type[Procedure]) -> None:
        assert kind in FILINGS, f"{kind.slug} can erase: give it a filing in {__name__}.FILINGS"
        capacity, filing = FILINGS[kind]
        self.kind = kind
        self.office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
        self.authority = acting_for(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
        self.filer = acting_for(organisation("Filer", capacity, public_body=True))
        self.words: dict[tuple[int, str], list[str]] = {}
        file, update = kind.steps["file"], kind.steps["update"]
        assert file.asks is not None
        assert update.asks is not None
        first = Marked(file.asks, filing(self.filer), self.filer, NOW)
        self._draft(file.key, first.data, None)
        record = perform(file, None, actor=self.filer, data=first.data, at=NOW, idempotency_key="once")
        self.sent = first.data
        self.case = record.case
        self._keep(record, first)
        settle(NOW)
        # Two updates: one says everything again but for the reason, one says everything anew.
        change = {"valid_from": "2026-11-20"}
        again = Marked(update.asks, {**first.data, "change": change}, self.filer, NOW, "again")
        again.data = {**first.data, "change": again.data["change"]}
        again.words = {**first.words, **{p: w for p, w in again.words.items() if p.startswith("/change/")}}
        self._do("update", again)
        anew = Marked(update.asks, {**filing(self.filer), "change": change}, self.filer, NOW, "anew")
        if "provider_entry" in first.data:
            anew.data["provider_entry"] = first.data["provider_entry"]
        self._do("update", anew)
        for name, data in INSIDE.items():
            step = kind.steps[name]
            assert step.asks is not None
            actor = self.filer if name == "reply" else self.authority
            marked = Marked(step.asks, data, actor, NOW)
            evidence = "" if name == "reply" else word(name + "evidence")
            earlier = None if name == "reply" else NOW
            marked.words |= {"": [evidence]} if evidence else {}
            self._do(name, marked, actor, took_place_at=earlier, evidence=evidence)
        for name, data in (
            ("withhold", {"field": "submitter.name", "ground": "personal_data"}),
            ("release", {"field": "submitter.name"}),
        ):
            step = kind.steps[name]
            assert step.asks is not None
            self._do(name, Marked(step.asks, data, self.office, NOW), self.office)
        self._draft(update.key, first.data, self.case)
        if kind is RegisterHighRisk:
            deployer = acting_for(organisation("Deployer", Capacity.DEPLOYER, public_body=True))
            self.use = perform(
                RegisterUse.file, None, actor=deployer, data=section_c(str(self.case.number)), at=NOW
            ).case
        settle(LATER)

    def _do(self, name: str, marked: Marked, actor: Actor | None = None, **more: Any) -> None:
        record = perform(
            self.kind.steps[name], self.case.pk, actor=actor or self.filer, data=marked.data, at=LATER, **more
        )
        self._keep(record, marked)

    def _keep(self, record: StepRecord, marked: Marked) -> None:
        self.words |= {(record.sequence, pointer): words for pointer, words in marked.words.items()}

    def _draft(self, step: str, data: dict[str, Any], case: Case | None) -> None:
        values = {name: value if isinstance(value, list) else [str(value)] for name, value in raw(data).items()}
        save_draft(values, actor=self.filer, at=NOW, step=step, schema_hash="x", case_id=case.pk if case else None)

    def erase(self, sequence: int, *pointers: str) -> StepRecord:
        """Erase values of a step, and let the jobs do their work."""
        data = {"sequence": sequence, "pointers": list(pointers), "reason": "It must go."}
        record = perform(self.kind.steps["erase"], self.case.pk, actor=self.office, data=data, at=LATER)
        settle(LATER)
        sweep_up()
        return record


def _interrupted(words: dict[str, list[str]]) -> None:
    """A session that keeps what somebody had typed when their sign-in ended."""
    from django.contrib.sessions.backends.db import SessionStore

    with plumbing():
        store = SessionStore()
        store["interrupted"] = {"path": "/en/office/file/x/y/", "values": words}
        store.create()


def _send_mail() -> None:
    send(left_over(at=LATER + timedelta(hours=1), older_than=timedelta(0), newer_than=timedelta(days=2)), at=LATER)


def _verified() -> int:
    with site.at_one_moment():
        key = site.log_key()
        assert key is not None
        report = verify_log(SITE.fetch, site.publications, [key])
    assert report.findings == []
    return report.redacted


def test_every_field_goes_from_everywhere(
    kind: type[Procedure], tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    matter = Matter(kind)
    _interrupted({name: [str(value)] for name, value in raw(matter.sent).items()})
    _send_mail()
    opened = StepRecord.objects.select_related("payload")
    with acting(matter.filer, LATER):
        first = opened.get(case=matter.case.pk, sequence=1)
        kept = step_evidence(first, reader=matter.filer, at=LATER)
    assert kept is not None
    folders = (settings().data_dir, tmp_path)
    with site.at_one_moment():
        export_log(SITE.fetch, site.publications, tmp_path)
    every = {one for words in matter.words.values() for one in words}
    seen = everywhere()
    assert {one for one in every if any(one in text for text in seen.values())} | {
        one for held in files_with(every, *folders).values() for one in held
    } == every, "every word is there to begin with, and is seen"
    assert any(one in seen["published.word"] for one in every)
    assert any(one in seen["sessions, opened"] for one in every)
    gone: set[str] = set()
    for (sequence, pointer), words in matter.words.items():
        with acting(matter.office, LATER):
            left = {record.sequence: {one.pointer for one in values} for record, values in erasable(matter.case)}
        if pointer and pointer not in left.get(sequence, set()):
            assert set(words) <= gone, "it went with a step that says the same"
            continue
        matter.erase(sequence, *([pointer] if pointer else []))
        gone |= set(words)
        if not pointer:
            gone |= {one for (of, _), held in matter.words.items() if of == sequence for one in held}
        seen, files = everywhere(), files_with(every, settings().data_dir)
        in_files = {one for held in files.values() for one in held}
        assert {table for table, text in seen.items() if any(one in text for one in gone)} == set(), (sequence, pointer)
        assert not in_files & gone, (sequence, pointer)
        still = "".join(seen.values())
        assert [one for one in every - gone - in_files if one not in still] == [], "nothing else went"
    assert gone == every
    assert _verified() > 0
    with site.at_one_moment():
        export_log(SITE.fetch, site.publications, tmp_path)
    assert files_with(every, *folders) == {}
    _send_mail()
    letters = " ".join(f"{one.subject} {one.body}" for one in mail.outbox).lower()
    assert mail.outbox
    assert not [one for one in every if one in letters]
    logged = "".join(capfd.readouterr()).lower() + caplog.text.lower()
    assert [one for one in every if one in logged] == []
    # The receipt that the filer has had from the beginning holds as it did; the one served now holds none of it, and holds too.
    assert kept.check([verifier_key(INTERNAL)]).differences == []
    with acting(matter.filer, LATER):
        now = step_evidence(opened.get(case=matter.case.pk, sequence=1), reader=matter.filer, at=LATER)
    assert now is not None
    checked = now.check([verifier_key(INTERNAL)])
    assert checked.differences == []
    assert set(checked.not_shown) >= {pointer for of, pointer in matter.words if of == 1}
    text = json.dumps(receipt_data(now, verifier_key(INTERNAL))).lower()
    assert [one for one in every if one in text] == []


def test_public_places_show_that_it_was_erased(kind: type[Procedure]) -> None:
    matter = Matter(kind)
    number, name = (
        matter.case.number,
        next(p for of, p in matter.words if (of == 1 and p.endswith("purpose")) or p.endswith("_assessment")),
    )
    client = Client()
    entry, api = f"/en/register/{number}", f"/api/v1/register/entries/{number}"
    places = [
        f"{entry}/versions/1/", f"{entry}/", f"{entry}/changes/1-2/", f"{entry}/changes/2-3/", f"{entry}/versions/1/proof/",
        f"{api}/versions/1", f"{api}/versions/1/proof", api, f"{api}/versions/1/diff/3", f"{entry}/versions/1/cite.bib",
        "/en/register/", "/en/feeds/new.atom", "/en/feeds/changed.atom", "/api/v1/register/entries?q=zorba", "/en/register/?q=zorba",
    ]  # fmt: skip
    before = {place: client.get(place) for place in places}
    tags = {place: answer.headers.get("ETag") for place, answer in before.items()}
    matter.erase(1, name)
    words = matter.words[1, name]
    for place in places:
        answer = client.get(place, headers={"If-None-Match": tags[place] or '"none"'})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert not [one for one in words if one in body.decode().lower()], place
        if "/versions/1" in place and "cite" not in place:
            assert answer.status_code == 200, f"{place} is served afresh"
            assert (
                "s-maxage=1" in answer.headers["Cache-Control"] or "must-revalidate" in answer.headers["Cache-Control"]
            ), place
    shown = client.get(places[0]).content.decode()
    assert "Erased" in shown
    assert "23 November 2026" in shown
    assert "Erased" in client.get(places[4]).content.decode()
    document = client.get(places[5]).json()
    field = name.removeprefix("/")
    assert field not in document["fields"]
    assert document["erased"][field] == {"since": "2026-11-23", "basis": matter.kind.steps["erase"].basis}
    # Everything that was sent goes too, and every page still opens.
    for sequence in (1, 2, 3):
        with acting(matter.office, LATER):
            there = StepPayload.objects.filter(record__case=matter.case.pk, record__sequence=sequence).exists()
        if there:
            matter.erase(sequence)
    for place in places:
        assert client.get(place).status_code == 200, place
    shown = " ".join(client.get(place).content.decode().lower() for place in places)
    assert not [one for (of, _), held in matter.words.items() if of <= 3 for one in held if one in shown]
    assert _verified() > 0


HOLDS_NOTHING_FILED = {
    "people, sign-in and what they may do": (
        "office.account_", "office.auth_", "office.mfa_", "office.socialaccount_", "office.parties_",
        "office.sign_in_cache.",
    ),
    "the framework's own": (
        "office.django_content_type", "office.django_migrations", "office.django_session.session_key",
    ),
    "jobs name rows by their ids": ("office.procrastinate_",),
    "the admission desk decides who may act: it keeps codes and letters of its own": ("office.admission_",),
    "time limits: codes, days and the steps of a computation": ("office.clocks_",),
    "digests and salts alone, numbers of entries, keys and signatures": (
        "office.ledger_", "published.log_", "published.statement.subject", "published.statement.fingerprint",
        "published.statement_past.subject", "published.witnessed_log.", "published.split_view.",
    ),
    "titles of steps and numbers of cases": ("office.notices_",),
    "the hash, kind and place of a file": (
        "office.documents_document.digest", "office.documents_document.media_type", "office.documents_document.scan_state",
        "office.documents_document.uploaded_by", "office.documents_documentuse.pointer",
        "published.document.digest", "published.document.number", "published.document.pointer", "published.document.media_type",
    ),
    "names of steps, states and relations; codes; keys of whoever sends": (
        "office.procedures_case.procedure", "office.procedures_case.number", "office.procedures_case.state",
        "office.procedures_case.member_states", "office.procedures_case.facts", "office.procedures_steprecord.",
        "office.procedures_erasedvalue.pointer", "office.procedures_roundplace.", "office.procedures_caselink.",
        "office.procedures_outboxevent.",
        "office.procedures_handledevent.", "office.procedures_numberseries.", "office.procedures_draft.step",
        "office.procedures_draft.schema_hash",
    ),
    "numbers, codes and marks of an entry": (
        "office.register_entry.", "office.register_entryversion.routing", "office.register_entryversion.language",
        "office.register_entryversion.filing_status", "office.register_entryversion.erased",
    ),
    "addresses of webhooks, and what receivers answered to a message that says what an e-mail says": ("office.webhooks_",),
    "what the office says of itself: announcements, states, the kind and place of a job's error": (
        "office.watching_", "published.office_",
    ),
    "who opened what, by numbers and codes; what the Office decided on keeping, in its own words": (
        "office.reading_", "office.retention_",
    ),
    "the source of a reference collection": ("office.register_entryversion.note",),
    "the wording of the Act, as an operator imported it": ("published.act_",),
    "numbers and codes of what is published": (
        "published.entry.provider_entry",
        *(
            f"published.{table}.{column}"
            for table in ("entry", "version")
            for column in (
                "number", "collection", "section", "seat", "member_states", "annex_iii_point", "area", "status", "filing_status",
                "language", "etag",
            )
        ),
    ),
    "which collection and language a word is of": ("published.word.collection", "published.word.language"),
}  # fmt: skip
"""Columns of texts that no value of a filing gets into, by their beginning, and why."""


def test_every_column_is_looked_after_or_holds_nothing_filed(
    django_db_blocker: DjangoDbBlocker, django_db_setup: None
) -> None:
    with django_db_blocker.unblock(), connections["owner"].cursor() as cursor:
        cursor.execute(
            "select format('%s.%s.%s', n.nspname, c.relname, t.attname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "join pg_attribute t on t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped "
            "where c.relkind in ('r', 'p', 'm') and n.nspname in ('office', 'published', 'public') and t.atttypid::regtype::text in "
            "('text', 'text[]', 'jsonb', 'json', 'bytea', 'character varying', 'character varying[]', 'tsvector')"
        )
        columns = {row[0] for row in cursor.fetchall()}
    looked_after = {column for holder in holders() for column in holder.columns}
    assert looked_after <= columns, "a holder names a column that is not there"
    known = tuple(beginning for group in HOLDS_NOTHING_FILED.values() for beginning in group)
    unknown = {column for column in columns - looked_after if not column.startswith(known)}
    assert unknown == set(), "say in a Holder how its values go, or here why none gets into it"
    assert [one for one in known if not any(column.startswith(one) for column in columns)] == [], "no such column"
