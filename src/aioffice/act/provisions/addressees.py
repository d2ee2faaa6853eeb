"""Whom each Article speaks to first, so that what is not encoded yet can be told by who would miss it."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from aioffice.act.lookup import csv_rows

if TYPE_CHECKING:
    from aioffice.act.provisions.nodes import Node


class Addressee(StrEnum):
    """Whom an Article speaks to."""

    OPERATORS = "operators"
    NOTIFIED_BODIES = "notified_bodies"
    AUTHORITIES = "authorities"
    MEMBER_STATES = "member_states"
    UNION = "union"
    """The Commission, the AI Office, the Board and other bodies of the Union."""
    PEOPLE = "people"
    EVERYBODY = "everybody"


def addressees(of: Node) -> tuple[Addressee, ...]:
    """Those an Article speaks to; nobody for an annex, which speaks through what refers to it."""
    return _table().get(of.number, ())


@cache
def _table() -> dict[str, tuple[Addressee, ...]]:
    return {
        row["article"]: tuple(Addressee(code) for code in row["addressees"].split())
        for row in csv_rows("addressees.csv")
    }
