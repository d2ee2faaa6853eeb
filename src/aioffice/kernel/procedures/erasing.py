"""Erasing what was sent with a step: the payload goes, the record and its salted digests stay."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.kernel.procedures.ask import Ask, Form, Widget


class Erasure(Form):
    """Which step's payload is deleted, and why. Asked by every step declared with `erases`."""

    sequence: Annotated[
        int, Field(ge=1), Ask(_("Number of the step"), help=_("As it stands in the case's timeline."), public=False)
    ]
    reason: Annotated[
        str, Field(min_length=1, max_length=1000), Ask(_("Reason"), widget=Widget.LONG_TEXT, public=False)
    ]
