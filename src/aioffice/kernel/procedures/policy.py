"""One policy answers three questions: may this actor take this step, which cases may it see, who may take this step.

All doors ask here; a property test ties the three answers together.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from aioffice.kernel.clocks.declaring import SWEEPER
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Step, procedure
from aioffice.kernel.procedures.models import Case, RoundPlace


class Policy:
    """The policy of every desk: what the declaration says, nothing beside it."""

    def may(self, actor: Actor, step: Step, case: Case | None) -> bool:
        """Whether `actor` may take `step` on `case` (None: open a new one), leaving the state aside."""
        if case is not None and not self.sees(actor, case) and not any(who.service for who in step.by):
            return False
        addressees = self._addressees(step, case)
        return any(who.allows(actor, case, addressees=addressees) for who in step.by)

    def sees(self, actor: Actor, case: Case) -> bool:
        """Whether `actor` may see `case` at all."""
        if actor.service:
            return True
        if actor.organisation is None or not actor.roles:
            return False
        return case.organisation_id == actor.organisation or bool(set(actor.keys) & set(case.audience))

    def visible_to(self, actor: Actor) -> QuerySet[Case]:
        """The cases `actor` may see."""
        if actor.service:
            return Case.objects.all()
        if actor.organisation is None or not actor.roles:
            return Case.objects.none()
        return Case.objects.filter(Q(organisation_id=actor.organisation) | Q(audience__overlap=list(actor.keys)))

    def who_may(self, step: Step, case: Case | None) -> set[UUID]:
        """The organisations in which somebody with the right role may take `step` on `case`."""
        addressees = self._addressees(step, case)
        found: set[UUID] = set()
        for who in step.by:
            found |= who.organisations(case, addressees=addressees)
        return found

    def steps_for(self, actor: Actor, case: Case) -> list[Step]:
        """The steps `actor` may take on `case` now, in the order declared."""
        return [
            step
            for step in procedure(case.procedure).steps.values()
            if not step.opens_case and step.starts_in(case.state) and self.may(actor, step, case)
        ]

    @staticmethod
    def _addressees(step: Step, case: Case | None) -> frozenset[UUID]:
        if step.answers is None or case is None:
            return frozenset()
        waiting = Q(answered_at=None)
        if step.undoes:  # whoever was silent may still show that it was not
            waiting |= Q(answer__actor=f"service:{SWEEPER}")
        places = RoundPlace.objects.filter(waiting, case=case, round=step.answers.name)
        return frozenset(places.values_list("addressee_id", flat=True))


policy = Policy()
