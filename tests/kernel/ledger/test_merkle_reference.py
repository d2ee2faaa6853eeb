"""The trees of the reference implementation of certificate transparency.

The eight entries, the roots of the trees over the first n of them and the proofs are those of its merkle_tree_test (also in
transparency-dev/merkle, testonly/constants.go).
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from aioffice.kernel.ledger import proving
from aioffice.kernel.ledger.growing import Edge
from aioffice.kernel.ledger.merkle import (
    EMPTY_ROOT,
    leaf_hash,
    perfect_root,
    root_of,
    verify_consistency,
    verify_inclusion,
)

ENTRIES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def read(nodes):
    return [perfect_root(b"".join(LEAVES[index << height : (index + 1) << height])) for height, index in nodes]


@pytest.mark.parametrize("size", range(9))
def test_roots(size):
    assert root_of(LEAVES[:size]) == Edge().grow(LEAVES[:size]).edge.root() == proving.root(size, read) == ROOTS[size]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert ROOTS[0] == EMPTY_ROOT


def test_growing_one_by_one_passes_through_every_root():
    edge = Edge()
    for leaf, (_, after) in zip(LEAVES, pairwise(ROOTS), strict=True):
        edge = edge.grow([leaf]).edge
        assert edge.root() == after


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs(index, size):
    proof = proving.prove_inclusion(index, size, read)
    assert [one.hex() for one in proof] == INCLUSION[index, size]
    verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_consistency_proofs(old, new):
    proof = proving.prove_consistency(old, new, read)
    assert [one.hex() for one in proof] == CONSISTENCY[old, new]
    verify_consistency(old, new, proof, ROOTS[old], ROOTS[new])
