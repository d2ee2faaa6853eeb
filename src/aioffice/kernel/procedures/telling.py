"""Who is told of a step: notices to the organisations of the audiences that the step names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from aioffice.kernel.notices.service import Message, queue_messages
from aioffice.kernel.parties.actors import organisations_in

if TYPE_CHECKING:
    from uuid import UUID

    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.work import Work


def tell(step: Step, works: Sequence[Work]) -> None:
    """Queue a notice to everyone the step tells; the organisation that acted needs none."""
    if not step.tells:
        return
    known: dict[frozenset[str], set[UUID]] = {}
    messages = []
    for work in works:
        names = frozenset(name for audience in step.tells for name in audience(work.case))
        if names not in known:
            known[names] = organisations_in(names)
        if told := known[names] - {work.actor.organisation}:
            messages.append(_message(work, told, step.told or step.title))
    _queue(messages, works)


def notify(work: Work, audience_names: Iterable[str], title: Any) -> None:
    """Queue a notice about the case to the organisations of those audiences, except the one that acted.

    `title` stays lazy, so that everyone reads it in their own language.
    """
    told = organisations_in(audience_names) - {work.actor.organisation}
    _queue([_message(work, told, title)] if told else [], [work])


def _message(work: Work, told: set[UUID], title: Any) -> Message:
    return Message(work.case, work.record_id, sorted(told), work.step.key, title)


def _queue(messages: Sequence[Message], works: Sequence[Work]) -> None:
    if messages:
        queue_messages(messages, at=works[0].at)
