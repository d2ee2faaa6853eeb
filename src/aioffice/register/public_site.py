"""Reading the schema `published` over the connection `site`: plain SQL, prepared by the driver, no ORM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections

SITE = "site"


def rows(sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Return every row of a query of the public site."""
    with connections[SITE].cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
