"""What may be uploaded for which use."""

from __future__ import annotations

from dataclasses import dataclass

from aioffice.kernel.documents.kinds import ACCEPTED, PDF, Kind

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Limits of one use: the largest size in bytes and the kinds accepted."""

    max_bytes: int = 25 * MEGABYTE
    kinds: tuple[Kind, ...] = ACCEPTED

    @property
    def accept(self) -> str:
        """Value of the HTML attribute `accept`."""
        return ",".join(f".{extension}" for kind in self.kinds for extension in kind.extensions)


ANY_DOCUMENT = DocumentRules()
PDF_ONLY = DocumentRules(kinds=(PDF,))
