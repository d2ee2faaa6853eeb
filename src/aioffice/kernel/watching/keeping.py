"""How long the office keeps what it says of itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.retention.declaring import SILENT, End, Retention, keep

keep(
    Retention(
        "announcements",
        _("Announcements of maintenance and incidents, and how each part of the office last was"),
        (),
        End.KEPT,
        _("They were public, and say nothing about anybody."),
        SILENT,
        tables=("published.office_announcement", "published.office_state"),
    ),
    Retention(
        "job-faults",
        _("Where in the code a background job failed"),
        (),
        End.AUTOMATIC,
        _("It goes with its job."),
        SILENT,
        days=30,
        counted_from=_("the end of the job"),
        tables=("watching_jobfault",),
        job="watching.forget_faults",
    ),
)
