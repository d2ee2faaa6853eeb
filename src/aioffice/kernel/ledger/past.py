"""What was public at an earlier checkpoint: documents that another has taken the place of, kept for two days.

Whoever checks the log pins one checkpoint, and asks for the documents as of it, however much is published meanwhile. Nothing withheld is
kept here: a redaction empties what is kept of its subject, and whoever asks as of a checkpoint before it is told to take a newer one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from aioffice.kernel.canonical import canonical
from aioffice.kernel.db.acting import OFFICE

KEPT = timedelta(days=2)
ANSWERED = timedelta(days=1)
"""So old a checkpoint may be for which the documents are given as of it. Less than they are kept, for an answer takes its time."""
STANDS_IN = timedelta(hours=1)
"""So long the earlier document is given for one whose statement waits for its place. Then the shown one is, and does not fit."""


def keep(shown: Mapping[str, Any], at: datetime) -> None:
    """Keep documents, by the key of their subject, whose place others take now. Called before `published.statement` says so."""
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "insert into published.statement_past (pending, subject, index, document, salts, until) "
            "select s.pending, s.subject, case when s.settled then s.index end, d.document, s.salts, %s "
            "from published.statement s join unnest(%s::text[], %s::text[]) as d (subject, document) using (subject) "
            "on conflict do nothing",
            [at, list(shown), [canonical(document).decode() for document in shown.values()]],
        )


def forget(subjects: Sequence[str]) -> None:
    """Empty what is kept of these subjects, by their keys: something of them is withheld or withdrawn."""
    if subjects:
        with connections[OFFICE].cursor() as cursor:
            cursor.execute(
                "update published.statement_past set document = null, salts = null where subject = any(%s)",
                [list(subjects)],
            )


def forget_entries(numbers: Sequence[str]) -> None:
    """Empty what is kept of these entries and all their versions: a value that others repeat of them is erased."""
    with connections[OFFICE].cursor() as cursor:
        cursor.execute(
            "update published.statement_past set document = null, salts = null where subject::jsonb ->> 'entry' = any(%s)",
            [list(numbers)],
        )


def note_redactions(redactions: Sequence[tuple[UUID, str, bool]], at: datetime) -> None:
    """Keep that redactions wait for their place: by the id under which each waits, its subject, and whether it withdraws the whole.

    As of a checkpoint that does not cover one of them, what was public is not told any more.
    """
    if redactions:
        with connections[OFFICE].cursor() as cursor:
            cursor.execute(
                "insert into published.statement_past (pending, subject, until, redaction, gone) "
                "select pending, subject, %s, true, gone from unnest(%s::uuid[], %s::text[], %s::boolean[]) as r (pending, subject, gone)",
                [at, *map(list, zip(*redactions, strict=True))],
            )
        forget([subject for _, subject, _ in redactions])


def forget_old(at: datetime) -> int:
    """Delete what was kept long enough; return how many documents that were."""
    from aioffice.kernel.db import acting
    from aioffice.kernel.ledger.sequencer import SEQUENCER

    with acting(SEQUENCER, at), connections[OFFICE].cursor() as cursor:
        cursor.execute("delete from published.statement_past where until < %s", [at - KEPT])
        return int(cursor.rowcount)
