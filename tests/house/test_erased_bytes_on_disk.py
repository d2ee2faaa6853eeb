"""What was erased stands in the database's own files no longer, once the tables have been rewritten (see docs/operating.md)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from aioffice.kernel.db.addresses import conninfo
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.postgres import Cluster
from aioffice.kernel.procedures.copies import holders
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle
from tests.support.traces import sweep_up, word

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = """
select c.oid::regclass::text from pg_class c where c.oid = any(%s::regclass[])
union select i.indexrelid::regclass::text from pg_index i where i.indrelid = any(%s::regclass[])
union select c.reltoastrelid::regclass::text from pg_class c where c.oid = any(%s::regclass[]) and c.reltoastrelid <> 0
"""


def files_holding(tables: list[str], wanted: str) -> set[str]:
    """Tables, indexes and side tables in whose files on disk the word stands, after everything was written out."""
    cluster = Cluster(settings().data_dir, durable=False)
    with psycopg.connect(**cluster.conninfo(settings().database_name), autocommit=True) as server:
        server.execute("checkpoint")
        (folder,) = server.execute("show data_directory").fetchone() or ("",)
        parts = [row[0] for row in server.execute(PARTS, [tables] * 3)]
        found = set()
        for part in parts:
            (path,) = server.execute("select pg_relation_filepath(%s::regclass)", [part]).fetchone() or ("",)
            held = [
                one
                for one in Path(folder, path).parent.glob(f"{Path(path).name}*")
                if one.name.split(".")[0] == Path(path).name
            ]
            if any(wanted.encode() in one.read_bytes().lower() for one in held):
                found.add(part)
    return found


def test_a_rewritten_table_holds_no_byte_of_it() -> None:
    provider = acting_for(organisation("Provider", Capacity.PROVIDER))
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    mark = word("on disk")
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name=mark), at=NOW).case
    settle(NOW)
    tables = sorted({table for holder in holders() for table in holder.tables})
    before = files_holding(tables, mark)
    assert {"procedures_steppayload", "register_entryversion", "entry", "version", "word"} <= {
        one.split(".")[-1] for one in before
    }
    data = {"sequence": 1, "pointers": ["/trade_name"], "reason": "It must go."}
    perform(RegisterExempt.erase, case.pk, actor=office, data=data, at=NOW + timedelta(hours=1))
    settle(NOW + timedelta(hours=1))
    sweep_up()
    found = conninfo("owner", settings())
    assert found is not None
    with psycopg.connect(**found, autocommit=True) as owner:
        for table in tables:
            owner.execute(f"vacuum full {table}")  # type: ignore[call-overload]
    assert files_holding(tables, mark) == set()
