"""How long decisions on keeping are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.retention.declaring import SILENT, End, Retention, keep
from aioffice.kernel.retention.models import Hold, Proposal

keep(
    Retention(
        "decisions-on-keeping",
        _("What was proposed for deletion, who decided, and which cases were held"),
        (Proposal, Hold),
        End.KEPT,
        _("It says why something is no longer there. It holds counts, ids and days."),
        f"Regulation (EU) 2018/1725, 4(2); {SILENT}",
    )
)
