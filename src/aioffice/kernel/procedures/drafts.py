"""Drafts: what somebody has typed and not yet filed. Nothing typed is ever lost, and nothing is judged before it is filed.

A draft belongs to an organisation and to the person who last worked on it; its other editors and signatories may see it and go on
with it. When two people (or two tabs) work on one draft, the later one gets a draft of its own instead of overwriting the other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.keys import audience_key
from aioffice.kernel.procedures.declaration import step_by_key
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotAllowed, NotFound
from aioffice.kernel.procedures.models import Draft
from aioffice.kernel.procedures.pointers import location_from_name
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.spec import spec_of
from aioffice.kernel.procedures.who import FILING_ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.declaration import Step

LARGEST = 1_000_000
"""Characters of raw values that one draft may hold."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved draft. The page sends `draft.updated_at` back with its next save.

    `split_from` names the draft that somebody else had changed meanwhile: what was typed now stands in a draft of its own.
    """

    draft: Draft
    split_from: UUID | None = None


def save_draft(
    values: Mapping[str, Sequence[str]],
    *,
    actor: Actor,
    at: datetime,
    step: str,
    schema_hash: str,
    case_id: UUID | None = None,
    draft_id: UUID | None = None,
    seen: datetime | None = None,
) -> Saved:
    """Save raw values as typed, for the step with that key; return the draft they are in.

    With `draft_id` that draft is saved over if it is still as it was at `seen` (its `updated_at` then); otherwise, or when it is gone,
    the values go into a new one. Secret answers are left out.

    Raises `NotAllowed` for anyone but an editor or signatory signed in, `NotFound` for a case that does not concern the actor,
    `Invalid` when there is far more text than any form asks, `KeyError` for an unknown step.
    """
    kept = _keepable(step_by_key(step))
    person, organisation = _worker(actor)
    content = {str(name): [str(value) for value in got] for name, got in values.items() if kept(str(name))}
    if len(json.dumps(content, ensure_ascii=False)) > LARGEST:
        message = _("This is more than a draft can hold: shorten the longest texts, or attach them as documents.")
        raise Invalid(errors=[FieldError("", message, "too-large")])
    with acting(actor, at):
        audience = _audience(case_id, actor)
        found = None
        if draft_id is not None:
            found = _drafts(actor).select_for_update(of=("self",)).filter(pk=draft_id, step=step, case=case_id).first()
        if found is not None and seen == found.updated_at:
            if found.person_id != person:
                audit(actor, "draft.take_over", f"draft:{found.pk}", {"from": str(found.person_id)}, at)
            found.person_id = person
            found.values = content
            found.schema_hash = schema_hash
            # Later than before, whatever the clocks say: the time is also what tells one save from the next.
            found.updated_at = max(at, found.updated_at + timedelta(microseconds=1))
            found.save(update_fields=["person", "values", "schema_hash", "updated_at"])
            return Saved(found)
        draft = Draft.objects.create(
            person_id=person,
            organisation_id=organisation,
            step=step,
            case_id=case_id,
            values=content,
            schema_hash=schema_hash,
            created_at=at,
            updated_at=at,
            audience=audience,
        )
        split_from = found.pk if found is not None else None
        audit(actor, "draft.create", f"draft:{draft.pk}", {"step": step, "split_from": str(split_from or "")}, at)
        return Saved(draft, split_from)


def load_draft(draft_id: UUID, *, actor: Actor) -> Draft:
    """Return a draft of the acting organisation; raise `NotFound`. Called inside `acting`."""
    draft = _drafts(actor).filter(pk=draft_id).select_related("person", "case").first()
    if draft is None:
        raise NotFound(_("There is no such draft. Perhaps it was filed or deleted."))
    return draft


def list_drafts(*, actor: Actor, step: str = "", case_id: UUID | None = None) -> list[Draft]:
    """Return the drafts of the acting organisation, last saved first, of one step or case if asked. Called inside `acting`."""
    drafts = _drafts(actor).select_related("person", "case")
    if step:
        drafts = drafts.filter(step=step)
    if case_id is not None:
        drafts = drafts.filter(case=case_id)
    return list(drafts)


def delete_draft(draft_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Delete a draft, because it was filed or is no longer wanted; raise `NotFound` when there is none."""
    with acting(actor, at):
        draft = load_draft(draft_id, actor=actor)
        audit(actor, "draft.delete", f"draft:{draft.pk}", {"step": draft.step}, at)
        draft.delete()


def _keepable(step: Step) -> Callable[[str], bool]:
    """Which inputs a draft may keep: all but those whose answers are secret."""
    if step.asks is None:
        return lambda name: True
    spec = spec_of(step.asks)

    def keepable(name: str) -> bool:
        field = spec.find(location_from_name(name))
        return field is None or not field.secret

    return keepable


def _audience(case_id: UUID | None, actor: Actor) -> list[int]:
    """Keys of which a colleague must hold one to see the draft too, none for most; raise `NotFound` for a case the actor may not see."""
    if case_id is None:
        return []
    case = policy.visible_to(actor).filter(pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case, or it does not concern you."))
    return sorted({*case.audience, audience_key(f"org:{case.organisation_id}")}) if case.secure else []


def _worker(actor: Actor) -> tuple[UUID, UUID]:
    if actor.person is None or actor.organisation is None or not (actor.roles & FILING_ROLES):
        raise NotAllowed(_("Drafts are written by editors and signatories of an organisation."))
    return actor.person, actor.organisation


def _drafts(actor: Actor) -> QuerySet[Draft]:
    """The drafts an actor may see: its organisation's, on cases it may see itself (a colleague may be cleared where it is not)."""
    if actor.person is None or actor.organisation is None or not (actor.roles & FILING_ROLES):
        return Draft.objects.none()
    known = Q(case=None) | Q(case__in=policy.visible_to(actor))
    return Draft.objects.filter(known, organisation_id=actor.organisation)
