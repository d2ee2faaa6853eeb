"""Where tiles and entry bundles lie, and which of them a growing log writes. Examples: C2SP tlog-tiles, Merkle Tree and Partial Tiles."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioffice.kernel.ledger import tiles
from aioffice.kernel.ledger.errors import MalformedTile, MissingTile
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.reading import TileReader


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (0, 1234, 5, "tile/0/x001/234.p/5"),
        (63, 999, 255, "tile/63/999.p/255"),
        (None, 0, 1, "tile/entries/000.p/1"),
        (None, 1000, 256, "tile/entries/x001/000"),
    ],
)
def test_paths(level, index, width, path):
    assert (tiles.entries_path(index, width) if level is None else tiles.tile_path(level, index, width)) == path
    assert tiles.parse_path(path) == (level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/x000/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/05",
        "tile/0/001/000", "tile/0/x001", "tile/-1/000", "tile/0/000/", "/tile/0/000", "tile/0/000.p/", "tile/data/000",
        "tile/0/../000", "tile/0/x001/٠٠٠", "tile/0/000\n",
    ],
)  # fmt: skip
def test_other_paths_are_refused(path):
    with pytest.raises(MalformedTile, match="is not the path"):
        tiles.parse_path(path)


@pytest.mark.parametrize(("level", "index", "width"), [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
def test_there_are_no_paths_to_what_cannot_be(level, index, width):
    with pytest.raises(MalformedTile):
        tiles.tile_path(level, index, width)


def test_a_log_of_70_000_has_the_tiles_of_the_specifications_example():
    found = Counter((level, width) for level, _, width in tiles.changed_tiles(0, 70_000))
    assert found == {(0, 256): 273, (0, 112): 1, (1, 256): 1, (1, 17): 1, (2, 1): 1}


def test_a_log_of_256_has_a_full_tile_and_one_hash_above_it():
    assert list(tiles.changed_tiles(0, 256)) == [(0, 0, 256), (1, 0, 1)]


@given(st.integers(0, 70_000), st.integers(0, 2000))
@settings(deadline=None, max_examples=30)
def test_growing_writes_just_the_tiles_that_change(old, more):
    leaf = leaf_hash(b"")
    edge = Edge().grow([leaf] * old).edge
    written = {(tile.level, tile.index, tile.width) for tile in edge.grow([leaf] * more).tiles}
    assert written == set(tiles.changed_tiles(old, old + more))
    assert list(tiles.changed_bundles(old, old + more)) == [
        (index, width) for level, index, width in tiles.changed_tiles(old, old + more) if level == 0
    ]


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_bundles_come_back_as_they_went(entries):
    assert tiles.unpack_entries(tiles.pack_entries(entries)) == entries


def test_bundles_that_cannot_be_are_refused():
    assert len(tiles.pack_entries([b"x" * 65_535])) == 65_537
    with pytest.raises(MalformedTile, match="65536 bytes"):
        tiles.pack_entries([b"x" * 65_536])
    for cut in (b"\0", b"\0\2x", b"\0\1xy"):
        with pytest.raises(MalformedTile, match="ends within its entry"):
            tiles.unpack_entries(cut)
    with pytest.raises(MalformedTile, match="not 257"):
        tiles.unpack_entries(bytes(2 * 257))


def test_a_partial_tile_that_is_gone_is_read_from_the_full_one():
    leaves = [leaf_hash(bytes([number])) for number in range(256)]
    entries = [bytes([number]) for number in range(256)]
    full = {"tile/0/000": b"".join(leaves), "tile/entries/000": tiles.pack_entries(entries)}
    reader = TileReader(full.get, 100)
    assert reader.tile(0, 0) == b"".join(leaves[:100])
    assert reader.entries(0) == entries[:100]
    assert reader.entry(99) == entries[99]
    assert reader.edge() == Edge().grow(leaves[:100]).edge


@pytest.mark.parametrize(
    ("served", "error"),
    [
        ({}, MissingTile),
        ({"tile/0/000.p/3": b"x" * 95}, MalformedTile),
        ({"tile/0/000": b"x" * 96}, MalformedTile),
    ],
)
def test_tiles_that_are_missing_or_of_another_length_are_named(served, error):
    with pytest.raises(error, match="tile/0/000"):
        TileReader(served.get, 3).tile(0, 0)


def test_bundles_that_are_missing_or_of_another_length_are_named():
    with pytest.raises(MissingTile, match=r"tile/entries/000.p/3"):
        TileReader({}.get, 3).entries(0)
    with pytest.raises(MalformedTile, match="holds 1 entries, not 3"):
        TileReader({"tile/entries/000.p/3": b"\0\0"}.get, 3).entries(0)
    for ask in (lambda reader: reader.tile(0, 1), lambda reader: reader.entries(1)):
        with pytest.raises(MissingTile, match="a log of 3 entries"):
            ask(TileReader({}.get, 3))
