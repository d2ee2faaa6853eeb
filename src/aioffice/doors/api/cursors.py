"""Cursors as callers see them: opaque, signed, and good for one list with one set of filters only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.signing import BadSignature, Signer

from aioffice.doors.api.problems import Problem
from aioffice.kernel.canonical import digest


def _signer(name: str, filters: Mapping[str, Any]) -> Signer:
    return Signer(
        sep=".", salt=f"aioffice.cursor.{name}.{digest({key: repr(value) for key, value in filters.items()})}"
    )


def seal(cursor: str, *, of: str, filters: Mapping[str, Any]) -> str:
    """Return a cursor of the list `of` under these filters, ready for an address. `cursor` holds no characters but those of base64url."""
    return _signer(of, filters).sign(cursor)


def unseal(sealed: str, *, of: str, filters: Mapping[str, Any]) -> str:
    """Return what `seal` was given; raise Problem 400 for any other text, and for a cursor of another list or other filters."""
    if not sealed:
        return ""
    try:
        return _signer(of, filters).unsign(sealed)
    except (BadSignature, UnicodeError):
        message = "This is no cursor of this list under these filters. Begin again without one, and follow `next`."
        raise Problem("bad-cursor", message, parameters={"cursor": message}) from None
