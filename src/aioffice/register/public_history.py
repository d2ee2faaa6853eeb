"""What changed between two versions of an entry, field by field, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aioffice.register.public_entries import PublicVersion, version
from aioffice.register.text.edits import Kind, edits

MOST_EDITS = 1_000
"""Words, or lines, to take out and put in. With more, a reader sees two texts better than one; and anybody may ask for a comparison."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that both versions have, or only the earlier (`removed`) or later (`added`) one."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs. `pointer` is its JSON pointer in the public document; None stands for a field that is not there.

    `point` names its place in Annex VIII (`A.5`), empty for what is none of its fields. Texts come with their `segments`.
    """

    pointer: str
    point: str
    before: Any
    after: Any
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions of one entry and what differs between them; texts that are withheld now are withheld in both."""

    before: PublicVersion
    after: PublicVersion
    changes: tuple[FieldChange, ...]


def difference(*, number: str, n: int, m: int) -> Difference | None:
    """What changed from version `n` to version `m`, in the order of the fields; None when either does not exist."""
    before, after = version(number=number, n=n), version(number=number, n=m)
    if before is None or after is None:
        return None
    return Difference(before, after, tuple(compare(before.document, after.document)))


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Yield what differs between two public documents: their fields, routing facts and language."""
    points = {**before.get("points", {}), **after.get("points", {})}
    for part in ("fields", "routing"):
        old, new = dict(_leaves(before.get(part, {}), f"/{part}")), dict(_leaves(after.get(part, {}), f"/{part}"))
        for pointer in _merged(list(old), list(new)):
            if old.get(pointer) != new.get(pointer):
                point = points.get(pointer.split("/")[2], "") if part == "fields" else ""
                yield _change(pointer, point, old.get(pointer), new.get(pointer))
    if before.get("language") != after.get("language"):
        yield _change("/language", "", before.get("language"), after.get("language"))


def _leaves(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and "sha256" not in value:
        for name, inner in value.items():
            yield from _leaves(inner, f"{pointer}/{name}")
    else:
        yield pointer, value


def _merged(old: list[str], new: list[str]) -> list[str]:
    return list(dict.fromkeys([*new, *old]))


def _change(pointer: str, point: str, before: Any, after: Any) -> FieldChange:
    texts = isinstance(before, str) and isinstance(after, str)
    return FieldChange(pointer, point, before, after, segments(before, after) if texts else ())


def segments(before: str, after: str) -> tuple[Segment, ...]:
    """The later text with what was taken out in its place, as stretches; joined, all but the added ones are the earlier text.

    Word by word; where too much differs for that, line by line, and else the one text for the other.
    """
    for pattern in (_WORDS, _LINES):
        old, new = pattern.findall(before), pattern.findall(after)
        if (found := edits(old, new, most=MOST_EDITS)) is not None:
            return tuple(
                Segment(edit.kind, "".join((new if edit.kind == "added" else old)[edit.start : edit.end]))
                for edit in found
            )
    return Segment("removed", before), Segment("added", after)
