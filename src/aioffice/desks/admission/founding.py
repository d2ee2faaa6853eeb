"""How somebody without an organisation begins: the organisation is founded and its application filed, both or neither."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aioffice.desks.admission.forms.admission import Application
from aioffice.desks.admission.procedure.operator import OperatorAdmission
from aioffice.kernel.days import office_day
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Person
from aioffice.kernel.parties.organisations import found_organisation, unadmitted_organisation_of
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.parsing import parse
from aioffice.kernel.procedures.performing import perform


def apply_for_admission(
    person: Person, data: Mapping[str, Any], *, at: datetime, idempotency_key: str | None = None
) -> StepRecord:
    """File an application for an organisation that is not here yet; return its record, whose case names the organisation.

    The person founds the organisation and holds every role in it. Whoever administers one that is not admitted yet applies for that
    one, so nobody gathers half-made organisations. Raises what `perform` raises; then there is no organisation either.
    """
    asker = Actor(id=f"person:{person.pk}", name=person.get_full_name(), person=person.pk)
    with acting(asker, at):
        organisation = unadmitted_organisation_of(person)
        if organisation is None:
            form = parse(Application, data, on=office_day(at))
            organisation = found_organisation(person, name=form.name, country=form.country, actor=asker, at=at)
        actor = actor_for_person(person, organisation.pk)
        return perform(OperatorAdmission.apply, None, actor=actor, data=data, at=at, idempotency_key=idempotency_key)
