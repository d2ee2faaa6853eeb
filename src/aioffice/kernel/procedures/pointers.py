"""The one mapping between an input's name on a page, its place in the data and its JSON pointer (RFC 6901).

`provider.name` <-> ("provider", "name") <-> `/provider/name`; rows carry their number: `uses.0.title`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Location = tuple[str | int, ...]

# What counts rows, and nothing that merely looks like it ("007", "²"): each number is written in one way.
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


def _part(text: str) -> str | int:
    return int(text) if _NUMBER.fullmatch(text) else text


def pointer_from_location(location: Sequence[str | int]) -> str:
    """Return the JSON pointer of a location."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def location_from_pointer(pointer: str) -> Location:
    """Return the location of a JSON pointer; numbers become indexes."""
    if not pointer:
        return ()
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("/").split("/")]
    return tuple(_part(part) for part in parts)


def name_from_location(location: Sequence[str | int]) -> str:
    """Return the input's name for a location. Field names hold no dots, so the way back is unambiguous."""
    return ".".join(str(part) for part in location)


def location_from_name(name: str) -> Location:
    """Return the location of an input's name."""
    return tuple(_part(part) for part in name.split(".")) if name else ()


def pointer_from_name(name: str) -> str:
    """Return the JSON pointer of an input's name."""
    return pointer_from_location(location_from_name(name))
