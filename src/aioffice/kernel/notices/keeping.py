"""How long messages are kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.notices.models import Mailing, Notice, ReadMark
from aioffice.kernel.retention.declaring import SILENT, End, Leaving, Retention, keep
from aioffice.kernel.retention.forgetting import plainly
from aioffice.kernel.retention.holding import held_cases


def _old(before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(created_at__lt=before).exclude(case__in=held_cases())


keep(
    Retention(
        "messages",
        _("Messages in the inbox, who has read them, and whom an e-mail about them went to"),
        (Notice, ReadMark, Mailing),
        End.PROPOSED,
        _("What they tell of stands in the case."),
        SILENT,
        days=1825,
        counted_from=_("the message"),
        leaving=Leaving(rows=_old, moment="created_at", remove=plainly(Notice), restricted=Q(secure=True)),
    )
)
