"""Cells of spreadsheets in which nothing that people wrote is taken for a formula."""

from __future__ import annotations

import re

_BEGINS_A_CELL = re.compile(r"(^|[;\t\r\n])([=+\-@\t\r])")
"""A sign that a spreadsheet would take for a formula where a cell begins; one that separates by `;` or tabs finds cells inside ours."""


def plain(text: str) -> str:
    """The text as a spreadsheet shows it and never computes it."""
    return _BEGINS_A_CELL.sub(r"\1'\2", text)
