"""How long what is stored of admissions is kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.desks.admission.models import LetterCode
from aioffice.kernel.retention.declaring import SILENT, End, Retention, keep

keep(
    Retention(
        "letters",
        _("Letters with a code, by which an organisation proved its address: addressee, address, days"),
        (LetterCode,),
        End.KEPT,
        _(
            "They show how an admitted organisation was identified, as long as what it filed can be questioned. Of the code only a hash is "
            "kept here; letters that wait to be printed lie in a folder of the installation."
        ),
        SILENT,
    )
)
