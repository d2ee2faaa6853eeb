"""How rows are deleted whose end a person has accepted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db import connection
from django.db.models import Model


def plainly(model: type[Model]) -> Callable[[Collection[Any]], int]:
    """Delete rows of a table, with what hangs on them; say how many of the table itself."""

    def remove(keys: Collection[Any]) -> int:
        # Names with which Django itself speaks of any model.
        _all, by_model = model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001 - Django's own name for it
        return by_model.get(model._meta.label, 0)  # noqa: SLF001 - as above

    return remove


def forgetting(function: str) -> Callable[[Collection[Any]], int]:
    """Delete rows of a table to which the application may only add, by the function of the database that refuses what is too young."""

    def remove(keys: Collection[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"select office.{function}(%s::uuid[])", [list(keys)])
            return int(cursor.fetchone()[0])

    return remove
