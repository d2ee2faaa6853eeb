"""Who is told of a step: notices to the organisations of the audiences that the step names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from aioffice.kernel.notices.service import queue_notices
from aioffice.kernel.parties.actors import organisations_in

if TYPE_CHECKING:
    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.work import Work


def tell(step: Step, works: Sequence[Work]) -> None:
    """Queue a notice to everyone the step tells; the organisation that acted needs none."""
    for work in works:
        names = [name for audience in step.tells for name in audience(work.case)]
        notify(work, names, step.told or step.title)


def notify(work: Work, audience_names: Iterable[str], title: Any) -> None:
    """Queue a notice about the case to the organisations of those audiences, except the one that acted.

    `title` stays lazy, so that everyone reads it in their own language.
    """
    organisations = organisations_in(audience_names) - {work.actor.organisation}
    if organisations:
        queue_notices(
            case=work.case,
            record_id=work.record_id,
            organisations=sorted(organisations),
            step=work.step.key,
            title=title,
            at=work.at,
        )
