"""One contract for every adapter of a port: those of the product, and one that really answers, kept for these tests."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pytest

from aioffice.desks.admission import ports
from aioffice.desks.admission.ports.business_register import BusinessRegister, CompanyRecord, NoBusinessRegister
from aioffice.desks.admission.ports.errors import NotConnected, SealInvalid
from aioffice.desks.admission.ports.post import Letter, OutboxFolder
from aioffice.desks.admission.ports.qualified_seal import NoSealValidation, QualifiedSeal, Seal
from aioffice.desks.admission.procedure import OperatorAdmission
from aioffice.kernel.documents.service import upload
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from tests.admission.applying import applied, letter_of
from tests.support.disk import record_synced
from tests.support.filings import PDF
from tests.support.parties import NOW

EUID = "SISRG.12345678"
COMPANY = CompanyRecord(EUID, "Example Systems d.o.o. (fictional)", "Uradna ulica 9, 1000 Ljubljana", ("Ana Novak",))


@dataclass(frozen=True)
class ReadableSeal:
    """Reads a seal that is written into the file: `SEAL name|identifier|text the document carries`."""

    connected: bool = True

    def validate(self, document: BinaryIO, *, naming: str, at: datetime) -> Seal:
        _head, found, rest = document.read().decode("latin-1").partition("%SEAL ")
        if not found:
            raise SealInvalid("There is no seal on this document.")
        name, identifier, carried = rest.splitlines()[0].split("|")
        if naming not in carried:
            raise SealInvalid("The sealed document does not name this application.")
        return Seal(name, identifier, at)


@dataclass(frozen=True)
class OneCompany:
    """A business register that knows one company."""

    connected: bool = True

    def look_up(self, euid: str) -> CompanyRecord | None:
        return COMPANY if euid == EUID else None


def sealed(carried: str, name: str = COMPANY.name, identifier: str = "VATSI-50223054") -> bytes:
    """A small PDF with a readable seal."""
    return PDF + f"%SEAL {name}|{identifier}|{carried}\n".encode("latin-1")


@pytest.mark.parametrize("adapter", [NoSealValidation(), ReadableSeal()], ids=lambda adapter: type(adapter).__name__)
def test_seal_adapters_keep_the_contract(adapter: QualifiedSeal) -> None:
    if not adapter.connected:
        with pytest.raises(NotConnected, match="letter"):
            adapter.validate(io.BytesIO(sealed("ADM-1")), naming="ADM-1", at=NOW)
        return
    assert adapter.validate(io.BytesIO(sealed("ADM-1")), naming="ADM-1", at=NOW).organisation_name == COMPANY.name
    with pytest.raises(SealInvalid):
        adapter.validate(io.BytesIO(sealed("ADM-1")), naming="ADM-2", at=NOW)
    with pytest.raises(SealInvalid):
        adapter.validate(io.BytesIO(PDF), naming="ADM-1", at=NOW)


@pytest.mark.parametrize("adapter", [NoBusinessRegister(), OneCompany()], ids=lambda adapter: type(adapter).__name__)
def test_business_register_adapters_keep_the_contract(adapter: BusinessRegister) -> None:
    if not adapter.connected:
        with pytest.raises(NotConnected, match="letter"):
            adapter.look_up(EUID)
        return
    found = adapter.look_up(EUID)
    assert found is not None
    assert (found.euid, found.name) == (EUID, COMPANY.name)
    assert adapter.look_up("SISRG.1") is None


def test_the_outbox_takes_a_letter_twice_as_once(tmp_path: Path) -> None:
    outbox = OutboxFolder(tmp_path / "outbox")
    letter = Letter(UUID(int=1), "ADM-2026-000001", "Name", "Address", NOW.date(), "Text\n")
    outbox.post(letter)
    outbox.post(letter)
    (only,) = (tmp_path / "outbox").iterdir()
    assert only == outbox.path_of(letter)
    assert only.read_text() == "Text\n"


def test_a_letter_that_was_taken_is_on_the_disk_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = record_synced(monkeypatch)
    outbox = OutboxFolder(tmp_path / "outbox")
    outbox.post(Letter(UUID(int=1), "ADM-2026-000001", "Name", "Address", NOW.date(), "Text\n"))
    assert {path.parent for path in synced if path.suffix == ".new"} == {outbox.folder}, "the letter itself"
    assert synced[-1] == outbox.folder
    assert tmp_path in synced, "the name of the folder, which was new"


def test_without_settings_nothing_is_connected() -> None:
    assert not ports.qualified_seal().connected
    assert not ports.business_register().connected


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both ports connected to the adapters of these tests, as an operator of an office would by settings."""
    monkeypatch.setenv("AIOFFICE_SEAL_ADAPTER", f"{__name__}.ReadableSeal")
    monkeypatch.setenv("AIOFFICE_BUSINESS_REGISTER_ADAPTER", f"{__name__}.OneCompany")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
def test_with_a_business_register_the_letter_goes_to_the_registered_address() -> None:
    _actor, case = applied(euid=EUID, address="Somewhere else 1")
    assert case.facts["business_register"] == "confirmed"
    letter = letter_of(case)
    assert "Uradna ulica 9" in letter
    assert "Somewhere else" not in letter


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
@pytest.mark.parametrize(
    ("changes", "pointer"), [({"euid": "SISRG.999"}, "/euid"), ({"euid": EUID, "name": "Another"}, "/name")]
)
def test_with_a_business_register_a_false_claim_is_found(changes: dict[str, str], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        applied(**changes)
    assert [fault.pointer for fault in caught.value.errors] == [pointer]


@pytest.mark.django_db
@pytest.mark.usefixtures("connected")
def test_a_qualified_seal_on_a_document_that_names_the_application_proves_the_identity() -> None:
    actor, case = applied()
    for content in (sealed("ADM-1999-000001"), PDF, sealed(str(case.number), name="Another", identifier="VATSI-1")):
        document = upload(io.BytesIO(content), "statement.pdf", actor=actor, at=NOW)
        with pytest.raises(Invalid) as caught:
            perform(OperatorAdmission.prove_by_seal, case, actor=actor, data={"document": str(document.pk)}, at=NOW)
        assert [fault.pointer for fault in caught.value.errors] == ["/document"]
    right = upload(io.BytesIO(sealed(str(case.number))), "statement.pdf", actor=actor, at=NOW)
    record = perform(OperatorAdmission.prove_by_seal, case, actor=actor, data={"document": str(right.pk)}, at=NOW)
    assert (record.case.state, record.case.facts["proof"]) == ("proven", "qualified_seal")
