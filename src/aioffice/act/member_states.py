"""The 27 Member States of the Union."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from aioffice.act.lookup import find, json_data

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class MemberState:
    """A Member State: ISO 3166-1 codes (Greece is `GR`, not `EL`), the URI of the EU country authority list, names."""

    code: str
    alpha3: str
    uri: str
    names: Mapping[str, str] = field(hash=False)

    def name(self, language: str) -> str:
        """The short name in English, French, Dutch or German (`en`, `fr`, `nl`, `de`). Raises UnknownCodeError."""
        return find("language of Member State names", language.partition("-")[0], self.names)


def member_states() -> tuple[MemberState, ...]:
    """All 27, in the order of their codes."""
    return tuple(_by_code().values())


def member_state(code: str) -> MemberState:
    """The Member State with this two-letter ISO code. Raises UnknownCodeError with the nearest right code."""
    return find("Member State", code, _by_code(), also=_other_spellings())


@cache
def _by_code() -> dict[str, MemberState]:
    rows = json_data("member_states.json")
    return {row["code"]: MemberState(**row) for row in rows}


@cache
def _other_spellings() -> dict[str, str]:
    spellings = {"EL": "GR"}  # the EU's own code for Greece, as in VAT numbers
    for state in member_states():
        spellings |= {state.alpha3: state.code, state.uri: state.code} | dict.fromkeys(state.names.values(), state.code)
    return spellings
