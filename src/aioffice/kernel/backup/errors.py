"""What can stop a backup or a restore."""

from __future__ import annotations


class BackupError(Exception):
    """It cannot be made, read or loaded; the message says what is wrong, where, and what to do."""
