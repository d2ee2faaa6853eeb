"""Django application of the parties room."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from aioffice.kernel.db.acting import guard_connection


class PartiesConfig(AppConfig):
    """Registers the models and, before any query can be sent, the guard on the application's connection."""

    name = "aioffice.kernel.parties"
    label = "parties"

    def ready(self) -> None:
        connection_created.connect(guard_connection, dispatch_uid="aioffice.guard_connection")
