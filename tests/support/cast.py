"""Everyone who could ever act: one organisation per capacity and State, one person per role in each, services and nobody."""

from __future__ import annotations

from dataclasses import dataclass, field

from aioffice.kernel.parties.actor import ANONYMOUS, Actor, service
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import NATIONAL_CAPACITIES, OPERATOR_CAPACITIES, Capacity, Role
from tests.support.parties import acting_for, organisation

HOME, AWAY = "PT", "SI"


@dataclass
class Cast:
    """Actors by a name that says what they are, such as `market_surveillance_authority/SI/reader`."""

    actors: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def add(self, name: str, made: Organisation, *, cleared: bool = False) -> None:
        """Add an organisation with one actor per role."""
        self.organisations[name] = made
        for role in Role:
            self.actors[f"{name}/{role.value}"] = acting_for(made, roles=[role], cleared=cleared)


def whole_cast() -> Cast:
    """Make everyone. The filer is a provider (and public deployer) in Portugal; its counterpart an authorised representative there."""
    cast = Cast()
    operators = (Capacity.PROVIDER, Capacity.DEPLOYER)
    cast.add("filer", organisation("Filer", *operators, state=HOME, public_body=True))
    cast.add(
        "counterpart", organisation("Counterpart", Capacity.AUTHORISED_REPRESENTATIVE, Capacity.PROVIDER, state=HOME)
    )
    cast.add("unadmitted", organisation("Unadmitted", *operators, state=HOME, admitted=False))
    cast.add("nothing", organisation("No capacity", state=HOME))
    for capacity in Capacity:
        if capacity in NATIONAL_CAPACITIES:
            for state in (HOME, AWAY):
                cast.add(f"{capacity.value}/{state}", organisation(f"{capacity.value} {state}", capacity, state=state))
        elif capacity in OPERATOR_CAPACITIES:
            cast.add(capacity.value, organisation(f"Other {capacity.value}", capacity, state=HOME))
        else:
            cast.add(capacity.value, organisation(capacity.value, capacity, state="", country="EU"))
    eight = Capacity.ARTICLE_74_8_AUTHORITY
    for state in (HOME, AWAY):
        cast.add(
            f"cleared {eight.value}/{state}",
            organisation(f"Cleared {eight} {state}", eight, state=state, secure_access=True),
        )
    cast.add("cleared edps", organisation("Cleared EDPS", Capacity.EDPS, state="", country="EU", secure_access=True))
    office = cast.organisations["ai_office"]
    for role in Role:
        cast.actors[f"cleared ai_office/{role.value}"] = acting_for_cleared(office, role)
    cast.actors["anonymous"] = ANONYMOUS
    for name in ("importer", "publisher", "dispatcher", "registrar", "sweeper"):
        cast.actors[f"service {name}"] = service(name)
    return cast


def acting_for_cleared(office: Organisation, role: Role) -> Actor:
    """A named, cleared member of the Commission's staff with one role."""
    from uuid import UUID

    from aioffice.kernel.db import plumbing
    from aioffice.kernel.parties.actors import actor_for_person
    from tests.support.parties import member

    person = member(office, roles=[role], email=f"cleared-{role.value}@example.test", cleared=True)
    with plumbing():
        return actor_for_person(person, UUID(str(office.id)))
