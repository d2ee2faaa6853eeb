"""The real Dutch register: 1,530 records and 176 events, read without a fault and replayed without a difference."""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from aioffice.register.reference.nl_replay import reconstruct, replay
from tests.register import nl_data

SHA_256 = {
    nl_data.DUMP: "fbc58489bf5c9c08d9ad475cf6dcbff03defcab5d760337ed5056eb6860bdef4",
    nl_data.CHANGES: "39198aa05ba313bb60467b9dbd62c4ae373ab2ca79a4ae64ae2421b36906bda8",
}
# Where the published files lie beside the repository, they are compared as well.
BESIDE = Path(__file__).parents[3] / "shared" / "data" / "nl-algorithm-register"
FILES = [(path, digest) for kept, digest in SHA_256.items() for path in (kept, BESIDE / kept.stem) if path.exists()]


@pytest.mark.parametrize(("path", "digest"), FILES, ids=lambda value: getattr(value, "name", ""))
def test_the_kept_copy_is_what_was_published(path: Path, digest: str) -> None:
    content = path.read_bytes()
    plain = gzip.decompress(content) if path.suffix == ".gz" else content
    assert hashlib.sha256(plain).hexdigest() == digest


def test_nothing_in_it_is_malformed() -> None:
    assert nl_data.dump().problems == nl_data.changes().problems == ()
    assert len(nl_data.dump().records) == nl_data.raw()["count"] == 1_530
    assert len(nl_data.changes().events) == 176


def test_every_field_is_taken_as_the_source_has_it() -> None:
    for raw in nl_data.raw()["algoritmes"]:
        record = nl_data.dump().records[raw["id"]]
        assert {**record.as_json(), "url": record.url} == {key: raw[key] for key in raw if key != "toegevoegd"}


def test_13_may_held_1431_records_and_the_history_leads_from_there_to_the_dump() -> None:
    start = reconstruct(nl_data.dump(), nl_data.changes())
    assert (len(start.records), start.observed, start.reconstructed) == (1_431, date(2026, 5, 13), True)
    told = replay(start.records, nl_data.changes(), nl_data.dump())
    assert start.problems == told.problems == ()
    assert told.end == nl_data.dump().records
    assert Counter(step.kind for step in told.steps) == {"took_over": 100, "changed": 75, "withdrawn": 1}
    assert len(told.batches) == 35


def test_the_removed_record_is_withdrawn() -> None:
    told = replay(reconstruct(nl_data.dump(), nl_data.changes()).records, nl_data.changes())
    (gone,) = (step for step in told.steps if step.kind == "withdrawn")
    assert (gone.id, gone.observed) == ("59917797", date(2026, 6, 24))
    assert gone.before is not None
    assert gone.before.organisatie == "CIBG"
    assert gone.id not in told.end


def test_two_bodies_were_renamed_and_no_body_only_in_part() -> None:
    told = replay(reconstruct(nl_data.dump(), nl_data.changes()).records, nl_data.changes())
    assert [(each.old, each.new, len(each.ids)) for each in told.renames] == [
        ("Zeeuws archief", "Zeeuws Archief", 1),
        ("Stichting Inlichtingenbureau", "Stichting Bureau Informatiediensten Nederland", 21),
    ]
    renamed = {record for each in told.renames for record in each.ids}
    assert {step.id for step in told.steps if step.kind == "changed" and "organisatie" in step.fields} == renamed
