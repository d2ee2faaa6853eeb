"""What opens a registration, by the section of Annex VIII that is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse

if TYPE_CHECKING:
    from aioffice.kernel.procedures.declaration import Step

OPENINGS: dict[str, Step] = {
    "A": RegisterHighRisk.file,
    "B": RegisterExempt.file,
    "C": RegisterUse.file,
    "hold": RegisterUse.hold,
}
"""`hold` is Section C while there is no provider's entry to refer to."""


def opening(section: str) -> Step:
    """The step that files this section. KeyError for another."""
    return OPENINGS[section]
