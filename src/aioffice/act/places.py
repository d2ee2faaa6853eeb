"""Where an action has to be taken: the Union institutions, or a Member State; each with its clock (1182/71, Article 2(1))."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from aioffice.act.lookup import csv_rows, find
from aioffice.act.member_states import member_states


@dataclass(frozen=True, slots=True)
class Place:
    """A place of action: `EU` (the Commission with its AI Office), `EDPS`, or a Member State's code; `zone` is its IANA time zone.

    `city` is the code of the city whose clock it is, with the text `city.<code>`. A State with several zones has the one of its
    capital.
    """

    code: str
    zone: str
    city: str

    @property
    def is_institution(self) -> bool:
        """Whether it is an institution of the Union, with a list of holidays of its own."""
        return self.code in ("EU", "EDPS")

    @property
    def key(self) -> str:
        """Key of the text that names an institution; Member States have their names in `member_states`."""
        return f"place.{self.code}"

    @property
    def city_key(self) -> str:
        """Key of the city's name."""
        return f"city.{self.city}"


def places() -> tuple[Place, ...]:
    """The institutions first, then the 27 Member States in the order of their codes."""
    return tuple(_by_code().values())


def place(code: str) -> Place:
    """The place with this code. Raises UnknownCodeError with the nearest right one."""
    also = {"EL": "GR"} | {
        name: state.code for state in member_states() for name in (state.alpha3, *state.names.values())
    }
    return find("place", code, _by_code(), also=also)


@cache
def _by_code() -> dict[str, Place]:
    return {row["code"]: Place(row["code"], row["zone"], row["city"]) for row in csv_rows("places.csv")}
