"""Who acts: a person for an organisation, a token of an organisation, a named service, or nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from aioffice.kernel.parties.keys import (
    AI_OFFICE,
    OVERSIGHT,
    SECURE_COMMISSION,
    SECURE_EDPS,
    audience_keys,
    auditors_of,
)
from aioffice.kernel.parties.vocabulary import NATIONAL_CAPACITIES, Capacity, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """One who asks and acts, with everything a policy may look at.

    `id` is `person:<uuid>`, `token:<uuid>`, `service:<name>` or `anonymous`. `secure_access` tells that the organisation's
    separate access under Article 74(8) (or the person's clearance, in the Commission) is in force; `secure_capacities` which of the
    capacities it goes with, since access for one Member State is none for another. `roles` are those in which one works on cases or
    manages people; `audits` tells that the actor may see who read what. Of itself that opens no case.
    """

    id: str
    name: str
    person: UUID | None = None
    organisation: UUID | None = None
    organisation_name: str = ""
    member_state: str = ""
    admitted: bool = False
    capacities: frozenset[Capacity] = frozenset()
    capacity_states: frozenset[tuple[Capacity, str]] = frozenset()
    roles: frozenset[Role] = frozenset()
    audits: bool = False
    secure_access: bool = False
    secure_capacities: frozenset[tuple[Capacity, str]] = frozenset()
    keys: tuple[int, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(audience_keys(self.audience_names())))

    @property
    def organisation_key(self) -> str:
        """The organisation's id as text, empty when there is none."""
        return str(self.organisation) if self.organisation else ""

    @property
    def works_for(self) -> str:
        """The organisation whose own rows the actor works on, as text; empty for whoever holds no role in which one works there."""
        return self.organisation_key if self.roles else ""

    @property
    def service(self) -> str:
        """The service's name, empty for anyone else."""
        return self.id.removeprefix("service:") if self.id.startswith("service:") else ""

    def audience_names(self) -> list[str]:
        """Names of every audience this actor belongs to. A person without any role in the organisation belongs to none."""
        if self.service:
            return [self.id]
        if self.organisation is None:
            return []
        return [*self._working(), *self._auditing()]

    def _auditing(self) -> list[str]:
        if not self.audits:
            return []
        oversees = self.capacities & {Capacity.AI_OFFICE, Capacity.EDPS}
        return [auditors_of(self.organisation_key), *([OVERSIGHT] if oversees else [])]

    def _working(self) -> list[str]:
        if not self.roles:
            return []
        names = [f"org:{self.organisation}"]
        for capacity, state in self.capacity_states:
            if capacity in NATIONAL_CAPACITIES:
                names.append(f"{capacity.value}:{state}")
            else:
                names.append(AI_OFFICE if capacity is Capacity.AI_OFFICE else capacity.value)
        for capacity, state in self.secure_capacities:
            if capacity is Capacity.AI_OFFICE:
                names.append(SECURE_COMMISSION)
            elif capacity is Capacity.ARTICLE_74_8_AUTHORITY:
                names.append(f"secure:{state}")
            elif capacity is Capacity.EDPS:
                names.append(SECURE_EDPS)
        return names


ANONYMOUS = Actor(id="anonymous", name="Anonymous")


def service(name: str) -> Actor:
    """Return the named service actor (`importer`, `publisher`, `notifier`, `dispatcher`, `registrar`, `sweeper`)."""
    return Actor(id=f"service:{name}", name=f"Service {name}", admitted=True)
