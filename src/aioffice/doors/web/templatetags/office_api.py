"""The operations of the API for the page that describes it, read from the OpenAPI document itself."""

from functools import cache

import msgspec
from django import template
from django.utils.translation import gettext

register = template.Library()


@register.simple_tag
def operations() -> list[dict[str, object]]:
    """The operations by group: ``title``, ``headers`` and ``rows`` as the tag ``table`` takes them.

    What an operation does is said in English, as in the document.
    """
    headers = [gettext("Request"), gettext("What it does")]
    return [
        {
            "title": title,
            "headers": headers,
            "rows": [[request, {"text": said, "lang": "en"}] for request, said in rows],
        }
        for title, rows in _groups()
    ]


@cache
def _groups() -> list[tuple[str, list[tuple[str, str]]]]:
    from aioffice.doors.api.documenting import document
    from aioffice.doors.api.v1 import api

    groups: dict[str, list[tuple[str, str]]] = {}
    body, _etag = document(api)
    for path, methods in msgspec.json.decode(body)["paths"].items():
        for method, operation in methods.items():
            row = (f"{method.upper()} {path}", operation["summary"])
            groups.setdefault(operation["tags"][0], []).append(row)
    return list(groups.items())
