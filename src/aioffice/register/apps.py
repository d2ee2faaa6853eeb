"""Django application of the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Declares the procedures and subscribes the publisher to what is public."""

    name = "aioffice.register"
    label = "register"

    def ready(self) -> None:
        from aioffice.kernel.ledger.documents import documents_of
        from aioffice.kernel.procedures.declaration import CasePublished
        from aioffice.kernel.procedures.events import subscribe
        from aioffice.register import procedure, public_statements, publishing, redacting, reference_procedure, warning  # noqa: F401  # importing declares them
        from aioffice.register.events import EnteredInError

        redacting.declare()
        documents_of(public_statements.KIND, public_statements.documents)
        subscribe(CasePublished, handler=publishing.publish_cases, acts_as="publisher")
        subscribe(EnteredInError, handler=warning.warn_users, acts_as="publisher")
