"""How long the register is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.retention.declaring import End, Retention, keep
from aioffice.register.models import Entry, EntryVersion, System

keep(
    Retention(
        "entries",
        _("Entries of the register, with every version, and what the public site shows of them"),
        (System, Entry, EntryVersion),
        End.KEPT,
        _(
            "The Act gives the EU database no end, and the register has to show what it said on any day. The ten years of "
            "Article 18 are the provider's duty, not the Office's. Text about people can be withheld or erased."
        ),
        "71(1)-(5)",
        tables=("published.entry", "published.version", "published.document", "published.word"),
    )
)
