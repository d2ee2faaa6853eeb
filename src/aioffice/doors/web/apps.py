"""The web door as a Django application: its templates, tags and files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, template tags and static files of the public site and the office."""

    name = "aioffice.doors.web"
    label = "web"
