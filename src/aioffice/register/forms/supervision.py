"""What authorities, the Office and authorised representatives say about a registration."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.kernel.procedures.ask import Ask, Form, Widget, code
from aioffice.register import vocabulary as v

Words = Annotated[str, Field(min_length=1, max_length=4000)]


class Question(Form):
    """What an authority wants to know of the filer."""

    text: Annotated[Words, Ask(_("Question"), widget=Widget.LONG_TEXT, public=False)]


class Reply(Form):
    """What the filer says to it."""

    text: Annotated[Words, Ask(_("Answer"), widget=Widget.LONG_TEXT, public=False)]


class Doubt(Form):
    """Why the accuracy of an entry is questioned."""

    text: Annotated[
        Words,
        Ask(
            _("What is questioned, and why"),
            help=_("The filer reads this; the public sees the mark alone."),
            widget=Widget.LONG_TEXT,
            public=False,
        ),
    ]


class Reason(Form):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=1000), Ask(_("Reason"), widget=Widget.LONG_TEXT)]


class Mistake(Form):
    """Why an entry should never have been made; read by those who see the case."""

    reason: Annotated[
        str, Field(min_length=1, max_length=1000), Ask(_("Reason"), widget=Widget.LONG_TEXT, public=False)
    ]


class Withholding(Form):
    """Which text the Office withholds, and on which ground."""

    field: Annotated[
        str,
        Field(pattern=r"^[a-z_]+(\.[a-z_]+)?$", max_length=80),
        Ask(
            _("Field"),
            help=_("Its name, for example submitter.contact or intended_purpose."),
            choices_for="shown-fields",
        ),
    ]
    ground: Annotated[
        str, code(lambda: v.Ground.choices), Ask(_("Ground"), widget=Widget.RADIOS, choices=lambda: v.Ground.choices)
    ]
    reason: Annotated[
        str, Field(min_length=1, max_length=1000), Ask(_("Reason"), widget=Widget.LONG_TEXT, public=False)
    ]


class Release(Form):
    """Which text is shown again."""

    field: Annotated[
        str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)?$", max_length=80), Ask(_("Field"), choices_for="withheld-fields")
    ]
    reason: Annotated[
        str, Field(min_length=1, max_length=1000), Ask(_("Reason"), widget=Widget.LONG_TEXT, public=False)
    ]


REPRESENTATIVE_ANSWERS = (("confirmed", _("It is right")), ("contested", _("It is wrong")))


class RepresentativeAnswer(Form):
    """What the authorised representative says of the field that names it (Article 22(3)(e))."""

    outcome: Annotated[
        str,
        code(lambda: REPRESENTATIVE_ANSWERS),
        Ask(
            _("The entry on the authorised representative"),
            widget=Widget.RADIOS,
            choices=lambda: REPRESENTATIVE_ANSWERS,
        ),
    ]
    note: Annotated[
        str, Field(max_length=1000), Ask(_("What would be right"), widget=Widget.LONG_TEXT, public=False)
    ] = ""
