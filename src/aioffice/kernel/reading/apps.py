"""Django's name for this room."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """The log of reads."""

    name = "aioffice.kernel.reading"
    label = "reading"
