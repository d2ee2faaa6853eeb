"""Reading a request strictly: what is not understood is refused, never passed over."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_header_parameters

from aioffice.act import ENTRY_INTO_FORCE
from aioffice.doors.api.problems import Problem
from aioffice.kernel.procedures.errors import FieldError, Invalid

DEEPEST = 20
"""Levels of a JSON body; no form has more than four."""


def check_query(request: HttpRequest, known: Mapping[str, bool]) -> None:
    """Refuse query parameters that are not in `known`, and repeated ones unless `known` says they may repeat.

    Raises Problem 400.
    """
    wrong: dict[str, str] = {}
    for name in request.GET:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            listed = ", ".join(sorted(known)) or "none"
            wrong[name] = f"There is no such parameter here.{hint} Known: {listed}."
    if wrong:
        raise Problem(
            "unknown-parameter", "; ".join(f"{name}: {text}" for name, text in wrong.items()), parameters=wrong
        )
    for name, values in request.GET.lists():
        if len(values) > 1 and not known[name]:
            wrong[name] = "This parameter is given once."
        if any("\0" in value for value in values):
            wrong[name] = "This parameter holds a sign that no text has (NUL)."
    if wrong:
        raise Problem("bad-parameter", "; ".join(f"{name}: {text}" for name, text in wrong.items()), parameters=wrong)


def check_media_type(request: HttpRequest, wanted: str, *, may_be_empty: bool = False) -> None:
    """Refuse a body of another media type than `wanted`, another charset than UTF-8, or compressed. Raises Problem 415."""
    sent = request.headers.get("Content-Type", "")
    if may_be_empty and not sent:
        return
    kind, parameters = parse_header_parameters(sent)
    if kind.lower() != wanted:
        raise Problem("unsupported-media-type", f"Send a body of the media type {wanted}.", headers={"Accept": wanted})
    if wanted == "application/json" and parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem("unsupported-media-type", "Send JSON in UTF-8.", headers={"Accept": wanted})
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("unsupported-media-type", "Send the body uncompressed.", headers={"Accept-Encoding": "identity"})


MOST_MEMBERS = 500
"""Members of the object that a step is sent: more than any form asks, and few enough to be told of one by one."""


def json_object(request: HttpRequest, *, may_be_empty: bool = False) -> dict[str, Any]:
    """Return the body, one JSON object of texts, whole numbers, yes/no, lists and objects.

    Raises Problem 400 for what is not JSON in UTF-8 or names a member twice, and `Invalid` for values that no form takes: fractions,
    and texts with signs that are no characters.
    """
    return {} if may_be_empty and not request.body else object_of(request.body, "The body")


def object_of(content: bytes, what: str) -> dict[str, Any]:
    """Return one JSON object, as `json_object` does. `what` names it at the beginning of a sentence."""
    try:
        value = json.loads(
            content.decode(), object_pairs_hook=_once, parse_float=_Fraction, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise Problem("malformed-json", f"{what} is not JSON: {_first_line(error)}.") from None
    if not isinstance(value, dict):
        raise Problem("malformed-json", f"{what} is a JSON object: {{…}}.")
    if len(value) > MOST_MEMBERS:
        raise Problem("malformed-json", f"The object has {len(value)} members; no form asks more than {MOST_MEMBERS}.")
    if faults := first_of(faults_of(value)):
        raise Invalid(errors=faults)
    return value


MOST_FAULTS = 50
"""Faults that are told of one by one: enough to mend a form, and no answer that is larger than what was asked."""


def first_of(faults: Iterable[FieldError]) -> list[FieldError]:
    """The first faults; where there are more, the last of them says so."""
    found = list(islice(faults, MOST_FAULTS + 1))
    if len(found) > MOST_FAULTS:
        found[-1] = FieldError("", f"More does not fit; these are the first {MOST_FAULTS} faults.", "more")
    return found


_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def key_fault(key: object) -> str:
    """What is wrong with an idempotency key; empty where nothing is."""
    fits = isinstance(key, str) and _KEY.fullmatch(key)
    return "" if fits else "An idempotency key has 1 to 200 visible ASCII characters."


class _Fraction(str):
    __slots__ = ()


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(name for name, _value in pairs)
        twice = next(name for name, times in counted.items() if times > 1)
        raise ValueError(f"the member {json.dumps(twice)} stands twice in one object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _first_line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return (str(error).splitlines() or [""])[0].rstrip(".")[:200]


def faults_of(value: Any, pointer: str = "", depth: int = 0) -> Iterator[FieldError]:
    """Yield what no form could take in data that came from outside: fractions, signs that are no characters, endless nesting."""
    if depth > DEEPEST:
        yield FieldError(pointer, "This is nested more deeply than any form asks.", "too-deep")
    elif isinstance(value, float | _Fraction):
        yield FieldError(pointer, "Write a whole number, or send a fraction as text.", "fraction")
    elif isinstance(value, str):
        if not _is_text(value):
            message = "This text holds signs that are no characters (NUL, or half of a pair)."
            yield FieldError(pointer, message, "not-text")
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str) or not _is_text(name):
                yield FieldError(pointer, "The name of a member is no text.", "not-text")
                continue
            place = name.replace("~", "~0").replace("/", "~1")
            yield from faults_of(inner, f"{pointer}/{place}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from faults_of(inner, f"{pointer}/{index}", depth + 1)
    elif not isinstance(value, int | None):
        yield FieldError(pointer, "Send text, whole numbers, true, false, null, lists and objects.", "not-json")


def _is_text(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def moment(text: str, *, at: datetime) -> datetime:
    """Read `took_place_at`: an ISO 8601 date and time with its offset, between the Act's entry into force and `at`.

    Raises Problem 400.
    """
    try:
        found = datetime.fromisoformat(text)
        aware = found.tzinfo is not None
        found = found.astimezone(UTC) if aware else found
    except (ValueError, OverflowError):
        aware = False
    if not aware:
        message = "Write date and time with the offset, for example 2026-11-23T08:30:00Z (a plus sign is sent as %2B)."
        raise Problem("bad-parameter", message, parameters={"took_place_at": message})
    if not datetime(ENTRY_INTO_FORCE.year, ENTRY_INTO_FORCE.month, ENTRY_INTO_FORCE.day, tzinfo=UTC) <= found <= at:
        message = f"This lies before {ENTRY_INTO_FORCE.isoformat()}, when the Act entered into force, or in the future."
        raise Problem("bad-parameter", message, parameters={"took_place_at": message})
    return found
