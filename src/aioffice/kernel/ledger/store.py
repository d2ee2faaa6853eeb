"""Where a log lies in the database: entries, tiles and checkpoints, and the questions they answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections

from aioffice.kernel.db.acting import OFFICE
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.errors import LedgerError
from aioffice.kernel.ledger.growing import Tile
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.reading import Fetch, TileReader
from aioffice.kernel.ledger.signing import INTERNAL, PUBLIC
from aioffice.kernel.ledger.tiles import TILE_WIDTH, pack_entries, parse_path


@dataclass(frozen=True, slots=True)
class Store:
    """One log in the database, over one connection. Table names are our own constants, never what somebody sent."""

    tables: str
    connection: str = OFFICE

    def newest(self) -> bytes | None:
        """The newest signed checkpoint, with what witnesses cosigned of it; None while the log is empty."""
        more = (
            "(select string_agg(line, '' order by cosigned_at, witness) from published.log_cosignature w where w.size = c.size)"
            if self.tables == "published.log"
            else "null"
        )
        found = self._rows(f"select note, {more} from {self.tables}_checkpoint c order by size desc limit 1")
        return bytes(found[0][0]) + (found[0][1] or "").encode() if found else None

    def covering(self, index: int, since: datetime) -> Iterator[bytes]:
        """The signed checkpoints that hold the entry at that index, from the first one signed at `since` or later on."""
        size = index
        while found := self._rows(
            f"select size, note from {self.tables}_checkpoint where size > %s and signed_at >= %s order by size limit 1",
            [size, since],
        ):
            ((size, note),) = found
            yield bytes(note)

    def checkpoint(self) -> Checkpoint | None:
        """What the newest checkpoint says."""
        note = self.newest()
        return Checkpoint.parse(parse_note(note).text) if note is not None else None

    def reader(self, size: int) -> TileReader:
        """A reader of the log as it was at that size."""
        return TileReader(self.fetch, size)

    @property
    def fetch(self) -> Fetch:
        """Answers for the paths of tlog-tiles, and for `checkpoint`; None for what is not there and for what is no path."""
        return self._fetch

    def _fetch(self, path: str) -> bytes | None:
        if path == "checkpoint":
            return self.newest()
        try:
            level, index, width = parse_path(path)
        except LedgerError:
            return None
        if index >= 1 << 55:
            return None  # more than any log holds, and than the database can count
        if level is None:
            entries = self._rows(
                f"select entry from {self.tables}_entry where index >= %s and index < %s order by index",
                [index * TILE_WIDTH, index * TILE_WIDTH + width],
            )
            return pack_entries(bytes(row[0]) for row in entries) if len(entries) == width else None
        found = self._rows(f"select hashes from {self.tables}_tile where level = %s and index = %s", [level, index])
        if not found or len(found[0][0]) < width * 32:
            return None
        # A narrower tile is the beginning of the wider one that has taken its place.
        return bytes(found[0][0])[: width * 32]

    def add_entries(self, first: int, entries: Sequence[tuple[bytes, UUID | None]]) -> None:
        """Add entries from index `first` on."""
        record = ", record_id" if self.tables == "office.ledger" else ""
        values = ", unnest(%s::uuid[])" if record else ""
        parameters: list[Any] = [list(range(first, first + len(entries))), [entry for entry, _ in entries]]
        if record:
            parameters.append([record_id for _, record_id in entries])
        self._do(
            f"insert into {self.tables}_entry (index, entry{record}) select unnest(%s::bigint[]), unnest(%s::bytea[]){values}",
            parameters,
        )

    def put_tiles(self, tiles: Sequence[Tile]) -> None:
        """Write tiles that are new or wider than before."""
        self._do(
            f"insert into {self.tables}_tile (level, index, hashes) "
            "select unnest(%s::int[]), unnest(%s::bigint[]), unnest(%s::bytea[]) "
            "on conflict (level, index) do update set hashes = excluded.hashes",
            [[tile.level for tile in tiles], [tile.index for tile in tiles], [tile.hashes for tile in tiles]],
        )

    def add_checkpoint(self, size: int, note: bytes, at: datetime) -> None:
        """Add a signed checkpoint. There is one for a size, whatever happens: the primary key sees to it."""
        self._do(f"insert into {self.tables}_checkpoint (size, note, signed_at) values (%s, %s, %s)", [size, note, at])

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connections[self.connection].cursor() as cursor:
            cursor.execute(sql, list(parameters))
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def _do(self, sql: str, parameters: Sequence[Any]) -> None:
        with connections[self.connection].cursor() as cursor:
            cursor.execute(sql, list(parameters))


STORES = {PUBLIC: Store("published.log"), INTERNAL: Store("office.ledger")}
"""The two logs as the office writes them."""
SITE = Store("published.log", connection="site")
"""The public log as the public site reads it."""
