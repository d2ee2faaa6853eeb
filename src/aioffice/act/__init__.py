"""The AI Act as code and data: pure functions of facts and a date, with the standard library alone.

Provisions are cited as `49(4)(a)`: Article, paragraph, point of Regulation (EU) 2024/1689 as amended by
Regulation (EU) 2026/1744.
"""

from __future__ import annotations

from datetime import date

ENTRY_INTO_FORCE = date(2024, 8, 1)
"""The twentieth day after publication on 12 July 2024 (Article 113, first paragraph)."""
