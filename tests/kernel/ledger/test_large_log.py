"""Among ten million entries a proof reads one tile of each level that its path runs through, and those of the right edge."""

from __future__ import annotations

import pytest

from aioffice.kernel.ledger.merkle import leaf_hash, verify_consistency, verify_inclusion
from aioffice.kernel.ledger.proving import prove_consistency, prove_inclusion, root
from aioffice.kernel.ledger.reading import TileReader
from bench.ledger import SIZE, RepeatingLog

LOG = RepeatingLog()
TOP = root(SIZE, LOG.reader().hashes)


def counting(size=SIZE):
    read = []

    def fetch(path):
        read.append(path)
        return LOG.fetch(path)

    return TileReader(fetch, size), read


@pytest.mark.parametrize("index", [0, 1, 255, 256, 65_535, 65_536, 5_000_000, 9_961_472, SIZE - 1])
def test_inclusion(index):
    reader, read = counting()
    verify_inclusion(
        leaf_hash(str(index % 256).encode()), index, SIZE, prove_inclusion(index, SIZE, reader.hashes), TOP
    )
    assert len(read) <= 6


@pytest.mark.parametrize("old", [1, 256, 257, 65_536, 5_000_001, SIZE - 1])
def test_consistency(old):
    reader, read = counting()
    proof = prove_consistency(old, SIZE, reader.hashes)
    verify_consistency(old, SIZE, proof, root(old, LOG.reader(old).hashes), TOP)
    assert len(read) <= 6


def test_it_grows_from_its_edge_alone():
    reader, read = counting()
    edge = reader.edge()
    assert (edge.root(), len(read)) == (TOP, 3)
    grown = edge.grow([leaf_hash(str(number % 256).encode()) for number in range(SIZE, SIZE + 1000)])
    assert grown.edge.root() == root(SIZE + 1000, LOG.reader(SIZE + 1000).hashes)
