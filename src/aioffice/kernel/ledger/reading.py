"""Reading hashes and entries of a log from its tiles, wherever these lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aioffice.kernel.ledger.errors import MalformedTile, MissingTile
from aioffice.kernel.ledger.growing import Edge, open_tiles_at
from aioffice.kernel.ledger.merkle import HASH_BYTES, perfect_root
from aioffice.kernel.ledger.tiles import TILE_WIDTH, entries_path, tile_path, unpack_entries, width_at

Fetch = Callable[[str], bytes | None]
"""Given a path of tlog-tiles, the bytes that lie there; None if nothing does."""


class TileReader:
    """The log of `size` entries as its tiles tell it. Keeps every tile it has read, so make one for each question.

    A partial tile may be gone once the full one is there (tlog-tiles, Partial Tiles); then the full one is read instead. What is read is
    not yet verified: a proof made from it is, when it leads to a signed root.
    """

    def __init__(self, fetch: Fetch, size: int) -> None:
        self.size = size
        self._fetch = fetch
        self._tiles: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile, as many as a log of this size has there. MissingTile, MalformedTile."""
        known = self._tiles.get((level, index))
        if known is not None:
            return known
        width = width_at(self.size, level, index)
        if not width:
            raise MissingTile(f"a log of {self.size} entries has no tile {index} at level {level}")
        found, at = self._partial_or_full(tile_path(level, index, width), tile_path(level, index))
        due = (width if at == tile_path(level, index, width) else TILE_WIDTH) * HASH_BYTES
        if len(found) != due:
            raise MalformedTile(f"{at} is {len(found)} bytes long, not {due}")
        self._tiles[level, index] = found[: width * HASH_BYTES]
        return self._tiles[level, index]

    def entries(self, index: int) -> list[bytes]:
        """The entries whose hashes are in tile `index` of level 0, as many as a log of this size has. MissingTile, MalformedTile."""
        width = width_at(self.size, 0, index)
        if not width:
            raise MissingTile(f"a log of {self.size} entries has no entry bundle {index}")
        bundle, at = self._partial_or_full(entries_path(index, width), entries_path(index))
        found = unpack_entries(bundle)
        due = width if at == entries_path(index, width) else TILE_WIDTH
        if len(found) != due:
            raise MalformedTile(f"{at} holds {len(found)} entries, not {due}")
        return found[:width]

    def entry(self, index: int) -> bytes:
        """One entry. MissingTile, MalformedTile."""
        return self.entries(index // TILE_WIDTH)[index % TILE_WIDTH]

    def hashes(self, nodes: Sequence[tuple[int, int]]) -> list[bytes]:
        """The roots of perfect subtrees, by (height, index): what `proving` reads through. MissingTile, MalformedTile."""
        return [self._node(height, index) for height, index in nodes]

    def edge(self) -> Edge:
        """The right edge, from which the log grows on. MissingTile, MalformedTile."""
        rows = [b""] * ((self.size.bit_length() + 7) // 8)
        for level, index, _ in open_tiles_at(self.size):
            rows[level] = self.tile(level, index)
        return Edge(self.size, tuple(rows))

    def _node(self, height: int, index: int) -> bytes:
        level, above = divmod(height, 8)
        tile, place = divmod(index << above, TILE_WIDTH)
        row = self.tile(level, tile)[place * HASH_BYTES : (place + (1 << above)) * HASH_BYTES]
        if len(row) != HASH_BYTES << above:
            raise MissingTile(f"a log of {self.size} entries has no full subtree {index} of height {height}")
        return perfect_root(row)

    def _partial_or_full(self, partial: str, full: str) -> tuple[bytes, str]:
        for path in (partial, full):
            found = self._fetch(path)
            if found is not None:
                return found, path
        raise MissingTile(f"{partial} is not there")
