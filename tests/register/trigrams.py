"""The likeness of two words as pg_trgm counts it, for tests that need candidates without a database."""

from __future__ import annotations


def alike(one: str, other: str) -> float:
    """Return the share of trigrams that two words have in common."""
    ours, theirs = _trigrams(one), _trigrams(other)
    return len(ours & theirs) / len(ours | theirs)


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
