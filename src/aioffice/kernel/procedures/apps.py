"""Django application of the procedures room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Registers the models."""

    name = "aioffice.kernel.procedures"
    label = "procedures"
