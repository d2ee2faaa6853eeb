"""Where a page of a list ends and the next begins: a cursor names the last row seen, so that no row is skipped or shown twice."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

ORDERS = ("relevance", "rest", "newest", "changed", "name")

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\.\d{6}Z)?", re.ASCII)


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
    order, first, second, before, back = _parts(text)
    if not (_places(order, first) and _is_text(second) and _counts(before, below=2**53) and _counts(back, below=2)):
        raise BadCursor(_("This is not a cursor of this list. Take the next page from the link in the answer."))
    return Cursor(order, (first, second), before, bool(back))


def _parts(text: str) -> tuple[Any, Any, Any, Any, Any]:
    try:
        order, first, second, before, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None, None, None, None, None
    return order, first, second, before, back


def _places(order: Any, key: Any) -> bool:
    """Whether `key` is a value by which the database puts a row into that order: a score, a moment or day, or a name."""
    if order not in ORDERS:
        return False
    if order == "relevance":
        return _counts(key, below=2**63)
    if order == "name":
        return _is_text(key)
    return isinstance(key, str) and _is_moment(key)


def _is_moment(text: str) -> bool:
    try:
        return bool(_MOMENT.fullmatch(text) and datetime.fromisoformat(text))
    except ValueError:
        return False


def _counts(value: Any, *, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def _is_text(value: Any) -> bool:
    """Whether PostgreSQL can hold it: no NUL, and no half of a surrogate pair."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)
