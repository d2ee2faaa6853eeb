"""Every provision of the AI Act as a node: Articles with paragraphs and points, annexes with sections and points, in order.

A node has a stable id, its number, who its parent is and what the amendment of 2026 did to it (`nodes`), one line in our own words
(`wording`), since when it applies under either text (`applying`), its European Legislation Identifier (`identifiers`), and what of
this software rests on it (`resting`). `citations` leads from the way people cite to nodes.
"""

from __future__ import annotations
