"""Calling addresses outside: over TLS, to machines on the public internet alone, for a bounded time. The one way out over HTTP.

`outside()` returns the adapter of this installation. Nobody can use it to reach what stands beside the office: see `addresses`.
"""

from __future__ import annotations

from aioffice.kernel.outside.pinned import Pinned
from aioffice.kernel.outside.port import Answer, NoAnswer, Outside, Refused, Shut
from aioffice.kernel.settings import settings

__all__ = ["Answer", "NoAnswer", "Outside", "Pinned", "Refused", "Shut", "outside"]


def outside() -> Outside:
    """The adapter of this installation: the internet, or nothing where the setting `outside_calls` says no."""
    found = settings()
    if not found.outside_calls:
        return Shut()
    return Pinned(
        networks=found.webhook_networks,
        ports=frozenset(found.webhook_ports),
        ca_file=found.webhook_ca_file,
    )
