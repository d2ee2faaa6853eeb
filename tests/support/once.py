"""What crashes may neither lose nor double: one line for each kind of thing, and the comparison of what there should be with what there is.

A further kind is one more line in `KINDS`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.support import mailbox
from tests.support.house import House
from tests.support.labour import ACKNOWLEDGED

Ids = Callable[[House], list[str]]


def sql(query: str) -> Ids:
    """The ids that a query gives, in its first column."""
    return lambda house: [
        json.dumps(row[0], sort_keys=True) if isinstance(row[0], dict) else str(row[0]) for row in house.ask(query)
    ]


def acknowledged(house: House) -> list[str]:
    """The keys of the filings that a filer was told are filed."""
    return (house.data / ACKNOWLEDGED).read_text().splitlines()


def mailed(house: House) -> list[str]:
    """The ids of the e-mails that have gone out."""
    return mailbox.read(house.data)


@dataclass(frozen=True)
class Kind:
    """One kind of thing: the ids there should be, and those there are. `once`: each exactly once; else at least once, under one id."""

    name: str
    wanted: Ids
    found: Ids
    once: bool = True


STEPS = "select r.id from office.procedures_steprecord r"
SILENT = f"{STEPS} where r.step = 'test-plan.fall_silent'"
LEFT = (
    "select task_name || ' ' || status::text || ' after ' || attempts, count(*) from office.procrastinate_jobs "
    "where status in ('todo', 'doing', 'failed') group by 1 "
    "union all select 'waits for its log', count(*) from office.ledger_pending having count(*) > 0"
)
PRESUMED = "select case_id from office.procedures_steprecord where step = 'test-plan.fall_silent'"
CLOCKS = "select id from office.clocks_clock"
NOTICES = "select record_id from office.notices_notice"
VERSIONS = "select e.number || '/' || v.n from office.register_entryversion v join office.register_entry e on e.case_id = v.entry_id"
LEAVES = (
    "select leaf -> 'subject' from (select convert_from(entry, 'utf8')::jsonb as leaf from published.log_entry) l "
    "where leaf -> 'subject' ? 'entry'"
)
TO_MAIL = "from office.notices_notice n join office.parties_membership m on m.organisation_id = n.organisation_id"
MAILED = "select notice_id || '/' || person_id from office.notices_mailing where sent_at is not null"
EVENTS = "select id from office.procedures_outboxevent where name = 'CasePublished'"
HANDLED = "select event_id from office.procedures_handledevent where handler like '%.publish_cases'"

KINDS = (
    Kind(
        "filing",
        acknowledged,
        sql("select idempotency_key from office.procedures_steprecord where idempotency_key is not null"),
    ),
    Kind(
        "case",
        sql("select id from office.procedures_case"),
        sql("select case_id from office.procedures_steprecord where sequence = 1"),
    ),
    Kind("payload", sql(STEPS), sql("select record_id from office.procedures_steppayload")),
    Kind("leaf of a step", sql(STEPS), sql("select record_id from office.ledger_entry where record_id is not null")),
    Kind("leaf of a public document", sql("select subject::jsonb from published.statement"), sql(LEAVES)),
    Kind("delivery of an event", sql(EVENTS), sql(HANDLED)),
    Kind("published entry", sql("select number from office.register_entry"), sql("select number from published.entry")),
    Kind("published version", sql(VERSIONS), sql("select number || '/' || n from published.version")),
    Kind("tacit effect", sql("select id from office.procedures_case where procedure = 'test-plan'"), sql(PRESUMED)),
    Kind("lapsed clock", sql(CLOCKS), sql(f"{CLOCKS} where state = 'lapsed' and settled_by_id is not null")),
    Kind("reminder", sql(CLOCKS), sql("select clock_id from office.clocks_reminder")),
    Kind("notice of silence", sql(SILENT), sql(f"{NOTICES} where step = 'test-plan.fall_silent'")),
    Kind("notice of an end", sql(CLOCKS), sql(f"{NOTICES} where title = 'A time limit has ended'")),
    Kind("mailing", sql(f"select n.id || '/' || m.person_id {TO_MAIL}"), sql(MAILED)),
    Kind(
        "e-mail", sql(f"select '<notice-' || n.id || '-' || m.person_id || '@aioffice>' {TO_MAIL}"), mailed, once=False
    ),
)


def differences(house: House) -> Iterator[str]:
    """What is lost, doubled or was never asked for, one sentence for each kind."""
    for kind in KINDS:
        wanted, found = Counter(kind.wanted(house)), Counter(kind.found(house))
        assert wanted, f"no {kind.name} at all: the comparison says nothing"
        lost = wanted.keys() - found.keys()
        strange = found.keys() - wanted.keys()
        doubled = [one for one, times in found.items() if times > wanted[one]] if kind.once else []
        for word, ids in (("lost", lost), ("never asked for", strange), ("doubled", doubled)):
            if ids:
                yield f"{kind.name}: {len(ids)} {word} of {len(wanted)}, such as {min(ids)}"
    for table in ("office.ledger_entry", "published.log_entry"):
        ((count, last),) = house.ask(f"select count(*), max(index) + 1 from {table}")
        if count != last:
            yield f"{table} has gaps: {count} entries, {last} places"
    yield from (f"{count} jobs or leaves are left: {status}" for status, count in house.ask(LEFT))
