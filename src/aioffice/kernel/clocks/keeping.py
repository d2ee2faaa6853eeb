"""How long time limits and calendar addresses are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.clocks.models import Clock, FeedAddress, Reminder
from aioffice.kernel.retention.declaring import SILENT, End, Leaving, Retention, keep
from aioffice.kernel.retention.forgetting import plainly

keep(
    Retention(
        "clocks",
        _("Time limits of cases, and the reminders of them"),
        (Clock, Reminder),
        End.KEPT,
        _("They belong to the record of steps: silence may have decided the case."),
        "71(1); 72 to 83",
    ),
    Retention(
        "calendar-addresses",
        _("Secret addresses of calendars that have ended"),
        (FeedAddress,),
        End.PROPOSED,
        _("Only a hash of a dead secret is left of it."),
        SILENT,
        days=365,
        counted_from=_("the end of the address"),
        leaving=Leaving(
            rows=lambda before: FeedAddress.objects.filter(ended_at__lt=before),
            moment="ended_at",
            remove=plainly(FeedAddress),
        ),
    ),
)
