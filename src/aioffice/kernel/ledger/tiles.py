"""How a log lies in files, after C2SP tlog-tiles: paths, entry bundles, and which of them change when the log grows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from aioffice.kernel.ledger.errors import MalformedTile

TILE_WIDTH = 256
MAX_ENTRY_BYTES = 0xFFFF
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Where a tile lies ("tile/0/x001/234.p/5"); `width` below 256 names a partial tile. MalformedTile outside what can be."""
    if not 0 <= level <= 63:
        raise MalformedTile(f"tiles have levels 0 to 63, not {level}")
    return f"tile/{level}/{_place(index, width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Where the bundle of the entries lies whose hashes are in tile `index` of level 0."""
    return f"tile/entries/{_place(index, width)}"


def _place(index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= TILE_WIDTH:
        raise MalformedTile(f"there is no tile {index} of width {width}")
    digits = str(index)
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    place = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return place if width == TILE_WIDTH else f"{place}.p/{width}"


def parse_path(path: str) -> tuple[int | None, int, int]:
    """(level, index, width) of a path; level None for an entry bundle. MalformedTile for any path these functions do not write."""
    found = _PATH.fullmatch(path)
    if found:
        index = int(found["index"].replace("x", "").replace("/", ""))
        level = None if found["level"] == "entries" else int(found["level"])
        width = int(found["width"] or TILE_WIDTH)
        if width <= TILE_WIDTH and (level is None or level <= 63):
            again = entries_path(index, width) if level is None else tile_path(level, index, width)
            if again == path:
                return level, index, width
    raise MalformedTile(f"{path!r} is not the path of a tile or an entry bundle")


def width_at(size: int, level: int, index: int) -> int:
    """How many hashes tile `index` of a level holds in a log of this size: 256 if full, 0 if it is not there yet."""
    return max(0, min(TILE_WIDTH, (size >> 8 * level) - index * TILE_WIDTH))


def changed_tiles(old: int, new: int) -> Iterator[tuple[int, int, int]]:
    """(level, index, width) of every tile that a log grown from size `old` to `new` has to write."""
    level = 0
    while new >> 8 * level:
        for index in _changed(old >> 8 * level, new >> 8 * level):
            yield level, index, width_at(new, level, index)
        level += 1


def changed_bundles(old: int, new: int) -> Iterator[tuple[int, int]]:
    """(index, width) of every entry bundle that a log grown from size `old` to `new` has to write."""
    for index in _changed(old, new):
        yield index, width_at(new, 0, index)


def _changed(old: int, new: int) -> range:
    return range(old // TILE_WIDTH, -(-new // TILE_WIDTH)) if new > old else range(0)


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry after its length, two bytes, high byte first. MalformedTile if an entry is longer than 65,535 bytes."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise MalformedTile(f"an entry of {len(entry)} bytes does not fit: the most is {MAX_ENTRY_BYTES}")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unpack_entries(bundle: bytes) -> list[bytes]:
    """The entries of a bundle; MalformedTile if it ends within one or holds more than 256."""
    entries: list[bytes] = []
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if at + 2 > len(bundle) or end > len(bundle):
            raise MalformedTile(f"the entry bundle ends within its entry {len(entries)}")
        entries.append(bundle[at + 2 : end])
        at = end
    if len(entries) > TILE_WIDTH:
        raise MalformedTile(f"an entry bundle holds at most {TILE_WIDTH} entries, not {len(entries)}")
    return entries
