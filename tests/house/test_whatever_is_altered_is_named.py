"""Each public field of every section, each salt, each entry, each tile and the checkpoint, altered one at a time in the database of an
office: the check names the entry and the value, and the program ends with 1."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from aioffice.act import annex_viii
from aioffice.kernel import secrets
from aioffice.kernel.canonical import leaves
from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.ledger import site
from aioffice.kernel.ledger.signing import verifier_key
from aioffice.kernel.ledger.statements import parse_statement, subject_name
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import verify_log
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.spec import Shape, spec_of
from aioffice.kernel.settings import settings
from aioffice.register.forms import PLACES, SectionA, SectionB, SectionC
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse
from tests.support.filings import PARTY, pdf, section_a, section_b, section_c
from tests.support.parties import NOW, acting_for, organisation
from tests.support.published import committed
from tests.support.sequencing import settle

FORMS: dict[str, Any] = {"A": SectionA, "B": SectionB, "C": SectionC}
CERTIFICATE = {"kind": "EU type-examination", "number": "C-1", "expires": "2030-01-01", "notified_body": "NB 0001"}


@dataclass
class Filed:
    """An entry of each section with every field filled in, published and sequenced."""

    numbers: dict[str, str]


@pytest.fixture(scope="module")
def filed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Filed]:
    """File them once; every test puts back what it alters."""
    with committed(django_db_blocker):
        actor = acting_for(organisation("Filer", Capacity.PROVIDER, Capacity.DEPLOYER, public_body=True))
        everything = {"submitter": PARTY, "representative": PARTY}
        a = section_a(
            actor,
            **everything,
            certificate=CERTIFICATE,
            certificate_copy=pdf(actor, "certificate.pdf"),
            more_information="https://filer.test/more",
        )
        numbers = {}
        for section, step, data in (
            ("A", RegisterHighRisk.file, lambda: a),
            ("B", RegisterExempt.file, lambda: section_b(**everything)),
            ("C", RegisterUse.file, lambda: section_c(numbers["A"], data_protection_assessment="No risk is left.")),
        ):
            numbers[section] = str(perform(step, None, actor=actor, data=data(), at=NOW).case.number)  # type: ignore[arg-type]
        settle(NOW)
        assert findings() == []
        with (secrets.folder(settings().data_dir) / ".postgres.held").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_SH)
            yield Filed(numbers)


def findings() -> list[str]:
    return verify_log(SITE.fetch, site.publications, [verifier_key()]).findings


def owner(sql: str, *parameters: Any) -> list[Any]:
    address = conninfo("owner", settings())
    assert address is not None
    with psycopg.connect(**address) as connection:
        done = connection.execute(sql, parameters)  # type: ignore[arg-type]  # texts of this test alone
        assert done.rowcount >= 1, sql
        return done.fetchall() if done.description else []


@contextmanager
def altered(table: str, column: str, where: str, at: tuple[Any, ...], value: Any) -> Iterator[None]:
    """The one value of a row, altered inside the block."""
    [(before,)] = owner(f"select {column} from published.{table} where {where}", *at)
    kind = "jsonb" if isinstance(before, dict) else "bytea"
    change = f"update published.{table} set {column} = %s::{kind} where {where}"
    owner(change, json.dumps(value) if kind == "jsonb" else value, *at)
    try:
        yield
    finally:
        owner(change, json.dumps(before) if kind == "jsonb" else before, *at)


def program() -> tuple[int, str]:
    """`aioffice ledger verify`, as anyone runs it; its status and what it says is wrong."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    one = [sys.executable, "-m", "aioffice.doors.cli", "ledger", "verify"]
    done = subprocess.run(one, env=clean | {"AIOFFICE_LOG_LEVEL": "ERROR"}, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


ROWS = {"version": "number = %s and n = 1", "entry": "number = %s"}


def body_of(table: str, number: str) -> Any:
    [(body,)] = owner(f"select body from published.{table} where {ROWS[table]}", number)
    return json.loads(bytes(body))


def _with(document: Any, pointer: str) -> Any:
    changed = json.loads(json.dumps(document))
    *way, last = (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    place = changed
    for name in way:
        place = place[int(name)] if isinstance(place, list) else place[name]
    key: Any = int(last) if isinstance(place, list) else last
    old = place[key]
    place[key] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old or ''} altered"
    return changed


def _stated(document: Any) -> list[str]:
    return [pointer for pointer, _ in leaves(document) if not pointer.startswith(("/versions", "/uses"))]


@pytest.mark.parametrize("section", FORMS)
def test_the_entries_hold_every_public_field_of_the_form(filed: Filed, section: str) -> None:
    """So that the test below leaves none out: what is public is what Annex VIII and the form say."""
    pointers = _stated(body_of("version", filed.numbers[section]))
    public = [field for field in spec_of(FORMS[section]).fields if field.public and not field.not_annex_viii]
    assert {PLACES[section][field.name] for field in public} == {
        one.number for one in annex_viii.fields(section, on=NOW.date()) if one.public
    }
    for field in public:
        under = [one for one in pointers if one == f"/fields/{field.name}" or one.startswith(f"/fields/{field.name}/")]
        assert under, field.name
        if field.shape is Shape.GROUP:
            assert {one.rpartition("/")[2] for one in under} == {str(child.location[-1]) for child in field.children}


@pytest.mark.parametrize("table", ROWS)
@pytest.mark.parametrize("section", FORMS)
def test_each_public_value_altered_is_named(filed: Filed, section: str, table: str) -> None:
    number = filed.numbers[section]
    document = body_of(table, number)
    name = f"entry {number}, version 1" if table == "version" else f"entry {number}"
    pointers = _stated(document)
    assert len(pointers) > 20
    for pointer in pointers:
        with altered(table, "body", ROWS[table], (number,), json.dumps(_with(document, pointer)).encode()):
            (finding,) = findings()
            assert finding.startswith(f"{name}: {pointer} differs from what the log says of it"), pointer
    assert findings() == []


@pytest.mark.parametrize("section", FORMS)
def test_each_public_value_taken_out_or_added_is_named(filed: Filed, section: str) -> None:
    number = filed.numbers[section]
    document = body_of("version", number)
    for field in document["fields"]:
        less = {**document, "fields": {name: value for name, value in document["fields"].items() if name != field}}
        with altered("version", "body", ROWS["version"], (number,), json.dumps(less).encode()):
            found = findings()
            assert found
            assert all(f"version 1: /fields/{field}" in one and "is missing" in one for one in found)
    more = {**document, "fields": {**document["fields"], "more": "something"}}
    with altered("version", "body", ROWS["version"], (number,), json.dumps(more).encode()):
        assert findings() == [
            f"entry {number}, version 1: /fields/more is nothing that the log speaks of ({_entry(number)})"
        ]


def _entry(number: str) -> str:
    subject = json.dumps({"entry": number, "version": 1}, separators=(",", ":"))
    return f"entry {owner('select index from published.statement where subject = %s', subject)[0][0]}"


def test_each_salt_altered_is_named(filed: Filed) -> None:
    for subject, salts in owner("select subject, salts from published.statement"):
        name = subject_name(json.loads(subject))
        for pointer in salts:
            with altered("statement", "salts", "subject = %s", (subject,), {**salts, pointer: "0" * 32}):
                (finding,) = findings()
                assert finding.startswith(f"{name}: {pointer} differs")


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_each_entry_of_the_log_altered_is_named(filed: Filed) -> None:
    for index, entry in owner("select index, entry from published.log_entry"):
        said = parse_statement(bytes(entry))
        later = bytes(entry).replace(b'"2026-', b'"2027-', 1)
        assert later != bytes(entry)
        with altered("log_entry", "entry", "index = %s", (index,), later):
            found = findings()
            assert any(f"entry {index} ({subject_name(said.subject)})" in one for one in found), found
            assert any("the checkpoint signs" in one for one in found)


def test_each_hash_of_a_tile_altered_is_named(filed: Filed) -> None:
    [(hashes,)] = owner("select hashes from published.log_tile where level = 0")
    for place in range(len(hashes) // 32):
        with altered("log_tile", "hashes", "level = %s", (0,), _flipped(bytes(hashes), 32 * place)):
            (finding,) = findings()
            assert f"hash {place} of tile/0/" in finding
            assert f"entry {place} (" in finding


def test_each_byte_of_the_checkpoint_counts(filed: Filed) -> None:
    size = site.newest_size()
    [(note,)] = owner("select note from published.log_checkpoint where size = %s", size)
    for at in range(0, len(note), 7):
        with altered("log_checkpoint", "note", "size = %s", (size,), _flipped(bytes(note), at)):
            try:
                found = findings()
            except Exception as error:  # noqa: BLE001 - whatever refuses says why
                found = [str(error)]
            assert found, at


@pytest.mark.parametrize("kind", ["field", "salt", "entry", "tile", "checkpoint"])
def test_the_program_names_it_and_ends_with_1(filed: Filed, kind: str) -> None:
    number, size = filed.numbers["A"], site.newest_size()
    subject = json.dumps({"entry": number, "version": 1}, separators=(",", ":"))
    connections.close_all()
    match kind:
        case "field":
            changed = json.dumps(_with(body_of("version", number), "/fields/trade_name")).encode()
            alteration = altered("version", "body", ROWS["version"], (number,), changed)
            named = f"entry {number}, version 1: /fields/trade_name differs from what the log says of it"
        case "salt":
            [(salts,)] = owner("select salts from published.statement where subject = %s", subject)
            salts["/fields/trade_name"] = "0" * 32
            alteration = altered("statement", "salts", "subject = %s", (subject,), salts)
            named = f"entry {number}, version 1: /fields/trade_name differs from what the log says of it"
        case "entry":
            [(entry,)] = owner("select entry from published.log_entry where index = 1")
            later = bytes(entry).replace(b'"2026-', b'"2027-', 1)
            alteration = altered("log_entry", "entry", "index = %s", (1,), later)
            named = f"entry 1 (entry {number}, version 1)"
        case "tile":
            [(hashes,)] = owner("select hashes from published.log_tile where level = 0")
            alteration = altered("log_tile", "hashes", "level = %s", (0,), _flipped(bytes(hashes), 40))
            named = f"it is not the hash of entry 1 (entry {number}, version 1)"
        case _:
            [(note,)] = owner("select note from published.log_checkpoint where size = %s", size)
            alteration = altered("log_checkpoint", "note", "size = %s", (size,), _root_changed(bytes(note)))
            named = "the checkpoint was altered: the signature of"
    assert program() == (0, "")
    with alteration:
        status, said = program()
    assert status == 1
    assert named in said


def _root_changed(note: bytes) -> bytes:
    """Another root, as well written as the true one."""
    lines = note.split(b"\n")
    lines[2] = (b"C" if lines[2].startswith(b"B") else b"B") + lines[2][1:]
    return b"\n".join(lines)
