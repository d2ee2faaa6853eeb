"""Merkle trees as RFC 6962 hashes them, and whether a proof holds (algorithms of RFC 9162, which hashes alike).

A hash is 32 bytes of SHA-256. An index counts entries from 0; a size is a number of entries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from aioffice.kernel.ledger.errors import ProofFailed

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two neighbouring subtrees (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def perfect_root(row: bytes) -> bytes:
    """The root over a row of neighbouring hashes written one after the other; their number is a power of two."""
    sha256 = hashlib.sha256
    while len(row) > HASH_BYTES:
        row = b"".join([sha256(b"\1" + row[at : at + 64]).digest() for at in range(0, len(row), 64)])
    return row


def fold(subtrees: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees of falling size, largest (leftmost) first; of none, the root of the empty tree."""
    if not subtrees:
        return EMPTY_ROOT
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = node_hash(left, root)
    return root


def perfect_subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut the entries from `start` to before `end` into perfect subtrees, largest first: (height, index at that height).

    `start` is a multiple of the largest power of two below or at the length, as it is in every range of a proof.
    """
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, all in memory. For small trees and for tests; a log grows by `growing.Edge`."""
    row = b"".join(leaves)
    size = len(row) // HASH_BYTES
    whole = [
        perfect_root(row[(index << height) * HASH_BYTES : ((index + 1) << height) * HASH_BYTES])
        for height, index in perfect_subtrees(0, size)
    ]
    return fold(whole)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf` is the leaf hash at `index` in the tree of this size and root (RFC 9162, 2.1.3.2); raise ProofFailed."""
    if not 0 <= index < size:
        raise ProofFailed(f"there is no entry {index} in a tree of {size}")
    _check_lengths(leaf, root, *proof)
    place, last, reached = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofFailed(f"the proof for entry {index} in a tree of {size} is too long: {len(proof)} hashes")
        reached = node_hash(step, reached) if place & 1 or place == last else node_hash(reached, step)
        place, last = _above(place, last)
    if last != 0:
        raise ProofFailed(f"the proof for entry {index} in a tree of {size} is too short: {len(proof)} hashes")
    if reached != root:
        raise ProofFailed(
            f"entry {index} is not in the tree of {size} with root {root.hex()}: the proof leads elsewhere"
        )


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree of size `new` begins with the tree of size `old` (RFC 9162, 2.1.4.2); raise ProofFailed."""
    if not 0 <= old <= new:
        raise ProofFailed(f"a tree of {new} cannot have grown from a tree of {old}")
    _check_lengths(old_root, new_root, *proof)
    if old in (0, new):
        _verify_trivial(old, new, proof, old_root, new_root)
        return
    # An old tree that is itself a perfect subtree is where the proof starts; its root is known, so the proof leaves it out.
    first, *steps = [old_root, *proof] if old & (old - 1) == 0 else [*proof] or [b""]
    shift = (~(old - 1) & old).bit_length() - 1
    place, last = (old - 1) >> shift, (new - 1) >> shift
    old_reached = new_reached = first
    for step in steps:
        if last == 0:
            raise ProofFailed(f"the proof from {old} to {new} is too long: {len(proof)} hashes")
        if place & 1 or place == last:
            old_reached, new_reached = node_hash(step, old_reached), node_hash(step, new_reached)
        else:
            new_reached = node_hash(new_reached, step)
        place, last = _above(place, last)
    if last != 0:
        raise ProofFailed(f"the proof from {old} to {new} is too short: {len(proof)} hashes")
    if old_reached != old_root:
        raise ProofFailed(f"the proof does not lead to the root of the tree of {old}")
    if new_reached != new_root:
        raise ProofFailed(f"the proof does not lead to the root of the tree of {new}")


def _above(place: int, last: int) -> tuple[int, int]:
    """The next height up at which the path from `place` meets a neighbour; `last` is the tree's last place at that height.

    At the tree's right edge there may be none for several heights: there the subtree stands for its parent unchanged.
    """
    if place == last:
        while not place & 1 and place:
            place, last = place >> 1, last >> 1
    return place >> 1, last >> 1


def _verify_trivial(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    if proof:
        raise ProofFailed(f"from {old} to {new} there is nothing to prove, yet the proof holds {len(proof)} hashes")
    if old == new and old_root != new_root:
        raise ProofFailed(f"two trees of {old} have different roots")
    if old == 0 and old_root != EMPTY_ROOT:
        raise ProofFailed("the root of the empty tree is not the hash of nothing")


def _check_lengths(*hashes: bytes) -> None:
    for one in hashes:
        if len(one) != HASH_BYTES:
            raise ProofFailed(f"a hash is {HASH_BYTES} bytes long, not {len(one)}")
