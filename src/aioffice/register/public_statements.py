"""The documents of the register that the public log speaks of, as the public is shown them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aioffice.kernel.ledger.documents import subject_key
from aioffice.kernel.ledger.statements import Subject
from aioffice.register.public_rows import entry_subject, stated, version_subject
from aioffice.register.public_site import rows

KIND = "entry"
"""The name with which the subjects of the register begin."""


def documents(subjects: Sequence[Subject]) -> Mapping[str, Any]:
    """Read what the public is shown of entries and their versions, by the key of the subject."""
    versions = [(str(subject[KIND]), int(subject["version"])) for subject in subjects if "version" in subject]
    entries = [str(subject[KIND]) for subject in subjects if "version" not in subject]
    found: dict[str, Any] = {}
    for number, n, body in rows(
        "select v.number, v.n, v.body from published.version v "
        "join unnest(%(numbers)s::text[], %(ns)s::int[]) as w (number, n) using (number, n)",
        {"numbers": [number for number, _ in versions], "ns": [n for _, n in versions]},
    ):
        found[subject_key(version_subject(number, n))] = stated(bytes(body))
    for number, body in rows(
        "select number, body from published.entry where number = any(%(numbers)s)", {"numbers": entries}
    ):
        found[subject_key(entry_subject(number))] = stated(bytes(body))
    return found
