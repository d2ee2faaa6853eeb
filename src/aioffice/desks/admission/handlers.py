"""What follows on this desk's events: jobs that act as named services, once per event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aioffice.desks.admission.events import (
    CapacityEnded,
    ImpersonationDecided,
    ImpersonationReported,
    PublicationsReleased,
)
from aioffice.desks.admission.procedure.access import SecureAccess
from aioffice.desks.admission.procedure.impersonation import IdentityHearing, ImpersonationReport
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.links import link
from aioffice.kernel.procedures.models import Case, CaseLink, OutboxEvent
from aioffice.kernel.procedures.performing import perform
from aioffice.register.models import Entry
from aioffice.register.publishing import publish_entries

__all__ = ["CapacityEnded", "ImpersonationDecided", "ImpersonationReported", "PublicationsReleased"]

REGISTRAR = service("registrar")
HEARD_IN = "heard-in"
"""Relation between a report and the hearing of whoever was reported; only those who may see the report see the link."""


def _cases(events: Sequence[OutboxEvent]) -> list[Case]:
    return list(Case.objects.filter(pk__in={event.case_id for event in events}).order_by("opened_at", "id"))


def end_secure_access(events: Sequence[OutboxEvent], at: datetime) -> None:
    """With a capacity ends the access to the secure section that rested on it."""
    for case in _cases(events):
        resting = Case.objects.filter(
            procedure=SecureAccess.slug,
            state=SecureAccess.in_force.name,
            counterpart=case.counterpart_id,
            facts__capacity=case.facts["capacity"],
            facts__member_state=case.facts["member_state"],
        )
        for access in resting:
            perform(SecureAccess.lapse, access, actor=REGISTRAR, data={}, at=at)


def open_hearing(events: Sequence[OutboxEvent], at: datetime) -> None:
    """Hear whoever was reported: in one hearing, however many report it."""
    for report in _cases(events):
        if report.state != ImpersonationReport.reported.name:
            continue
        running = Case.objects.filter(
            procedure=IdentityHearing.slug, state=IdentityHearing.open_hearing.name, organisation=report.counterpart_id
        )
        hearing = running.first()
        if hearing is None:
            record = perform(
                IdentityHearing.begin, None, actor=REGISTRAR, data={"organisation": str(report.counterpart_id)}, at=at
            )
            hearing = record.case
        link(report, HEARD_IN, hearing, actor=REGISTRAR, at=at)


def close_hearing(events: Sequence[OutboxEvent], at: datetime) -> None:
    """Close the hearing: at once when a report was upheld, else when no report on the organisation is open any more."""
    for report in _cases(events):
        found = CaseLink.objects.filter(case=report, relation=HEARD_IN).select_related("other").first()
        if found is None or found.other.state != IdentityHearing.open_hearing.name:
            continue
        upheld = report.state == ImpersonationReport.upheld.name
        others = Case.objects.filter(
            procedure=ImpersonationReport.slug,
            state=ImpersonationReport.reported.name,
            counterpart=report.counterpart_id,
        )
        if upheld or not others.exists():
            step = IdentityHearing.confirm if upheld else IdentityHearing.clear
            perform(step, found.other, actor=REGISTRAR, data={}, at=at)


def publish_what_waited(events: Sequence[OutboxEvent], at: datetime) -> None:
    """Publish every entry of the organisations that may publish again."""
    organisations = {case.counterpart_id for case in _cases(events)}
    publish_entries(Entry.objects.filter(organisation__in=organisations, secure=False).values_list("pk", flat=True))
