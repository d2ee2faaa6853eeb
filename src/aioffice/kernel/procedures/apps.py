"""Django application of the procedures room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """Registers the models, and says which copies of what was filed lie in them."""

    name = "aioffice.kernel.procedures"
    label = "procedures"

    def ready(self) -> None:
        from aioffice.kernel.procedures import redacting

        redacting.declare()
