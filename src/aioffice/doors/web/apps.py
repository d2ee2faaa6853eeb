"""The web door as a Django application: its templates, tags and files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, template tags and static files of the public site and the office; says which copies of what was filed lie in sessions."""

    name = "aioffice.doors.web"
    label = "web"

    def ready(self) -> None:
        from aioffice.doors.web.office import redacting

        redacting.declare()
