"""The publisher: from entries to the schema `published`, which is all that the public site and the public API can see.

The published tables are derived; `rebuild` makes them anew from the entries. The secure section never gets here (Article 49(4)).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from aioffice.kernel.db import acting
from aioffice.kernel.db.acting import current_time
from aioffice.kernel.db.locks import serialise
from aioffice.kernel.documents.models import Document
from aioffice.kernel.failpoints import reach
from aioffice.kernel.ledger.writing import state_publications, withdraw
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.models import OutboxEvent
from aioffice.register import public_rows
from aioffice.register.documents import attachments
from aioffice.register.models import Entry, EntryVersion, FilingStatus

PUBLISHER = "publisher"
_ENTRY_COLUMNS = (
    "number, collection, section, name, provider, seat, member_states, annex_iii_point, area, status, filing_status, language, "
    "accuracy_questioned, withdrawn, valid_from, recorded_at, first_recorded_at, n, provider_entry, words, body, etag, tsv"
)
_VERSION_COLUMNS = (
    "number, n, collection, section, name, provider, seat, member_states, annex_iii_point, area, status, filing_status, language, "
    "withdrawn, valid_from, recorded_at, body, etag, tsv, in_error_since"
)


def publish_cases(events: Sequence[OutboxEvent], at: datetime) -> None:
    """Handler of `CasePublished`: publish the entries of those cases again, and the entries whose use they register."""
    ids = {event.case_id for event in events}
    providers = Entry.objects.filter(uses__in=ids).values_list("pk", flat=True)
    publish_entries({*ids, *providers, *_uses_to_rename(ids)})


def _uses_to_rename(ids: Iterable[UUID]) -> list[UUID]:
    """Uses that show the name of one of these entries though it is withheld by now, or its number though the name shows again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select u.case_id from office.register_entry u join office.register_entry p on p.case_id = u.provider_entry_id "
            "join published.entry shown on shown.number = u.number "
            "where p.case_id = any(%s) and (p.withheld ? 'trade_name') <> (shown.name = p.number)",
            [list(ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def publish_entries(case_ids: Iterable[UUID]) -> int:
    """Write the published rows of these entries; return how many entries are public. Called inside `acting`.

    What an organisation under report of impersonation files waits until somebody has looked; what it filed before stays. Marks and
    tombstones are the Office's own and show all the same: what must not be public cannot wait for the end of a report.
    """
    wanted = set(case_ids)
    # Two jobs about one entry come one after the other, and the second reads what the first's reader may not have seen yet: rows of an
    # older reading never replace newer ones. Turns are shared by many entries, so that a batch holds few.
    serialise(*(f"publish:{case_id.int % 64}" for case_id in wanted))
    entries = list(
        Entry.objects.filter(pk__in=wanted, secure=False)
        .select_related("organisation", "provider_entry", "case")
        .order_by("number")
    )
    versions = _versions(entries)
    documents = _documents([version for held in versions.values() for version in held])
    uses: dict[UUID, list[str]] = defaultdict(list)
    public_uses = (
        Entry.objects.filter(_NOT_WAITING, provider_entry__in=entries, secure=False, in_error_since=None)
        .distinct()
        .order_by("number")
    )
    for provider_id, number in public_uses.values_list("provider_entry_id", "number"):
        uses[provider_id].append(number)
    rows = [
        public_rows.rows_of(entry, versions[entry.pk], documents, uses[entry.pk])
        for entry in entries
        if versions[entry.pk]
    ]
    _write(rows)
    at = current_time()
    assert at is not None, "publishing happens at a time"
    state_publications([one for row in rows for one in row.published], at)
    reach("publish.written")
    return len(rows)


_NOT_WAITING = Q(organisation__publications_frozen_at=None) | Q(
    versions__n=1, versions__recorded_at__lt=F("organisation__publications_frozen_at")
)
"""Entries of filers that are not under report, or that were filed before it."""


def _versions(entries: Sequence[Entry]) -> dict[UUID, list[EntryVersion]]:
    """The versions of each entry that are public, in order; of a filer under report those it filed before."""
    frozen = {entry.pk: entry.organisation.publications_frozen_at for entry in entries}
    in_error = {entry.pk: entry.in_error_since for entry in entries}
    found: dict[UUID, list[EntryVersion]] = defaultdict(list)
    for version in EntryVersion.objects.filter(entry__in=entries).order_by("entry", "n"):
        since = frozen[version.entry_id]
        if since is None or version.recorded_at < since:
            found[version.entry_id].append(version)
    for shown in found.values():
        if shown[-1].filing_status == FilingStatus.SUPERSEDED:
            # By one that waits: until that is published, this one is what the public register says.
            shown[-1].filing_status = FilingStatus.CURRENT
        since, declared = frozen[shown[-1].entry_id], in_error[shown[-1].entry_id]
        if since is not None and declared is not None and declared >= since:
            # Declared an error by a filer under report: that waits too.
            for version in shown:
                version.filing_status = FilingStatus.SUPERSEDED
            shown[-1].filing_status = FilingStatus.CURRENT
    return found


def _documents(versions: Sequence[EntryVersion]) -> dict[UUID, Document]:
    ids = {document_id for version in versions for document_id in attachments(version.content).values()}
    return {document.pk: document for document in Document.objects.filter(pk__in=ids)} if ids else {}


def _write(rows: Sequence[public_rows.EntryRows]) -> None:
    if not rows:
        return
    numbers = [row.number for row in rows]
    _count_words(rows)
    with connection.cursor() as cursor:
        cursor.execute("delete from published.document where number = any(%s)", [numbers])
        cursor.execute("delete from published.version where number = any(%s)", [numbers])
        cursor.executemany(
            f"insert into published.version ({_VERSION_COLUMNS}) values "
            "(%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s::tsvector,%s)",
            [version for row in rows for version in row.versions],
        )
        cursor.executemany(
            f"insert into published.entry ({_ENTRY_COLUMNS}) values "
            "(%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s::tsvector) on conflict (number) do update set "
            + ", ".join(f"{column.strip()} = excluded.{column.strip()}" for column in _ENTRY_COLUMNS.split(",")[1:]),
            [row.entry for row in rows],
        )
        cursor.executemany(
            "insert into published.document (digest, number, n, pointer, filename, media_type, size) values (%s,%s,%s,%s,%s,%s,%s)",
            [document for row in rows for document in row.documents],
        )


def _count_words(rows: Sequence[public_rows.EntryRows]) -> None:
    """Keep the vocabulary for “did you mean” in step: the words of the rows' earlier texts go, those of the new ones come."""
    deltas: Counter[tuple[str, str]] = Counter()
    with connection.cursor() as cursor:
        numbers = [row.number for row in rows]
        cursor.execute("select collection, unnest(words) from published.entry where number = any(%s)", [numbers])
        for collection, word in cursor.fetchall():
            deltas[collection, word] -= 1
        for row in rows:
            for word in row.words:
                deltas[row.collection, word] += 1
        _apply(deltas)


def _apply(deltas: Mapping[tuple[str, str], int]) -> None:
    changed = sorted((collection, *word.split(":", 1), delta) for (collection, word), delta in deltas.items() if delta)
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into published.word as w (collection, language, word, frequency) "
            "select * from unnest(%s::text[], %s::text[], %s::text[], %s::int[]) "
            "on conflict (collection, language, word) do update set frequency = w.frequency + excluded.frequency",
            [list(column) for column in zip(*changed, strict=True)],
        )
        cursor.execute(
            "delete from published.word w using unnest(%s::text[], %s::text[], %s::text[]) as gone (collection, language, word) "
            "where w.frequency <= 0 and (w.collection, w.language, w.word) = (gone.collection, gone.language, gone.word)",
            [list(column) for column in list(zip(*changed, strict=True))[:3]],
        )


_NOT_PUBLIC = "not exists (select 1 from office.register_entry e where e.number = p.number and not e.secure)"


def rebuild(*, at: datetime, batch: int = 500) -> Iterator[int]:
    """Make the published tables anew from the entries, in batches; yield how many entries are done so far.

    Rows of entries that are no longer public go; readers see the old rows until a batch commits the new ones.
    """
    with acting(service(PUBLISHER), at):
        ids = list(Entry.objects.filter(secure=False).order_by("number").values_list("pk", flat=True))
        with connection.cursor() as cursor:
            # Each statement looks at the entries as they are in that moment: one published meanwhile is not taken for a leftover.
            cursor.execute(f"delete from published.entry p where {_NOT_PUBLIC} returning collection, words")
            gone = Counter((collection, word) for collection, words in cursor.fetchall() for word in words)
            _apply({pair: -count for pair, count in gone.items()})
            cursor.execute(f"delete from published.document p where {_NOT_PUBLIC}")
            cursor.execute(f"delete from published.version p where {_NOT_PUBLIC} returning number, n")
            versions = cursor.fetchall()
        entries = {number for number, _ in versions}
        withdraw(
            [
                *(public_rows.version_subject(*one) for one in versions),
                *map(public_rows.entry_subject, sorted(entries)),
            ],
            "house: no longer public",
            at,
        )
    done = 0
    for start in range(0, len(ids), batch):
        with acting(service(PUBLISHER), at):
            done += publish_entries(ids[start : start + batch])
        yield done
