"""Django application of the documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the models, and says which copies of what was filed lie in them."""

    name = "aioffice.kernel.documents"
    label = "documents"

    def ready(self) -> None:
        from aioffice.kernel.documents import redacting

        redacting.declare()
