"""What ports raise."""

from __future__ import annotations


class NotConnected(RuntimeError):
    """There is no such service behind the port; the message says what to use instead."""


class SealInvalid(ValueError):
    """A seal is not valid, not qualified, or not on the document that was asked for; the message says which."""
