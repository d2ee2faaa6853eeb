"""Django application of the documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the models."""

    name = "aioffice.kernel.documents"
    label = "documents"
