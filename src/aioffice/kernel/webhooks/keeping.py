"""How long webhooks and their deliveries are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.retention.declaring import SILENT, End, Retention, keep
from aioffice.kernel.webhooks.models import Delivery, Webhook

keep(
    Retention(
        "webhooks",
        _("Webhooks, those that were removed too"),
        (Webhook,),
        End.KEPT,
        _(
            "The organisation set them up; who told whom can be asked later. The address goes when one is removed; what is left names no "
            "person, and no secret is stored."
        ),
        SILENT,
    ),
    Retention(
        "webhook-deliveries",
        _("What was delivered to webhooks, and what receivers answered"),
        (Delivery,),
        End.AUTOMATIC,
        _("The inbox keeps the message itself."),
        SILENT,
        days=30,
        counted_from=_("the message"),
        job="webhooks.forget",
    ),
)
