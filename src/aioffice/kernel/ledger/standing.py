"""What of the public log can be held against it while something waits for its place.

The export for others (`site.publications`) is no help then: it answers nothing while something withheld waits for its entry, as it has to
wait while the log is held, and what it gives in place of a document that waits depends on the time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from django.db import connections

from aioffice.kernel.ledger import standalone
from aioffice.kernel.ledger.documents import shown_now
from aioffice.kernel.ledger.keys import VerifierKey
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.ledger.verifying import Report, publication_line, verify_log

BATCH = 500
_WAITING = """
select subject from published.statement where not settled
union select subject from published.statement_past where redaction and index is null
"""
_SETTLED = "select subject, index, salts from published.statement where settled and index > %s order by index limit %s"


def verify_standing(
    keys: Sequence[VerifierKey], *, since: bytes | None = None, witnesses: Sequence[VerifierKey] = ()
) -> Report:
    """Check all of this office's public log but the documents of which a statement waits; a note says how many these are.

    Called inside `site.at_one_moment`.
    """
    with connections[SITE.connection].cursor() as cursor:
        cursor.execute(_WAITING)
        waiting = {row[0] for row in cursor.fetchall()}
    report = verify_log(SITE.fetch, lambda: standing_lines(waiting), keys, since=since, witnesses=witnesses)
    report.findings = but_for(waiting, report.findings)
    if waiting:
        report.notes.append(
            f"not held against the log, since statements on them wait for their place in it: {len(waiting)}"
        )
    return report


def standing_lines(waiting: Collection[str]) -> Iterator[bytes]:
    """What is shown of every subject of which nothing waits, a line each, in the order of the entries."""
    after = -1
    while True:
        with connections[SITE.connection].cursor() as cursor:
            cursor.execute(_SETTLED, [after, BATCH])
            rows = cursor.fetchall()
        if not rows:
            return
        subjects = {key: json.loads(key) for key, _, _ in rows if key not in waiting}
        shown = shown_now(list(subjects.values()))
        for key, index, salts in rows:
            if key in shown:
                known = json.loads(salts) if isinstance(salts, str) else salts
                yield publication_line(subjects[key], index, shown[key], known)
        after = rows[-1][1]


def but_for(waiting: Collection[str], findings: Sequence[str]) -> list[str]:
    """The findings without those that say of a subject only that it is not public as the log says: what waits is newer than the log."""
    absent = tuple(f"{standalone.name_of(json.loads(one))}: in the log (entry " for one in waiting)
    return [one for one in findings if not one.startswith(absent)]
