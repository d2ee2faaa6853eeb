"""What the register tells others, and itself, beside the publication."""

from __future__ import annotations

from aioffice.kernel.procedures.declaration import Event


class EnteredInError(Event):
    """An entry was declared an error: whoever registered a use of that system has to know (Articles 26(8) and 49(3))."""
