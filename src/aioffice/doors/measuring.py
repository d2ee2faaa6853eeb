"""What web and job workers count while they work, for `/metrics`: requests, database time, jobs.

Names of routes and tasks are counted by, never paths or ids. Several processes count into files of one folder (the multiprocess mode of
prometheus-client). Without `AIOFFICE_METRICS_ADDRESS` nothing is counted.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import MiddlewareNotUsed
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from procrastinate.contrib.django import app as jobs_app
from prometheus_client import CollectorRegistry, Counter, Histogram

from aioffice.kernel.settings import settings
from aioffice.kernel.watching.figures import OTHER

REGISTRY = CollectorRegistry()
"""Our own, so that nothing of a library's comes in unseen."""

DOORS = ("public", "api", "office", "account", "health")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NO_ROUTE, UNNAMED = "none", "unnamed"
"""For an address that leads nowhere, and for a route without a name."""

REQUESTS = Counter("aioffice_requests", "Requests answered", ("door", "route", "method", "status"), registry=REGISTRY)
SECONDS = Histogram(
    "aioffice_request_seconds",
    "How long requests took until their answer began",
    ("door", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
QUERIES = Counter("aioffice_database_queries", "Statements sent to the database", ("connection",), registry=REGISTRY)
QUERY_SECONDS = Counter(
    "aioffice_database_seconds", "Time spent waiting for the database", ("connection",), registry=REGISTRY
)
OPENED = Counter("aioffice_database_connections_opened", "Connections opened", ("connection",), registry=REGISTRY)
JOBS = Counter("aioffice_jobs_done", "Jobs that a worker has dealt with", ("task", "outcome"), registry=REGISTRY)
JOB_SECONDS = Counter("aioffice_job_seconds", "Time spent on jobs", ("task",), registry=REGISTRY)


def door_of(path: str) -> str:
    """The door that an address belongs to."""
    first, _, rest = path.removeprefix("/").partition("/")
    if first in ("api", "health"):
        return first
    second = rest.partition("/")[0]
    return second if second in ("office", "account") and len(first) == 2 else "public"


def measured(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware that counts each request under its route's name. Left out where nobody asks for figures."""
    if not settings().metrics_address:
        raise MiddlewareNotUsed
    return count_requests(get_response)


def count_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """The middleware itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begin = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        route = NO_ROUTE if match is None else match.url_name or UNNAMED
        door, method = door_of(request.path_info), request.method if request.method in METHODS else OTHER
        REQUESTS.labels(door, route, method, response.status_code).inc()
        SECONDS.labels(door, route).observe(time.perf_counter() - begin)
        return response

    return middleware


class _Timed:
    """Counts what one connection is asked, and how long it takes."""

    def __init__(self, alias: str) -> None:
        self.queries, self.seconds = QUERIES.labels(alias), QUERY_SECONDS.labels(alias)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries.inc()
            self.seconds.inc(time.perf_counter() - begin)


def measure_connection(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of Django's `connection_created`."""
    if not settings().metrics_address:
        return
    OPENED.labels(connection.alias).inc()
    if not any(isinstance(wrapper, _Timed) for wrapper in connection.execute_wrappers):
        connection.execute_wrappers.append(_Timed(connection.alias))


@contextlib.contextmanager
def job(task: str) -> Iterator[None]:
    """Count one job and its time, whichever way it ends."""
    if not settings().metrics_address:
        yield
        return
    name = task if task in jobs_app.tasks else OTHER
    begin, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "succeeded"
    finally:
        JOBS.labels(name, outcome).inc()
        JOB_SECONDS.labels(name).inc(time.perf_counter() - begin)
