"""What is read from the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from aioffice.kernel.notices.models import Notice, ReadMark
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.policy import policy

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from aioffice.kernel.parties.actor import Actor


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One notice as its reader sees it, in the language in force.

    `subject` and `by`, the organisation that took the step, are empty when the reader may not see the case itself.
    """

    id: UUID
    case_id: UUID | None
    reference: str
    subject: str
    title: str
    created_at: datetime
    read: bool
    secure: bool
    by: str = ""

    @property
    def opens_case(self) -> bool:
        """Whether the reader may open the case."""
        return bool(self.subject)


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of the inbox, newest first; `after` is the cursor of the next page, None at the end."""

    items: tuple[InboxItem, ...]
    after: UUID | None


def _visible(actor: Actor) -> QuerySet[Notice]:
    if actor.organisation is None or not actor.roles:
        return Notice.objects.none()
    # Row-level security says the same; this keeps the index in use and the meaning in sight.
    cleared = Q(secure=False) | Q(audience__overlap=list(actor.keys))
    return Notice.objects.filter(cleared, organisation_id=actor.organisation)


def _read_by(actor: Actor) -> Exists:
    return Exists(ReadMark.objects.filter(notice=OuterRef("pk"), person=actor.person))


def unread_count(actor: Actor) -> int:
    """How many notices of the organisation the acting person has not read."""
    return 0 if actor.person is None else _visible(actor).exclude(_read_by(actor)).count()


def inbox(actor: Actor, *, after: UUID | None = None, size: int = 50, unread_only: bool = False) -> InboxPage:
    """Return a page of the organisation's notices, newest first, starting behind the notice `after`."""
    rows = _visible(actor)
    if unread_only:
        rows = rows.exclude(_read_by(actor))
    if after is not None:
        last = _visible(actor).filter(pk=after).first()
        if last is None:
            return InboxPage((), None)
        rows = rows.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))
    found = list(rows[: size + 1])
    page = found[:size]
    subjects = dict(
        policy.visible_to(actor).filter(pk__in={notice.case_id for notice in page}).values_list("pk", "subject")
    )
    acted = dict(
        StepRecord.objects.filter(pk__in=[notice.record_id for notice in page], case__in=subjects).values_list(
            "pk", "actor_organisation__name"
        )
    )
    read = set(ReadMark.objects.filter(notice__in=page, person=actor.person).values_list("notice_id", flat=True))
    items = tuple(
        InboxItem(
            id=notice.pk,
            case_id=notice.case_id,
            reference=notice.reference,
            subject=subjects.get(notice.case_id, "") if notice.case_id else "",
            title=gettext(notice.title) if notice.title else "",
            created_at=notice.created_at,
            read=notice.pk in read,
            secure=notice.secure,
            by=acted.get(notice.record_id) or "",
        )
        for notice in page
    )
    return InboxPage(items, page[-1].pk if len(found) > size else None)
