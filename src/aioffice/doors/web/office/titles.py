"""What steps and drafts are called on pages, and where they are worked on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Step, step_by_key
from aioffice.kernel.procedures.models import Draft
from aioffice.kernel.procedures.spec import FormSpec, Shape, spec_of


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as lists show it. `said` is the first thing that was typed in words, to tell one draft from another."""

    id: UUID
    title: Any
    said: str
    case_number: str
    person: str
    own: bool
    updated_at: datetime
    url: str


def draft_lines(drafts: Iterable[Draft], actor: Actor) -> list[DraftLine]:
    """Drafts as lists show them; those of steps that are no longer declared are left out."""
    found = []
    for draft in drafts:
        try:
            step = step_by_key(draft.step)
        except KeyError:
            continue
        found.append(
            DraftLine(
                id=draft.pk,
                title=title_of(step),
                said=_said(step, draft),
                case_number=str(draft.case.number or "") if draft.case else "",
                person=draft.person.get_full_name(),
                own=draft.person_id == actor.person,
                updated_at=draft.updated_at,
                url=f"{form_url(step, draft.case_id)}?draft={draft.pk}",
            )
        )
    return found


def title_of(step: Step) -> Any:
    """What a step is called where its procedure is not in sight: opening steps go by the procedure's title, if there is but one."""
    return step.procedure.title if step.opens_case and len(step.procedure.opening_steps()) == 1 else step.title


def form_url(step: Step, case_id: UUID | None) -> str:
    """Where the form of a step is filled in."""
    if case_id is None:
        return reverse("office_opening", args=[step.procedure.slug, step.name])
    return reverse("office_step", args=[case_id, step.name])


def _said(step: Step, draft: Draft) -> str:
    if step.asks is None:
        return ""
    for name in _telling(spec_of(step.asks)):
        if text := " ".join(draft.values.get(name) or ()).strip():
            return text[:80] + ("…" if len(text) > 80 else "")
    return ""


def _telling(spec: FormSpec) -> list[str]:
    """Names of the inputs whose text tells a draft best: plain lines before long texts."""
    plain = [
        f
        for f in spec.fields
        if f.shape is Shape.TEXT and f.choices is None and not f.choices_for and f.widget.value in ("text", "long_text")
    ]
    return [field.name for field in sorted(plain, key=lambda field: field.widget.value == "long_text")]
