"""Addresses of the pages, below the language: the public site, and the office behind the sign-in."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from aioffice.doors.web import public_urls

urlpatterns: list[URLPattern | URLResolver] = [*public_urls.urlpatterns]
# The office is a room of its own; the public site stands without it.
for room in ("account", "office"):
    module = f"aioffice.doors.web.{room}_urls"
    if find_spec(module):
        urlpatterns.append(path(f"{room}/", include(module)))
