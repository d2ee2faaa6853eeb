"""Django application of the clocks room."""

from __future__ import annotations

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Clocks of cases."""

    name = "aioffice.kernel.clocks"
    label = "clocks"
