"""The wording of the Act, as a Django application."""

from django.apps import AppConfig


class LawTextConfig(AppConfig):
    """Texts that were imported, with their lines; its tables are made by hand, without models."""

    name = "aioffice.kernel.law_text"
    label = "law_text"
