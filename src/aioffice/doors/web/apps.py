"""The web door as a Django application: its templates, tags and files."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class WebConfig(AppConfig):
    """Templates, template tags and static files of the public site and the office; says which copies of what was filed lie in sessions."""

    name = "aioffice.doors.web"
    label = "web"

    def ready(self) -> None:
        from aioffice.doors.measuring import measure_connection
        from aioffice.doors.web.office import redacting

        connection_created.connect(measure_connection, dispatch_uid="aioffice.measure_connection")
        redacting.declare()
