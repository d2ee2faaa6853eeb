"""Everything of this desk that reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from aioffice.desks.admission.forms.admission import Application
from aioffice.desks.admission.letters import MOST_ATTEMPTS
from aioffice.desks.admission.models import LetterCode
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.procedures.models import Case, StepPayload

ADMISSION = "operator-admission"
_UNDER_WAY_OR_ADMITTED = ("proof_asked", "proven", "admitted")


@dataclass(frozen=True, slots=True)
class CodeStatus:
    """How an application's proof by letter stands, for its page. The code itself is nowhere."""

    issued_at: datetime
    posted_at: datetime | None
    expires_at: datetime
    attempts_left: int
    works: bool


def in_admission(organisation: Organisation) -> Case | None:
    """Return the organisation's admission that stands or is under way; None without one. Called inside `acting`."""
    cases = Case.objects.filter(procedure=ADMISSION, organisation=organisation, state__in=_UNDER_WAY_OR_ADMITTED)
    return cases.order_by("-opened_at", "-id").first()


def application_of(case: Case) -> Application:
    """Return what an applicant last stated of itself. Called inside `acting` by somebody who may see the case."""
    steps = [f"{ADMISSION}.apply", f"{ADMISSION}.correct"]
    payload = (
        StepPayload.objects.filter(record__case=case, record__step__in=steps).order_by("-record__sequence").first()
    )
    assert payload is not None, "an admission is opened with an application"
    return Application.model_validate(payload.data)


def code_status(case: Case, at: datetime) -> CodeStatus | None:
    """Return how the last letter of an application stands; None for other cases. Called inside `acting`."""
    row = LetterCode.objects.filter(case=case).first()
    if row is None:
        return None
    left = max(0, MOST_ATTEMPTS - row.attempts)
    works = row.ended_at is None and at < row.expires_at
    return CodeStatus(row.issued_at, row.posted_at, row.expires_at, left, works)


def standing_reports(organisation_id: UUID) -> QuerySet[Case]:
    """The reports of impersonation for which an organisation's publications are stopped: not decided yet, or upheld."""
    standing = ("reported", "upheld")
    return Case.objects.filter(procedure="impersonation-report", counterpart=organisation_id, state__in=standing)
