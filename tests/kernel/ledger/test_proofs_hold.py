"""Every proof of every tree verifies, and with any bit turned it does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioffice.kernel.ledger.errors import LedgerError, MissingTile, ProofFailed
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from aioffice.kernel.ledger.proving import prove_consistency, prove_inclusion, root
from aioffice.kernel.ledger.reading import TileReader
from tests.kernel.ledger.example_log import written

MOST = 1400
LEAVES = [leaf_hash(str(number).encode()) for number in range(MOST)]
sizes = st.integers(1, MOST) | st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513, 767, 768, 1023, 1024, 1025])


def tiles_of(size: int) -> dict[str, bytes]:
    return {written(tile): tile.hashes for tile in Edge().grow(LEAVES[:size]).tiles}


ALL = tiles_of(MOST)


def reader(size: int) -> TileReader:
    return TileReader((ALL | tiles_of(size)).get, size)


def turned(data: bytes, bit: int) -> bytes:
    bit %= len(data) * 8
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


def test_every_proof_of_every_small_tree():
    hashes = TileReader(ALL.get, MOST).hashes
    roots = [root_of(LEAVES[:size]) for size in range(41)]
    for size in range(1, 41):
        for index in range(size):
            verify_inclusion(LEAVES[index], index, size, prove_inclusion(index, size, hashes), roots[size])
        for old in range(size + 1):
            verify_consistency(old, size, prove_consistency(old, size, hashes), roots[old], roots[size])


@given(sizes, st.data())
@settings(deadline=None, max_examples=60)
def test_inclusion(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, top = prove_inclusion(index, size, reader(size).hashes), root_of(LEAVES[:size])
    verify_inclusion(LEAVES[index], index, size, proof, top)
    bit = data.draw(st.integers(0, 255))
    with pytest.raises(ProofFailed):
        verify_inclusion(turned(LEAVES[index], bit), index, size, proof, top)
    with pytest.raises(ProofFailed):
        verify_inclusion(LEAVES[index], index, size, proof, turned(top, bit))
    for at, one in enumerate(proof):
        with pytest.raises(ProofFailed):
            verify_inclusion(LEAVES[index], index, size, [*proof[:at], turned(one, bit), *proof[at + 1 :]], top)
    for wrong in ([*proof, top], proof[:-1] if proof else [top]):
        with pytest.raises(ProofFailed):
            verify_inclusion(LEAVES[index], index, size, wrong, top)
    with pytest.raises(ProofFailed):
        verify_inclusion(
            LEAVES[index], data.draw(st.integers(0, size).filter(lambda other: other != index)), size, proof, top
        )


@given(sizes, st.data())
@settings(deadline=None, max_examples=60)
def test_consistency(new, data):
    old = data.draw(st.integers(1, new))
    proof = prove_consistency(old, new, reader(new).hashes)
    before, after = root_of(LEAVES[:old]), root_of(LEAVES[:new])
    verify_consistency(old, new, proof, before, after)
    bit = data.draw(st.integers(0, 255))
    for wrong in ((turned(before, bit), after), (before, turned(after, bit))):
        with pytest.raises(ProofFailed):
            verify_consistency(old, new, proof, *wrong)
    for at, one in enumerate(proof):
        with pytest.raises(ProofFailed):
            verify_consistency(old, new, [*proof[:at], turned(one, bit), *proof[at + 1 :]], before, after)
    for longer_or_shorter in ([*proof, after], proof[:-1] if proof else [after]):
        with pytest.raises(ProofFailed):
            verify_consistency(old, new, longer_or_shorter, before, after)


@given(st.lists(st.integers(0, 400), max_size=8), st.integers(0, 300))
@settings(deadline=None, max_examples=40)
def test_a_log_grows_alike_in_whatever_batches(batches, first):
    edge, tiles = Edge().grow(LEAVES[:first]).edge, tiles_of(first)
    for batch in batches:
        grown = edge.grow(LEAVES[edge.size : edge.size + batch])
        edge = grown.edge
        tiles |= {written(tile): tile.hashes for tile in grown.tiles}
    assert edge.root() == root_of(LEAVES[: edge.size]) == root(edge.size, reader(edge.size).hashes)
    assert TileReader(tiles.get, edge.size).edge() == edge
    assert tiles_of(edge.size).items() <= tiles.items()


def test_what_cannot_be_proved_is_refused_in_words():
    hashes = reader(10).hashes
    with pytest.raises(ProofFailed, match="no entry 10 in a tree of 10"):
        prove_inclusion(10, 10, hashes)
    with pytest.raises(ProofFailed, match="cannot have grown"):
        prove_consistency(11, 10, hashes)
    with pytest.raises(MissingTile):
        prove_inclusion(10, 20, hashes)


@pytest.mark.parametrize(
    ("old", "new", "proof", "before", "after"),
    [
        (0, 5, [], b"x" * 32, LEAVES[0]),
        (5, 5, [LEAVES[0]], LEAVES[1], LEAVES[1]),
        (5, 5, [], LEAVES[1], LEAVES[2]),
        (6, 5, [], LEAVES[1], LEAVES[2]),
        (3, 5, [], LEAVES[1], LEAVES[2]),
        (-1, 5, [], LEAVES[1], LEAVES[2]),
        (3, 5, [b"short"], LEAVES[1], LEAVES[2]),
    ],
)
def test_proofs_of_nothing_are_refused(old, new, proof, before, after):
    with pytest.raises(ProofFailed):
        verify_consistency(old, new, proof, before, after)


def test_an_edge_that_cannot_be_is_refused():
    for size, tiles in ((1, ()), (0, (LEAVES[0],)), (256, (LEAVES[0],)), (2, (LEAVES[0],))):
        with pytest.raises(LedgerError):
            Edge(size, tiles)
    with pytest.raises(LedgerError):
        Edge().grow([b"too short"])
