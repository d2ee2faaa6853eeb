"""Public documents as the public is shown them, by the room they are of: read over the connection of the public site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aioffice.kernel.canonical import canonical
from aioffice.kernel.ledger.statements import Subject

Documents = Callable[[Sequence[Subject]], Mapping[str, Any]]
"""Reads public documents, over the connection of the public site: by the key of the subject, what the public is shown now."""

_readers: dict[str, Documents] = {}


def documents_of(kind: str, reader: Documents) -> None:
    """Say who reads the documents of subjects whose first name is `kind`. Called from a room's `apps.py`."""
    _readers[kind] = reader


def shown_now(subjects: Sequence[Subject]) -> dict[str, Any]:
    """What the public is shown of these subjects, by their keys; without those it is not shown.

    Another transaction, whatever the current one has written: nothing of that is public before it commits.
    """
    found: dict[str, Any] = {}
    for kind, read in _readers.items():
        wanted = [subject for subject in subjects if kind in subject]
        if wanted:
            found.update(read(wanted))
    return found


def subject_key(subject: Subject) -> str:
    """A subject as the key under which its newest statement lies."""
    return canonical(dict(subject)).decode()
