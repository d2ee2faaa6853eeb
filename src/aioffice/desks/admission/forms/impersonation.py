"""What a report of impersonation asks, and the hearing that follows it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from aioffice.desks.admission.forms.common import Name, Words
from aioffice.kernel.procedures.ask import Ask, Form, Widget


class Report(Form):
    """Who is not who it claims, and how one knows."""

    filer: Annotated[
        Name,
        Ask(
            _("Filer"),
            help=_(
                "Number of one of its entries, for example EU-A-2026-000001, or its official identifier or exact name."
            ),
            public=False,
        ),
    ]
    reasons: Annotated[
        Words,
        Ask(
            _("Why the filer is not who it claims to be"),
            help=_("The filer is told that there is a report, not from whom. The Office knows your organisation."),
            widget=Widget.LONG_TEXT,
            public=False,
        ),
    ]
    evidence_document: Annotated[UUID | None, Ask(_("Evidence"), public=False, widget=Widget.FILE)] = None


class Hearing(Form):
    """Whose identity is looked into; filled in by the Office's own service."""

    organisation: Annotated[UUID, Ask(_("Organisation"), public=False, widget=Widget.HIDDEN)]


class Answer(Form):
    """What the organisation says for itself."""

    text: Annotated[Words, Ask(_("Your answer"), widget=Widget.LONG_TEXT, public=False)]
    document: Annotated[UUID | None, Ask(_("Evidence"), public=False, widget=Widget.FILE)] = None
