"""Cells of spreadsheets in which nothing that people wrote is taken for a formula."""

from __future__ import annotations

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""First signs that a spreadsheet would take for a formula."""


def plain(text: str) -> str:
    """The text as a spreadsheet shows it and never computes it."""
    return "'" + text if text.startswith(_DANGEROUS) else text
