"""How long the log of reads is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.reading.models import Reading
from aioffice.kernel.retention.declaring import SILENT, End, Leaving, Retention, keep
from aioffice.kernel.retention.forgetting import forgetting
from aioffice.kernel.retention.holding import held_cases


def _rows(before: datetime) -> QuerySet[Reading]:
    return Reading.objects.filter(at__lt=before).exclude(cases__overlap=list(held_cases()))


keep(
    Retention(
        "reads",
        _("The log of reads: who opened what others filed"),
        (Reading,),
        End.PROPOSED,
        _("Long enough for whoever looks into a leak; it also says what people did every day."),
        f"78; {SILENT}",
        days=1825,
        counted_from=_("the read"),
        leaving=Leaving(
            rows=_rows, moment="at", remove=forgetting("forget_reads"), restricted=Q(restricted__isnull=False)
        ),
    )
)
