"""Who may take a step, as data: from one value come the check, the list of those who may, the docs and the generated tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import CapacityGrant, Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role

if TYPE_CHECKING:
    from aioffice.kernel.procedures.models import Case

FILING_ROLES = frozenset({Role.EDITOR, Role.SIGNATORY})
SIGNING_ROLES = frozenset({Role.SIGNATORY})


class Relation(Enum):
    """How the actor's organisation must stand to the case."""

    ANY = "any"
    """No relation asked (opening a case, or an office-wide duty)."""
    FILER = "filer"
    """The organisation whose case it is."""
    CONCERNED = "concerned"
    """Holds the capacity for a Member State that the case concerns."""
    ADDRESSEE = "addressee"
    """Has an open place in a round of the case."""
    COUNTERPART = "counterpart"
    """The other organisation the case names."""


@dataclass(frozen=True)
class Who:
    """A kind of actor: capacities (any of them; none asked when empty), roles (any of them), relation to the case.

    `unadmitted` lets organisations act that have not yet proved who they are; `service` names a service actor instead.
    """

    title: Any
    capacities: frozenset[Capacity] = frozenset()
    roles: frozenset[Role] = FILING_ROLES
    relation: Relation = Relation.ANY
    unadmitted: bool = False
    secure_access: bool = False
    service: str = ""

    def allows(self, actor: Actor, case: Case | None, *, addressees: frozenset[UUID] = frozenset()) -> bool:
        """Whether `actor` is of this kind towards `case` (None: a case not opened yet)."""
        if self.service:
            return actor.service == self.service
        if actor.organisation is None or not (self.roles & actor.roles):
            return False
        if not self.unadmitted and not actor.admitted:
            return False
        if self.capacities and not (self.capacities & actor.capacities):
            return False
        if self.secure_access and not actor.secure_access:
            return False
        if case is not None and case.secure and self.capacities and not self._may_see_secure(actor, case):
            return False
        return self._stands(actor, case, addressees)

    def _may_see_secure(self, actor: Actor, case: Case) -> bool:
        return case.organisation_id == actor.organisation or bool(set(actor.keys) & set(case.audience))

    def _stands(self, actor: Actor, case: Case | None, addressees: frozenset[UUID]) -> bool:
        match self.relation:
            case Relation.ANY:
                return True
            case Relation.FILER:
                return case is not None and case.organisation_id == actor.organisation
            case Relation.CONCERNED:
                states = {state for capacity, state in actor.capacity_states if capacity in self.capacities}
                return case is not None and bool(states & set(case.member_states))
            case Relation.ADDRESSEE:
                return actor.organisation in addressees
            case Relation.COUNTERPART:
                return case is not None and case.counterpart_id == actor.organisation

    def organisations(self, case: Case | None, *, addressees: frozenset[UUID] = frozenset()) -> set[UUID]:
        """Return the organisations in which somebody with the right role could take the step."""
        if self.service:
            return set()
        candidates = Organisation.objects.all() if self.unadmitted else Organisation.objects.exclude(admitted_at=None)
        if self.capacities:
            grants = CapacityGrant.objects.filter(ended_at=None, capacity__in=self.capacities)
            if self.relation is Relation.CONCERNED and case is not None:
                grants = grants.filter(member_state__in=case.member_states)
            if self.secure_access:
                grants = grants.filter(secure_access=True)
            candidates = candidates.filter(pk__in=grants.values("organisation_id"))
        if self.relation is Relation.FILER:
            candidates = candidates.filter(pk__in=[case.organisation_id] if case else [])
        elif self.relation is Relation.ADDRESSEE:
            candidates = candidates.filter(pk__in=addressees)
        elif self.relation is Relation.COUNTERPART:
            candidates = candidates.filter(pk__in=[case.counterpart_id] if case and case.counterpart_id else [])
        return set(candidates.values_list("pk", flat=True))


def filer(*, signs: bool = False, unadmitted: bool = False) -> Who:
    """The organisation whose case it is; `signs` asks for a signatory."""
    roles = SIGNING_ROLES if signs else FILING_ROLES
    title = _("Filer (signatory)") if signs else _("Filer")
    return Who(title, roles=roles, relation=Relation.FILER, unadmitted=unadmitted)


def operator(*capacities: Capacity, title: Any, signs: bool = True) -> Who:
    """An operator that opens a case of its own."""
    return Who(title, capacities=frozenset(capacities), roles=SIGNING_ROLES if signs else FILING_ROLES)


def authority_concerned(*capacities: Capacity, title: Any) -> Who:
    """An authority of a Member State that the case concerns."""
    return Who(title, capacities=frozenset(capacities), relation=Relation.CONCERNED)


def service_actor(name: str) -> Who:
    """The named service actor."""
    return Who(_("Service: %(name)s") % {"name": name}, service=name)


AI_OFFICE = Who(_("AI Office"), capacities=frozenset({Capacity.AI_OFFICE}))
