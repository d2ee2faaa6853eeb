"""What a statement of a migration locks, and for how long: read from its text.

PostgreSQL makes everybody wait behind a statement that waits for a lock, so what counts is whether a whole table is rewritten or read while
one is held. `BIG` are the tables that grow with every filing; all others are small enough that nothing takes long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

BIG = frozenset(
    {
        "clocks_clock", "clocks_reminder", "documents_document", "documents_documentuse", "ledger_entry", "ledger_pending", "ledger_tile",
        "notices_mailing", "notices_notice", "notices_readmark", "parties_auditentry", "procedures_case", "procedures_handledevent",
        "procedures_outboxevent", "procedures_roundplace", "procedures_steppayload", "procedures_steprecord", "procrastinate_events",
        "procrastinate_jobs", "register_entry", "register_entryversion",
        "document", "entry", "log_entry", "log_tile", "statement", "version", "word",
    }
)  # fmt: skip
"""Tables that grow with every filing."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that a statement takes: on which table, whom it keeps waiting, and whether for as long as the whole table takes."""

    table: str
    blocks: str
    """"all": also readers; "writes": whoever writes."""
    long: bool
    """Whether it is held for as long as the table is big."""
    reason: str

    @property
    def dangerous(self) -> bool:
        """Whether it stops the office: held long, on a table that is big."""
        return self.long and self.table in BIG


_NAME = r'(?:only\s+)?(?:if\s+(?:not\s+)?exists\s+)?(?:"?(?:office|published|public)"?\s*\.\s*)?"?(?P<table>\w+)"?'
_CREATED = re.compile(rf"create\s+(?:unlogged\s+)?table\s+{_NAME}", re.IGNORECASE)
_INDEX = re.compile(
    rf"create\s+(?:unique\s+)?index\s+(?P<concurrently>concurrently\s+)?.*?\bon\s+{_NAME}", re.IGNORECASE | re.DOTALL
)
_ALTER = re.compile(rf"alter\s+table\s+{_NAME}\s+(?P<what>.*)", re.IGNORECASE | re.DOTALL)
_WHOLE = re.compile(rf"(?P<what>truncate|cluster|vacuum\s+full|reindex\s+table)\s+(?:table\s+)?{_NAME}", re.IGNORECASE)
_WRITES = re.compile(
    rf"(?:update\s+{_NAME}\s+(?:as\s+|\w+\s+)*set\b|delete\s+from\s+(?P<from>[\w.\"]+))", re.IGNORECASE
)
_LOCK = re.compile(rf"lock\s+table\s+{_NAME}", re.IGNORECASE)

_ALTERATIONS: Sequence[tuple[str, bool, str]] = (
    (r"alter\s+(?:column\s+)?\S+\s+(?:set\s+data\s+)?type\b", True, "changes the type of a column: the table is rewritten"),
    (r"set\s+(?:logged|unlogged|access\s+method)\b", True, "rewrites the table"),
    (r"add\s+(?:column\s+)?[^,]*\bgenerated\b", True, "adds a generated or identity column: the table is rewritten"),
    (r"add\s+(?:column\s+)?[^,]*\bdefault\s+(?:\(\s*)?(?:gen_random_uuid|clock_timestamp|random|nextval|uuidv7)\b", True,
     "adds a column with a default that differs by row: the table is rewritten"),
    (r"set\s+not\s+null", True, "sets NOT NULL: the whole table is read (add a check NOT VALID, validate it, then set it)"),
    (r"add\s+(?:constraint\s+\S+\s+)?(?:unique|primary\s+key|exclude)\b(?!.*\busing\s+index\b)", True,
     "adds a unique constraint: its index is built meanwhile (create the index concurrently, then USING INDEX)"),
    (r"add\s+(?:constraint\s+\S+\s+)?(?:check|foreign\s+key)\b(?!.*\bnot\s+valid\b)", True,
     "adds a constraint: the whole table is read (NOT VALID, then VALIDATE)"),
)  # fmt: skip
_NOT_NULL = re.compile(r"add\s+(?:column\s+)?[^,]*\bnot\s+null\b", re.IGNORECASE | re.DOTALL)


def locks_of(sql: Sequence[str]) -> list[Lock]:
    """The locks that these statements take on tables that were there before them."""
    found: list[Lock] = []
    made: set[str] = set()
    for statement in _single(sql):
        if created := _CREATED.match(statement):
            made.add(created["table"].lower())
            continue
        found += [lock for lock in _locks(statement) if lock.table not in made]
    return found


def _single(sql: Sequence[str]) -> list[str]:
    """One statement each, without comments; the bodies of functions are none of ours."""
    found = []
    for text in sql:
        bare = re.sub(r"\$(\w*)\$.*?\$\1\$", "''", text, flags=re.DOTALL)
        bare = re.sub(r"--[^\n]*|/\*.*?\*/", " ", bare, flags=re.DOTALL)
        found += [part.strip() for part in bare.split(";") if part.strip()]
    return found


def _locks(statement: str) -> list[Lock]:
    if index := _INDEX.match(statement):
        if index["concurrently"]:
            return []
        return [Lock(index["table"].lower(), "writes", True, "builds an index, not CONCURRENTLY")]
    if alter := _ALTER.match(statement):
        return _of_alter(alter["table"].lower(), alter["what"])
    if whole := _WHOLE.match(statement):
        return [Lock(whole["table"].lower(), "all", True, " ".join(whole["what"].lower().split()))]
    if lock := _LOCK.match(statement):
        return [Lock(lock["table"].lower(), "all", True, "locks the table by name")]
    if written := _WRITES.match(statement):
        name = written["table"] or written["from"].replace('"', "").rpartition(".")[2]
        where = bool(re.search(r"\bwhere\b", statement, re.IGNORECASE))
        return [Lock(name.lower(), "writes", not where, "changes rows" + ("" if where else " of the whole table"))]
    return []


def _of_alter(table: str, what: str) -> list[Lock]:
    for pattern, long, reason in _ALTERATIONS:
        if re.search(pattern, what, re.IGNORECASE | re.DOTALL):
            return [Lock(table, "all", long, reason)]
    if _NOT_NULL.search(what) and not re.search(r"\bdefault\b", what, re.IGNORECASE):
        return [Lock(table, "all", True, "adds a column NOT NULL without a default: it fails where there are rows")]
    if re.match(r"validate\s+constraint", what, re.IGNORECASE):
        return []  # reads the table, and keeps nobody waiting
    return [Lock(table, "all", False, "alters the table")]
