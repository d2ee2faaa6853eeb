"""Django application of the notices room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the models; its jobs are found by the worker in `jobs.py`."""

    name = "aioffice.kernel.notices"
    label = "notices"
