"""Addresses without a language: what programs expect at the root of a site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from aioffice.doors import feeds

urlpatterns: list[URLPattern | URLResolver] = [
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-pages.xml", feeds.sitemap_of_pages, name="sitemap_of_pages"),
    path("sitemap-<int:part>.xml", feeds.sitemap_of_entries, name="sitemap_of_entries"),
]
