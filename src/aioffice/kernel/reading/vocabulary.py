"""The words of the log of reads: by which door something was opened, and what it was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Door(models.TextChoices):
    """How somebody came in."""

    PAGE = "page", _("Page")
    API = "api", _("API")
    CLI = "cli", _("Command line")


class Thing(models.TextChoices):
    """What was opened."""

    CASE = "case", _("Case file")
    STEP = "step", _("Form of a step on the case")
    RECEIPT = "receipt", _("Receipt of a step")
    LETTER = "letter", _("Letter")
    DOCUMENT = "document", _("Document")
    LOG = "log", _("This log")
