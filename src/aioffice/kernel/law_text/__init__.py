"""The wording of the Act as an operator imported it: read from official Formex 4 or consolidated JSON, kept, and shown beside our lines.

None of it comes with the software. A text is known by its language and its day; importing it again replaces it.
"""

from __future__ import annotations
