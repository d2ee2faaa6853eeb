"""A log grows: from its right edge and a batch of leaf hashes come the new tiles, the new root and the new right edge.

The edge is all one needs of a log in order to append to it, whatever its size: for every level of tiles the one that is not full yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aioffice.kernel.ledger.errors import MalformedTile
from aioffice.kernel.ledger.merkle import HASH_BYTES, fold, perfect_root
from aioffice.kernel.ledger.tiles import TILE_WIDTH, width_at

_FULL = TILE_WIDTH * HASH_BYTES


@dataclass(frozen=True, slots=True)
class Tile:
    """Up to 256 neighbouring hashes at a level: of entries at level 0, of full tiles of the level below above it (tlog-tiles)."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """How many hashes; below 256 the tile is partial."""
        return len(self.hashes) // HASH_BYTES


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a log of `size` entries: per level, the hashes of the tile that is not full yet, one after the other."""

    size: int = 0
    open_tiles: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an edge that cannot be the edge of a log of this size: MalformedTile."""
        for level in range(max(len(self.open_tiles), (self.size.bit_length() + 7) // 8)):
            have = len(self.open_tiles[level]) if level < len(self.open_tiles) else 0
            due = (self.size >> 8 * level) % TILE_WIDTH
            if have != due * HASH_BYTES:
                raise MalformedTile(
                    f"at size {self.size} the open tile of level {level} holds {due} hashes, not {have} bytes"
                )

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        subtrees: list[bytes] = []
        for row in reversed(self.open_tiles):
            start, left = 0, len(row) // HASH_BYTES
            while left:
                count = 1 << left.bit_length() - 1
                subtrees.append(perfect_root(row[start * HASH_BYTES : (start + count) * HASH_BYTES]))
                start, left = start + count, left - count
        return fold(subtrees)

    def grow(self, leaves: Iterable[bytes]) -> Growth:
        """Append leaf hashes, of 32 bytes each; MalformedTile if their lengths do not add up."""
        incoming = b"".join(leaves)
        if len(incoming) % HASH_BYTES:
            raise MalformedTile(f"leaf hashes are {HASH_BYTES} bytes long each; {len(incoming)} bytes came")
        size, level = self.size + len(incoming) // HASH_BYTES, 0
        tiles: list[Tile] = []
        still_open: list[bytes] = []
        while incoming or level < len(self.open_tiles):
            row = (self.open_tiles[level] if level < len(self.open_tiles) else b"") + incoming
            index = self.size >> 8 * (level + 1)
            full = len(row) // _FULL * _FULL
            new = [Tile(level, index + at // _FULL, row[at : at + _FULL]) for at in range(0, full, _FULL)]
            tiles += new
            if incoming and row[full:]:
                tiles.append(Tile(level, index + len(new), row[full:]))
            still_open.append(row[full:])
            incoming = b"".join([perfect_root(tile.hashes) for tile in new])
            level += 1
        return Growth(Edge(size, tuple(still_open)), tuple(tiles))


@dataclass(frozen=True, slots=True)
class Growth:
    """What an append brings: the new edge, and every tile that is new or wider than before."""

    edge: Edge
    tiles: tuple[Tile, ...]


def open_tiles_at(size: int) -> list[tuple[int, int, int]]:
    """(level, index, width) of the tiles that make up the edge of a log of this size: what to load in order to append to it."""
    levels = range((size.bit_length() + 7) // 8)
    found = ((level, size >> 8 * (level + 1)) for level in levels)
    return [(level, index, width) for level, index in found if (width := width_at(size, level, index))]
