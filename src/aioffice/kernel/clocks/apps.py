"""Django application of the clocks room."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClocksConfig(AppConfig):
    """Clocks of cases."""

    name = "aioffice.kernel.clocks"
    label = "clocks"

    def ready(self) -> None:
        from aioffice.kernel.clocks.allowing import let_silence_act

        post_migrate.connect(let_silence_act, sender=self, dispatch_uid="clocks.let_silence_act")
