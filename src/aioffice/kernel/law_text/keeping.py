"""How long imported texts of the Act are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.retention.declaring import SILENT, End, Retention, keep

keep(
    Retention(
        "law-texts",
        _("The wording of the Act, as it was imported"),
        (),
        End.KEPT,
        _("It is published law, and says nothing about anybody. Whoever imported it removes it."),
        SILENT,
        tables=("published.act_text", "published.act_line"),
    ),
)
