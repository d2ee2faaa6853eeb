"""Where a page of a list ends and the next begins: a cursor names the last row seen, so that no row is skipped or shown twice."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

KEYS = {"relevance": (int, str), "rest": (str, str), "newest": (str, str), "changed": (str, str), "name": (str, str)}
"""Orders of a list, and the types of the two values that place a row in each."""


class BadCursor(ValueError):
    """The text is no cursor of this list: begin again without one."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: its order, the values of the row at its edge, how many rows lie before it, and which way to go.

    The order `rest` is what comes after the ranked results: everything else that was found, newest first.
    """

    order: str
    key: tuple[Any, Any]
    before: int
    back: bool = False

    def write(self) -> str:
        """The cursor as text for an address."""
        text = json.dumps(
            [self.order, *self.key, self.before, int(self.back)], separators=(",", ":"), ensure_ascii=False
        )
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read(text: str) -> Cursor:
    """Read a cursor that `write` made; raise BadCursor for any other text."""
    try:
        order, first, second, before, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, TypeError):
        raise BadCursor(
            _("This is not a cursor of this list. Take the next page from the link in the answer.")
        ) from None
    fits = order in KEYS and all(
        isinstance(value, kind) for value, kind in zip((first, second), KEYS[order], strict=True)
    )
    if (
        not fits
        or not isinstance(before, int)
        or not 0 <= before < 2**53
        or back not in (0, 1)
        or "\0" in f"{first}{second}"
    ):
        raise BadCursor(_("This is not a cursor of this list. Take the next page from the link in the answer."))
    return Cursor(order, (first, second), before, bool(back))
