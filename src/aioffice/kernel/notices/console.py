"""Mail where no mail server is set: printed for whoever runs the office, as a person would read it."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Django's console backend, without the transfer encoding that cuts long links in two."""

    def write_message(self, message: EmailMessage) -> None:
        """Print one message: to whom, about what, and its text."""
        head = f"To: {', '.join(message.recipients())}\nSubject: {message.subject}"
        self.stream.write(f"{'-' * 79}\n{head}\n\n{str(message.body).strip()}\n{'-' * 79}\n")
