"""The receipt of a step as PDF with the facts of the step in words: one for the case page and for the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aioffice.doors.api.casefile import record_line
from aioffice.doors.receipt_pdf import receipt_pdf
from aioffice.doors.web.templatetags._dates import long_date, long_moment
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.kernel.ledger.receipts import erased_on
from aioffice.kernel.procedures.declaration import procedure
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.settings import settings


def printed_receipt(receipt: dict[str, Any], case: Case, record: StepRecord, *, at: datetime) -> bytes:
    """The PDF in the language of the request, for whoever has been let see the record; `receipt` is what `proofs.step_receipt` gives."""
    url = settings().base_url + reverse("office_receipt", args=[case.pk, record.sequence])
    return receipt_pdf(receipt, _facts(case, record), url=url, at=at)


def file_name(case: Case, record: StepRecord, kind: str) -> str:
    """What a receipt is called when it is saved."""
    return f"receipt-{case.number or case.pk}-{record.sequence}.{kind}"


def _facts(case: Case, record: StepRecord) -> list[tuple[str, str]]:
    line = record_line(record)
    facts = [
        (_("Step"), f"{line['title']} ({record.sequence})"),
        (_("Procedure"), str(procedure(case.procedure).title)),
        (_("Case"), case.number or str(case.pk)),
        (_("Subject"), case.subject),
        (_("Organisation"), line["organisation"] or _("service of the Office")),
        (_("Took place"), long_moment(record.took_place_at)),
        (_("Recorded"), long_moment(record.recorded_at)),
        (_("Legal basis"), provision_words(record.basis)),
    ]
    facts += [(_("Erased"), _erased(pointer, day)) for pointer, day in erased_on(record).items()]
    return [(name, text) for name, text in facts if text]


def _erased(pointer: str, day: str) -> str:
    words = {"what": pointer, "day": long_date(day)}
    return _("%(what)s, on %(day)s") % words if pointer else _("everything that was sent, on %(day)s") % words
