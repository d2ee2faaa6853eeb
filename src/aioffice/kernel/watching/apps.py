"""The room that watches, as a Django application."""

from django.apps import AppConfig


class WatchingConfig(AppConfig):
    """Figures, announcements and faults of jobs; its tables are made by hand, without models."""

    name = "aioffice.kernel.watching"
    label = "watching"
