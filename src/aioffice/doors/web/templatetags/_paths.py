"""Addresses: every page has its language as the first part of its path."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language


def page_path(path: str, language: str | None = None) -> str:
    """The address of a page in a language (the page's own when left out).

    ``register/`` becomes ``/en/register/``. A full path or a full address is returned as it is.
    """
    if path.startswith(("/", "#", "?")) or "://" in path:
        return path
    return f"/{language or get_language() or 'en'}/{path}"


def in_language(request: HttpRequest | None, language: str, languages: frozenset[str]) -> str:
    """The address of the page asked for in another language, query included; the home page when there is none."""
    if request is None:
        return page_path("", language)
    first, _, rest = request.get_full_path().lstrip("/").partition("/")
    return f"/{language}/{rest}" if first in languages else page_path("", language)


def with_query(request: HttpRequest | None, changes: dict[str, object]) -> str:
    """The query of the page asked for with some parameters set, or taken out when their value is None or ""."""
    query = request.GET.copy() if request is not None else {}
    pairs = [
        (name, value)
        for name in query
        if name not in changes
        for value in (query.getlist(name) if hasattr(query, "getlist") else ())
    ]
    pairs += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    return "?" + urlencode(pairs)
