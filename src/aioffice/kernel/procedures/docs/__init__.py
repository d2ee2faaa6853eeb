"""Documentation made from the declarations alone: for each procedure a page with its steps, who may take them, and its state diagram.

`pages()` returns the files; `aioffice docs` writes them to `docs/procedures/`, and a test says when they are out of date.
"""

from __future__ import annotations

from aioffice.kernel.procedures.docs.pages import diagram_alone, pages

__all__ = ["diagram_alone", "pages"]
