"""How often one caller may ask: a token bucket per token or address, kept in the memory of one web worker.

Every worker process counts for itself: an office with W workers lets through up to W times the figure of the settings. That is a
guard against runaway clients, not a quota; a quota for the whole office belongs into the proxy in front of it.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from functools import cache

from django.http import HttpRequest

from aioffice.doors.api.problems import Problem
from aioffice.kernel.settings import settings

MOST_CALLERS = 50_000
"""Buckets remembered at a time; the caller not heard of for longest is forgotten first."""

WORK = 10
"""Requests that one counts for which takes a processor a good while."""


class Buckets:
    """Buckets that hold a minute's worth of requests each and fill at the same rate."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str, now: float, cost: int = 1) -> float:
        """Take one request from the caller's bucket at `now` (seconds of any steady clock); it counts as `cost` of them.

        Returns 0, or the seconds until the next request is let through.
        """
        cost = min(cost, self.per_minute)
        rate = self.per_minute / 60
        with self._lock:
            level, since = self._levels.pop(caller, (float(self.per_minute), now))
            level = min(float(self.per_minute), level + (now - since) * rate)
            wait = 0.0 if level >= cost else (cost - level) / rate
            self._levels[caller] = (level - cost if not wait else level, now)
            if len(self._levels) > MOST_CALLERS:
                self._levels.popitem(last=False)
        return wait


@cache
def _addresses() -> Buckets:
    return Buckets(settings().api_requests_per_minute_address)


@cache
def _tokens() -> Buckets:
    return Buckets(settings().api_requests_per_minute_token)


@cache
def _files() -> Buckets:
    return Buckets(settings().ledger_files_per_minute_address)


def forget() -> None:
    """Forget who asked how often, and read the limits anew."""
    _files.cache_clear()
    _addresses.cache_clear()
    _tokens.cache_clear()


def count_address(request: HttpRequest) -> None:
    """Count a request without a token; raise a Problem 429 when its address asks too often."""
    _stop(_addresses().take(_network(address_of(request)), time.monotonic()))


def count_work(request: HttpRequest) -> None:
    """Count a request that costs as much as `WORK` others, such as a PDF made for whoever asks; raise a Problem 429 as above."""
    _stop(_addresses().take(_network(address_of(request)), time.monotonic(), WORK))


def count_file(request: HttpRequest) -> None:
    """Count a request for a file of the log; raise a Problem 429 when its address asks too often."""
    _stop(_files().take(_network(address_of(request)), time.monotonic()))


def count_token(token_id: str) -> None:
    """Count a request of a token; raise a Problem 429 when it asks too often."""
    _stop(_tokens().take(token_id, time.monotonic()))


def _stop(wait: float) -> None:
    if wait:
        seconds = str(int(wait) + 1)
        raise Problem("too-many-requests", f"Try again in {seconds} s.", headers={"Retry-After": seconds})


def address_of(request: HttpRequest) -> str:
    """The caller's address: of the connection, or what the outermost proxy of ours (setting `proxies`) saw."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings().proxies
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return forwarded[-proxies] if proxies and len(forwarded) >= proxies else direct


def _network(address: str) -> str:
    """IPv6 callers own a whole /64; they are counted by it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
