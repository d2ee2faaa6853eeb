"""Addresses without a language: what programs expect at the root of a site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from aioffice.doors import feeds, ledger, results
from aioffice.doors.web import public_status

urlpatterns: list[URLPattern | URLResolver] = [
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-pages.xml", feeds.sitemap_of_pages, name="sitemap_of_pages"),
    path("sitemap-<int:part>.xml", feeds.sitemap_of_entries, name="sitemap_of_entries"),
    path("status.json", public_status.status_json, name="status_json"),
    path(".well-known/jwks.json", results.keys, name="result_keys"),
    path("ledger/checkpoint", ledger.checkpoint, name="ledger_checkpoint"),
    path("ledger/tile/<path:place>", ledger.tile, name="ledger_tile"),
    path("ledger/publications", ledger.publications, name="ledger_publications"),
    path("ledger/key", ledger.key, name="ledger_key"),
    path("ledger/cosignatures", ledger.take_cosignatures, name="ledger_cosignatures"),
    path("ledger/witness/add-checkpoint", ledger.add_checkpoint, name="ledger_add_checkpoint"),
    path("ledger/verifier.py", ledger.verifier, name="ledger_verifier"),
]
