"""Addresses of signing in and of one's account, below `/{language}/account/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from aioffice.doors.web import account

urlpatterns: list[URLPattern | URLResolver] = [
    path("corner/", account.corner, name="account_corner"),
    path("", include("allauth.urls")),
]
