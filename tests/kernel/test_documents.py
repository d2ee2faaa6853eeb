"""Documents come in checked, are used only by their owner's filings, and open only for those who may see the case."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.documents import service as documents
from aioffice.kernel.documents.models import Document, DocumentUse, ScanState
from aioffice.kernel.documents.rules import PDF_ONLY, DocumentRules
from aioffice.kernel.documents.scanning import Infected, ScannerUnavailable
from aioffice.kernel.documents.storage import FileStorage
from aioffice.kernel.parties.actor import ANONYMOUS, Actor
from aioffice.kernel.parties.models import AuditEntry
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterHighRisk
from tests.support.filings import section_a, secure_a
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileStorage:
    """A real storage, in a folder of its own."""
    made = FileStorage(tmp_path / "documents")
    monkeypatch.setattr(documents, "storage", lambda: made)
    return made


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Example Systems", Capacity.PROVIDER))


def upload(actor: Actor, content: bytes = PDF, name: str = "declaration.pdf", **more: Any) -> Document:
    return documents.upload([content], name, actor=actor, at=NOW, **more)


def read(document: Document, actor: Actor) -> bytes:
    opened = documents.open_document(document.pk, actor=actor, at=NOW, door=None)
    with opened.file as file:
        return file.read()


def test_what_was_uploaded_is_opened_again_by_the_organisation(provider: Actor) -> None:
    document = upload(provider, name="C:\\x\\Declaration.PDF")
    assert read(document, provider) == PDF
    assert (document.digest, document.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (document.media_type, document.filename) == ("application/pdf", "Declaration.pdf")
    assert document.scan_state == ScanState.NOT_SCANNED
    with acting(provider, NOW):
        assert AuditEntry.objects.get(action="document.upload").target == f"document:{document.pk}"


def test_the_same_file_is_the_same_document(provider: Actor, store: FileStorage) -> None:
    first = upload(provider)
    assert upload(provider).pk == first.pk
    other = upload(provider, name="other.pdf")
    assert (other.pk != first.pk, other.digest) == (True, first.digest)
    assert len(list(store.folder.glob("??/??/*"))) == 1
    with acting(provider, NOW):
        assert AuditEntry.objects.filter(action="document.upload").count() == 2


class Says:
    """A scanner with one answer."""

    def __init__(self, answer: Exception | ScanState) -> None:
        self.answer = answer

    def scan(self, file: object) -> ScanState:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("content", "name", "rules", "code"),
    [
        (b"", "a.pdf", {}, "not-accepted"),
        (PDF, "a.png", {}, "not-accepted"),
        (b"text", "a.txt", {"rules": PDF_ONLY}, "not-accepted"),
        (PDF * 20, "a.pdf", {"rules": DocumentRules(max_bytes=1000)}, "too-large"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_at_its_field(
    provider: Actor, store: FileStorage, content: bytes, name: str, rules: Mapping[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        upload(provider, content, name, pointer="/declaration", **rules)
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/declaration", code)]
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []
    with acting(provider, NOW):
        assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("answer", "code"), [(Infected("Virus-1"), "infected"), (ScannerUnavailable("down"), "scanner-unavailable")]
)
def test_what_the_scanner_does_not_pass_stays_out(
    provider: Actor, store: FileStorage, monkeypatch: pytest.MonkeyPatch, answer: Exception, code: str
) -> None:
    monkeypatch.setattr(documents, "scanner", lambda: Says(answer))
    with pytest.raises(Invalid) as refusal:
        upload(provider)
    assert [error.code for error in refusal.value.errors] == [code]
    assert list(store.folder.glob("??/??/*")) == []


def test_a_scanned_file_says_so(provider: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "scanner", lambda: Says(ScanState.CLEAN))
    assert upload(provider).scan_state == ScanState.CLEAN


def test_only_those_who_prepare_filings_upload() -> None:
    reader = acting_for(organisation("Example"), roles=[Role.READER, Role.ADMINISTRATOR])
    for actor in (reader, ANONYMOUS):
        with pytest.raises(NotAllowed):
            upload(actor)


def test_to_others_a_document_looks_as_if_it_were_not_there(provider: Actor) -> None:
    document, stranger = upload(provider), acting_for(organisation("Another"))
    for who in (stranger, ANONYMOUS):
        with pytest.raises(NotFound):
            documents.open_document(document.pk, actor=who, at=NOW, door=None)
        with acting(who, NOW):
            assert not Document.objects.exists(), "row-level security hides it even from a query that forgets to filter"
    with pytest.raises(NotFound):
        documents.open_document(uuid4(), actor=provider, at=NOW, door=None)


def test_a_filing_refers_only_to_documents_of_its_own_organisation(provider: Actor) -> None:
    own, stranger = upload(provider), acting_for(organisation("Another"))
    text = upload(provider, b"instructions", "use.txt")
    with acting(provider, NOW):
        assert documents.check_documents(provider, {"/a": own.pk, "/b": text.pk}) == []
        wrong = documents.check_documents(
            provider,
            {"/a": own.pk, "/b": text.pk, "/c": UUID(int=1)},
            DocumentRules(max_bytes=20, kinds=PDF_ONLY.kinds),
        )
        assert [(error.pointer, error.code) for error in wrong] == [
            ("/a", "too-large"),
            ("/b", "not-accepted"),
            ("/c", "no-such-document"),
        ]
    with acting(stranger, NOW):
        assert [e.code for e in documents.check_documents(stranger, {"/a": own.pk})] == ["no-such-document"]


def filed(provider: Actor, *, secure: bool = False) -> Case:
    """File a system that refers to nothing yet."""
    data = secure_a() if secure else section_a(provider)
    return perform(RegisterHighRisk.file, None, actor=provider, data=data, at=NOW).case


def use(document: Document, case: Case, provider: Actor) -> None:
    with acting(provider, NOW):
        documents.use_documents(case, uuid4(), {"/declaration_of_conformity": document.pk})


def test_whoever_may_see_the_case_may_open_its_documents(provider: Actor) -> None:
    authority = acting_for(organisation("Autoridade", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
    elsewhere = acting_for(organisation("Autorité", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="MT"))
    case, document = filed(provider), upload(provider, PDF + b"own")
    with pytest.raises(NotFound):
        documents.open_document(document.pk, actor=authority, at=NOW, door=None)
    use(document, case, provider)
    assert read(document, authority) == PDF + b"own"
    with pytest.raises(NotFound):
        documents.open_document(document.pk, actor=elsewhere, at=NOW, door=None)


def test_documents_of_the_restricted_section_open_for_its_readers_alone(provider: Actor) -> None:
    case, document = filed(provider, secure=True), upload(provider)
    use(document, case, provider)
    office = organisation("AI Office", Capacity.AI_OFFICE, state="")
    cleared, uncleared = acting_for(office, cleared=True), acting_for(office, roles=[Role.EDITOR])
    other_authority = acting_for(organisation("Autoridade", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
    assert read(document, cleared) == PDF
    for who in (uncleared, other_authority):
        with pytest.raises(NotFound):
            documents.open_document(document.pk, actor=who, at=NOW, door=None)


def test_readers_follow_the_cases_that_use_a_document(provider: Actor) -> None:
    secure, public, document = filed(provider, secure=True), filed(provider), upload(provider)
    use(document, secure, provider)
    use(document, public, provider)
    with acting(provider, NOW):
        document.refresh_from_db()
        assert document.audience == sorted({*secure.audience, *public.audience})
        Case.objects.filter(pk=public.pk).update(audience=[])
        documents.follow_audience([public.pk])
        document.refresh_from_db()
        assert document.audience == sorted(secure.audience)
    authority = acting_for(organisation("Autoridade", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
    with pytest.raises(NotFound):
        documents.open_document(document.pk, actor=authority, at=NOW, door=None)


def test_nobody_uses_the_documents_of_others(provider: Actor) -> None:
    other = acting_for(organisation("Another", Capacity.PROVIDER))
    foreign, case = upload(other), filed(provider)
    with pytest.raises(NotFound):
        use(foreign, case, provider)


def test_that_a_filing_refers_to_a_document_is_never_unwritten(provider: Actor) -> None:
    case, document = filed(provider), upload(provider)
    use(document, case, provider)
    with pytest.raises(NotAllowed, match="A filing refers to"):
        documents.remove_document(document.pk, actor=provider, at=NOW)
    with (
        pytest.raises(DatabaseError, match="by an erasure alone"),
        acting(provider, NOW),
        connection.cursor() as cursor,
    ):
        cursor.execute("delete from office.documents_documentuse")


def test_a_document_that_nothing_refers_to_is_removed_by_its_owner(provider: Actor) -> None:
    document, stranger = upload(provider), acting_for(organisation("Another"))
    with pytest.raises(NotFound):
        documents.remove_document(document.pk, actor=stranger, at=NOW)
    documents.remove_document(document.pk, actor=provider, at=NOW)
    with pytest.raises(NotFound):
        documents.open_document(document.pk, actor=provider, at=NOW, door=None)


def test_the_sweep_removes_what_nobody_refers_to_any_more(provider: Actor, store: FileStorage) -> None:
    kept, gone, fresh = (upload(provider, PDF + suffix) for suffix in (b"1", b"2", b"3"))
    for document in (kept, gone):
        os.utime(store.folder / document.digest[:2] / document.digest[2:4] / document.digest, (0, 0))
    documents.remove_document(gone.pk, actor=provider, at=NOW)
    documents.remove_document(fresh.pk, actor=provider, at=NOW)
    assert documents.sweep(before=datetime.now(UTC) - timedelta(days=1), at=NOW) == 1
    assert read(kept, provider) == PDF + b"1"
    with pytest.raises(NotFound):
        documents.open_by_digest(gone.digest)
    documents.open_by_digest(fresh.digest).close()


def test_only_digests_open_by_digest(provider: Actor) -> None:
    document = upload(provider)
    with documents.open_by_digest(document.digest) as file:
        assert file.read() == PDF
    for wrong in ("", "../" + document.digest, document.digest.upper(), "0" * 64):
        with pytest.raises(NotFound):
            documents.open_by_digest(wrong)


@pytest.mark.django_db(transaction=True)
def test_while_nobody_asks_nothing_is_read(provider: Actor) -> None:
    use(upload(provider), filed(provider), provider)
    for model in (Document, DocumentUse):
        with plumbing(), pytest.raises(DatabaseError, match="nobody is asking"):
            list(model.objects.all())
