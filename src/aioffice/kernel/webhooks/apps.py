"""Django application of the webhooks room."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Registers the models, and has notices told onward; its jobs are found by the worker in `jobs.py`."""

    name = "aioffice.kernel.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Let every notice be told to webhooks too."""
        from aioffice.kernel.notices.service import told_onward_by
        from aioffice.kernel.webhooks.jobs import queue_telling

        told_onward_by(queue_telling)
