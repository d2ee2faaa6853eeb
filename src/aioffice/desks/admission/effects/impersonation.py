"""What a report of impersonation and its decision do to the filer that was reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from aioffice.desks.admission.documents import check_document, keep_document
from aioffice.desks.admission.effects.admitting import end_admission_without_capacity
from aioffice.desks.admission.effects.common import find_one, invalid, number
from aioffice.desks.admission.queries import in_admission, standing_reports
from aioffice.kernel.db.locks import serialise
from aioffice.kernel.parties.models import CapacityGrant, Organisation
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES
from aioffice.kernel.procedures.errors import Invalid, ProcedureError, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.procedures.work import Work

MOST_OPEN = 3
"""Reports that one organisation may have open at a time."""
QUIET_AFTER_DISMISSAL = timedelta(days=180)
"""For this long, an organisation whose report was dismissed cannot stop the same filer again."""
_NUMBER = re.compile(r"EU-[ABC]-\d{4}-\d{6,}", re.IGNORECASE)


def report(works: Sequence[Work]) -> None:
    """Stop the publications of the filer at once."""
    for work in works:
        found = _filer(work.data["filer"])
        fault: ProcedureError | None = found if isinstance(found, Invalid) else _unfair(work, found)
        fault = fault or check_document(work, "evidence_document")
        if fault is not None or isinstance(found, Invalid):
            work.fail(fault or Invalid(errors=[]))
            continue
        _one_at_a_time(found.pk)
        Organisation.objects.filter(pk=found.pk, publications_frozen_at=None).update(publications_frozen_at=work.at)
        work.case.subject = found.name
        work.case.counterpart_id = found.pk
        number([work])
        keep_document(work, "evidence_document")


def _one_at_a_time(filer: UUID) -> None:
    """Reports on one filer and their decisions come one after the other: none unfreezes what another has just frozen."""
    serialise(f"impersonation:{filer}")


def _filer(text: str) -> Organisation | Invalid:
    """Find the filer by an entry's number, its own number or its name."""
    found = _NUMBER.search(text)
    if found is None:
        return find_one(text, "/filer", *OPERATOR_CAPACITIES)
    with connection.cursor() as cursor:
        cursor.execute("select office.admission_filer_of(%s)", [found.group().upper()])
        row = cursor.fetchone()
    organisation = Organisation.objects.filter(pk=row[0]).first() if row and row[0] else None
    if organisation is None:
        message = _(
            "There is no public entry with this number that says who filed it. Name the filer, or write to the AI Office."
        )
        return invalid("/filer", message, "no-such-entry")
    return organisation


def _unfair(work: Work, filer: Organisation) -> ProcedureError | None:
    """A report stops somebody's publications, so it is not to be had for nothing."""
    own = Case.objects.filter(procedure=work.step.procedure.slug, organisation=work.actor.organisation)
    if filer.pk == work.actor.organisation:
        return invalid("/filer", _("This is your own organisation."), "own-organisation")
    if own.filter(counterpart=filer, state="reported").exists():
        return Refused(_("Your organisation has reported this filer already; the Office is looking at it."))
    if own.filter(counterpart=filer, state="dismissed", updated_at__gt=work.at - QUIET_AFTER_DISMISSAL).exists():
        return Refused(
            _("The Office has dismissed your report on this filer. If there is something new, write to the AI Office.")
        )
    if own.filter(state="reported").count() >= MOST_OPEN:
        return Refused(
            _("%(n)s of your reports are still being looked at. Wait for one of them to be decided.") % {"n": MOST_OPEN}
        )
    return None


def dismiss(works: Sequence[Work]) -> None:
    """Let the filer publish again, unless another report on it is still open or was upheld."""
    for work in works:
        filer = work.case.counterpart_id
        assert filer is not None, "a report names the filer"
        _one_at_a_time(filer)
        if not standing_reports(filer).exclude(pk=work.case.pk).exists():
            Organisation.objects.filter(pk=filer).update(publications_frozen_at=None)


def uphold(works: Sequence[Work]) -> None:
    """Withdraw the filer's admission; its publications stay stopped."""
    from aioffice.desks.admission.procedure.operator import OperatorAdmission

    for work in works:
        assert work.case.counterpart is not None, "a report names the filer"
        _one_at_a_time(work.case.counterpart.pk)
        admission = in_admission(work.case.counterpart)
        if admission is not None and admission.state == OperatorAdmission.admitted.name:
            perform(
                OperatorAdmission.withdraw,
                admission,
                actor=work.actor,
                data={"reasons": work.data["reasons"]},
                at=work.at,
            )
        elif admission is not None:
            perform(
                OperatorAdmission.refuse,
                admission,
                actor=work.actor,
                data={"reasons": work.data["reasons"]},
                at=work.at,
            )
        else:
            _end_capacities(work.case.counterpart, work)


def _end_capacities(organisation: Organisation, work: Work) -> None:
    held = CapacityGrant.objects.filter(organisation=organisation, capacity__in=OPERATOR_CAPACITIES, ended_at=None)
    held.update(ended_at=work.at)
    end_admission_without_capacity(organisation.pk)


def begin_hearing(works: Sequence[Work]) -> None:
    """Open the hearing in the name of whoever was reported."""
    for work in works:
        work.case.organisation = Organisation.objects.get(pk=UUID(work.data["organisation"]))
        work.case.subject = work.case.organisation.name
        number([work])


def answer(works: Sequence[Work]) -> None:
    """Keep what the organisation says for itself, and its evidence."""
    for work in works:
        if fault := check_document(work, "document"):
            work.fail(fault)
        else:
            keep_document(work, "document")
