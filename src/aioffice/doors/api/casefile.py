"""A case as data: what lists, case pages of machines and the command line show of it. Called inside `acting`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from aioffice.act.time_limits import time_limit
from aioffice.kernel.clocks.computing import deadline_of
from aioffice.kernel.clocks.models import Clock
from aioffice.kernel.clocks.presenting import deadline_data, in_words
from aioffice.kernel.clocks.queries import clocks_of
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Procedure, Step, procedure
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.redacting import erased_of
from aioffice.kernel.settings import settings
from aioffice.register.procedure import Registration

MOST_STEPS = 2**31 - 1
"""No case has more: it is as far as the database counts."""


def case_url(case: Case) -> str:
    """Address of a case in this API."""
    return f"{settings().base_url}/api/v1/cases/{case.pk}"


def step_url(step: Step, case: Case | None = None) -> str:
    """Where a step is sent to."""
    middle = f"cases/{case.pk}/" if case is not None else ""
    return f"{settings().base_url}/api/v1/procedures/{step.procedure.slug}/{middle}{step.name}"


def _procedure(case: Case) -> type[Procedure] | None:
    try:
        return procedure(case.procedure)
    except KeyError:  # a case of a desk that this installation no longer has
        return None


def _state_title(kind: type[Procedure] | None, state: str) -> str:
    return str(kind.states[state].title) if kind is not None and state in kind.states else state


def _entry_url(case: Case, kind: type[Procedure] | None) -> str | None:
    public = kind is not None and issubclass(kind, Registration) and case.number and not case.secure
    return f"{settings().base_url}/api/v1/register/entries/{case.number}" if public else None


def summary(case: Case, record: StepRecord | None = None) -> dict[str, Any]:
    """The case as a list shows it; with a record, as that step left it (so that a repeated request gets the first answer)."""
    kind = _procedure(case)
    state = record.to_state if record is not None else case.state
    url = case_url(case)
    return {
        "id": case.pk,
        "number": case.number,
        "procedure": case.procedure,
        "subject": case.subject,
        "state": state,
        "state_title": _state_title(kind, state),
        "version": record.sequence if record is not None else case.version,
        "organisation": case.organisation.name,
        "member_states": list(case.member_states),
        "secure": case.secure,
        "opened_at": case.opened_at,
        "updated_at": record.recorded_at if record is not None else case.updated_at,
        "links": {
            "self": url,
            "page": f"{settings().base_url}/en/office/cases/{case.pk}",
            "entry": _entry_url(case, kind),
        },
    }


def record_line(record: StepRecord) -> dict[str, Any]:
    """One step that was taken. Who took it is told by organisation; names of people stay in the office."""
    slug, _dot, name = record.step.rpartition(".")
    try:
        title = str(procedure(slug).steps[name].title)
    except KeyError:
        title = name
    organisation = record.actor_organisation
    payload = getattr(record, "payload", None)
    return {
        "id": record.pk,
        "sequence": record.sequence,
        "step": name,
        "title": title,
        "basis": record.basis,
        "from_state": record.from_state,
        "to_state": record.to_state,
        "by": record.actor.partition(":")[0],
        "organisation": organisation.name if organisation is not None else None,
        "took_place_at": record.took_place_at,
        "recorded_at": record.recorded_at,
        "evidence": payload.evidence if payload is not None else "",
        "presumed": record.presumed,
        "digests": len(record.digests),
    }


def records_of(case: Case, *, after: int = 0) -> Iterable[StepRecord]:
    """The steps taken on a case after the one with that sequence, in order."""
    found = StepRecord.objects.filter(case=case, sequence__gt=after).order_by("sequence")
    return found.select_related("actor_organisation", "payload")


def record_of(case: Case, sequence: int) -> StepRecord:
    """The step with that number; raise NotFound where the case has none."""
    after = min(max(sequence - 1, 0), MOST_STEPS)
    found = next((one for one in records_of(case, after=after) if one.sequence == sequence), None)
    if found is None:
        raise NotFound(_("There is no such case, or it does not concern you."))
    return found


def detail(case: Case, actor: Actor) -> dict[str, Any]:
    """The case with what the actor may do now and everything that was done, with what was sent."""
    timeline = []
    records = list(records_of(case))
    erased = erased_of(records)
    for record in records:
        payload = getattr(record, "payload", None)
        data = payload.data if payload is not None else None
        timeline.append(
            {
                **record_line(record),
                "data": data,
                "erased": payload is None,
                "erased_values": [
                    {"pointer": one.pointer, "erased_at": one.erased_at} for one in erased.get(record.pk, [])
                ],
            }
        )
    return {
        **summary(case),
        "steps": [offered(step, case) for step in offers(case, actor)],
        "timeline": timeline,
        "clocks": [_clock(clock, actor) for clock in clocks_of(case)],
    }


def _clock(clock: Clock, actor: Actor) -> dict[str, Any]:
    return {
        "id": clock.pk,
        "limit": clock.limit,
        "action": in_words(time_limit(clock.limit).action_key),
        "state": clock.state,
        "started_at": clock.started_at,
        "settled_at": clock.settled_at,
        "addressee": clock.round_place.addressee.name if clock.round_place is not None else None,
        "yours": bool(set(clock.concerned) & set(actor.audience_names())),
        "on_silence": clock.tacit_step,
        "days_left": clock.left,
        "earlier_end": clock.earlier_end,
        "deadline": deadline_data(deadline_of(clock)),
    }


def offers(case: Case, actor: Actor) -> list[Step]:
    """The steps the actor may take on the case now."""
    return policy.steps_for(actor, case) if _procedure(case) is not None else []


def offered(step: Step, case: Case) -> dict[str, Any]:
    """A step as the case offers it."""
    return {
        "step": step.name,
        "title": str(step.title),
        "basis": step.basis,
        "url": step_url(step, case),
        "needs_data": step.asks is not None,
    }
