"""Parts that several forms of this desk share."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.kernel.procedures.ask import Ask, Form, Widget

Name = Annotated[str, Field(min_length=1, max_length=300)]
Line = Annotated[str, Field(min_length=1, max_length=500)]
Words = Annotated[str, Field(min_length=1, max_length=4000)]


class Reasons(Form):
    """Why a decision was taken; whoever it concerns reads it."""

    reasons: Annotated[Words, Ask(_("Reasons"), widget=Widget.LONG_TEXT, public=False)]


class Statement(Form):
    """Something said about the case, in words."""

    text: Annotated[Words, Ask(_("Text"), widget=Widget.LONG_TEXT, public=False)]
