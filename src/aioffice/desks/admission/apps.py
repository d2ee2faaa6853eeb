"""Django application of the admission desk."""

from django.apps import AppConfig


class AdmissionConfig(AppConfig):
    """Declares the procedures and subscribes to what their steps tell."""

    name = "aioffice.desks.admission"
    label = "admission"

    def ready(self) -> None:
        from aioffice.desks.admission import handlers, procedure  # noqa: F401  # importing declares the procedures
        from aioffice.kernel.procedures.events import subscribe

        subscribe(handlers.CapacityEnded, handler=handlers.end_secure_access, acts_as="registrar")
        subscribe(handlers.ImpersonationReported, handler=handlers.open_hearing, acts_as="registrar")
        subscribe(handlers.ImpersonationDecided, handler=handlers.close_hearing, acts_as="registrar")
        subscribe(handlers.PublicationsReleased, handler=handlers.publish_what_waited, acts_as="publisher")
