"""Proofs of inclusion and consistency, from a few hashes of a log of any size.

A proof is planned first: which ranges of entries it names, and which perfect subtrees make up each range. Then all hashes it needs are
read at once through a function, so that a log in a database answers in one query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aioffice.kernel.ledger.errors import ProofFailed
from aioffice.kernel.ledger.merkle import fold, perfect_subtrees

ReadHashes = Callable[[Sequence[tuple[int, int]]], Sequence[bytes]]
"""Given (height, index) of perfect subtrees, return their roots in that order; a subtree of height h spans 2**h entries."""


def root(size: int, read: ReadHashes) -> bytes:
    """The root of the tree of this size."""
    return fold(read(list(perfect_subtrees(0, size))))


def prove_inclusion(index: int, size: int, read: ReadHashes) -> list[bytes]:
    """The hashes that lead from entry `index` to the root of the tree of this size (RFC 6962, 2.1.1); ProofFailed if there is none."""
    if not 0 <= index < size:
        raise ProofFailed(f"there is no entry {index} in a tree of {size}")
    beside, start, end = [], 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return _read_ranges(beside[::-1], read)


def prove_consistency(old: int, new: int, read: ReadHashes) -> list[bytes]:
    """The hashes that show the tree of `new` to begin with the tree of `old` (RFC 6962, 2.1.2); empty if either is trivial."""
    if not 0 <= old <= new:
        raise ProofFailed(f"a tree of {new} cannot have grown from a tree of {old}")
    if old in (0, new):
        return []
    beside, start, end, is_old_root = [], 0, new, True
    while old != end:
        middle = start + _largest_power_below(end - start)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start, is_old_root = middle, False
    if not is_old_root:
        beside.append((start, end))
    return _read_ranges(beside[::-1], read)


def _largest_power_below(length: int) -> int:
    return 1 << (length - 1).bit_length() - 1


def _read_ranges(ranges: list[tuple[int, int]], read: ReadHashes) -> list[bytes]:
    parts = [list(perfect_subtrees(start, end)) for start, end in ranges]
    hashes = iter(read([node for nodes in parts for node in nodes]))
    return [fold([next(hashes) for _ in nodes]) for nodes in parts]
