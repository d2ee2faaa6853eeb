"""What a mandate of an authorised representative asks (Article 22)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.desks.admission.forms.common import Line, Name, Words
from aioffice.kernel.procedures.ask import Ask, Form, Widget


class Proposal(Form):
    """To whom the provider gives its mandate, and for what."""

    representative: Annotated[
        Name,
        Ask(
            _("Authorised representative"),
            help=_("Its official identifier (LEI, VAT number or EUID), or its exact name here."),
            provision="22(1)",
        ),
    ]
    scope: Annotated[
        Line,
        Ask(
            _("Systems covered"),
            help=_("Their names, or “all high-risk AI systems of the provider”."),
            provision="22(3)",
            public=False,
        ),
    ]
    mandate_copy: Annotated[
        UUID | None,
        Ask(
            _("Copy of the written mandate"),
            help=_("Authorities may ask the representative for it at any time."),
            provision="22(3)",
            public=False,
            widget=Widget.FILE,
        ),
    ] = None


class Termination(Form):
    """Why the representative has to end the mandate, and who must know beside the market surveillance authority."""

    reasons: Annotated[
        Words,
        Ask(
            _("How the provider acts contrary to its obligations"),
            help=_("The market surveillance authority and the notified body read this."),
            provision="22(4)",
            widget=Widget.LONG_TEXT,
            public=False,
        ),
    ]
    notified_body: Annotated[
        str,
        Field(max_length=300),
        Ask(
            _("Notified body, where one is involved"),
            help=_("Its official identifier or its exact name here."),
            provision="22(4)",
            public=False,
        ),
    ] = ""
