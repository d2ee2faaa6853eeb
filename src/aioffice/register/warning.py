"""Who registered the use of a system learns that the provider's entry was declared an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.notices.service import queue_notices
from aioffice.kernel.procedures.models import OutboxEvent
from aioffice.register.models import Entry


def warn_users(events: Sequence[OutboxEvent], at: datetime) -> None:
    """Tell each deployer, on the case of its own registration, so that it learns nothing of the provider's."""
    records = {event.case_id: event.record_id for event in events}
    uses = (
        Entry.objects.filter(provider_entry__in=records, in_error_since=None).select_related("case").order_by("number")
    )
    for use in uses:
        assert use.provider_entry_id is not None, "found by it"
        queue_notices(
            case=use.case,
            record_id=records[use.provider_entry_id],
            organisations=[use.organisation_id],
            step="register.provider-entry-in-error",
            title=_(
                "The provider declared the entry you selected (field C 3) an error: check whether you may go on using the system"
            ),
            at=at,
        )
