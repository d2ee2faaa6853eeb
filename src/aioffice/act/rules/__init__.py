"""The provisions of the AI Act as rules: one file an Article or a group of points, in the order of the Act.

Each file first declares what it asks, then what follows. The facts are in the words of the people who answer; the provisions stand
beside them. `aioffice.act.classification` draws the answers.
"""

from __future__ import annotations
