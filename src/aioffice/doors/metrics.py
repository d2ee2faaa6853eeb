"""`/metrics` for whoever runs the office: a listener of its own, apart from the public port, that answers only with the token.

The figures tell when something is filed in the secure section (Article 49(4)). Without the token the listener looks like one that has
nothing: 404 for every address, before anything is read.
"""

from __future__ import annotations

import hmac
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog
from django.db import Error, connections
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

import aioffice
from aioffice.doors.counting import folder
from aioffice.kernel.settings import Settings
from aioffice.kernel.watching import figures
from aioffice.kernel.watching.figures import Figures

log = structlog.get_logger(__name__)

NOTHING = b"Not found\n"
WITHIN = 10
"""Seconds a caller has for its request."""


class OfficeFigures:
    """Collector of what stands in the database and on the disk at the moment of asking."""

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering asks no database."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Read and yield everything; where the database does not answer, that alone."""
        begin = time.perf_counter()
        try:
            found = figures.read(timezone.now())
        except Error as error:
            log.warning("figures_not_read", reason=type(error).__name__)
            yield _gauge("aioffice_database_up", "Whether the database answered", 0)
            return
        finally:
            connections.close_all()  # each request has a thread of its own, and with it connections
        yield _gauge("aioffice_database_up", "Whether the database answered", 1)
        yield _gauge("aioffice_figures_seconds", "How long reading these figures took", time.perf_counter() - begin)
        yield from families(found)


def families(found: Figures) -> Iterator[Metric]:
    """The figures in the form of Prometheus. Labels are names of our own: tasks, states, logs, roles."""

    def age(moment: datetime | None) -> float:
        return 0.0 if moment is None else max(0.0, (found.at - moment).total_seconds())

    jobs = GaugeMetricFamily("aioffice_jobs", "Jobs in the queue by task and state", labels=("task", "state"))
    for (task, state), count in sorted(found.jobs.items()):
        jobs.add_metric((task, state), count)
    yield jobs
    yield _gauge(
        "aioffice_jobs_oldest_waiting_seconds", "How long the longest waiting job is due", age(found.oldest_waiting)
    )
    yield _gauge("aioffice_job_workers", "Job workers heard of within a minute", found.workers)
    yield _labelled(
        "aioffice_ledger_entries", "Entries of each log", "log", {n: log.size for n, log in found.logs.items()}
    )
    yield _labelled(
        "aioffice_ledger_pending", "What waits for each log", "log", {n: log.pending for n, log in found.logs.items()}
    )
    yield _labelled(
        "aioffice_ledger_oldest_pending_seconds",
        "How long the oldest has waited",
        "log",
        {n: age(log.oldest_pending) for n, log in found.logs.items()},
    )
    yield _labelled(
        "aioffice_ledger_checkpoint_timestamp_seconds",
        "When each log was last signed",
        "log",
        {n: log.signed_at.timestamp() for n, log in found.logs.items() if log.signed_at},
    )
    yield _labelled(
        "aioffice_ledger_held",
        "Whether each log is held, so that nothing is added to it",
        "log",
        {n: int(log.hold is not None) for n, log in found.logs.items()},
    )
    yield _gauge("aioffice_events_undelivered", "Events that a handler has not dealt with", found.undelivered)
    yield _gauge(
        "aioffice_publisher_lag_seconds", "How long the oldest event has waited", age(found.oldest_undelivered)
    )
    if found.swept_at:
        yield _gauge(
            "aioffice_clocks_swept_timestamp_seconds", "When the sweep last went well", found.swept_at.timestamp()
        )
    yield _gauge("aioffice_clocks_overdue", "Clocks the sweep has missed", found.clocks_overdue)
    yield _gauge("aioffice_notices_untold", "Notices whose e-mails have not all gone out", found.notices_untold)
    yield _gauge("aioffice_notices_oldest_untold_seconds", "How long the oldest waits", age(found.oldest_untold))
    yield _labelled(
        "aioffice_documents",
        "Documents by what the virus scanner said",
        "scan",
        {s: n for s, (n, _) in found.documents.items()},
    )
    yield _labelled(
        "aioffice_document_bytes", "Their bytes", "scan", {s: size for s, (_, size) in found.documents.items()}
    )
    yield _labelled("aioffice_database_connections", "Connections by role", "role", found.connections)
    yield _gauge("aioffice_database_connections_most", "How many the server takes", found.most_connections)
    yield _gauge("aioffice_database_bytes", "Size of the database", found.database_bytes)
    yield _gauge("aioffice_disk_free_bytes", "Free on the disk of the data folder", found.disk_free)
    yield _gauge("aioffice_disk_bytes", "Size of the disk of the data folder", found.disk_total)
    if found.backed_up_at:
        yield _gauge(
            "aioffice_backup_timestamp_seconds", "When the last backup was made", found.backed_up_at.timestamp()
        )


def _gauge(name: str, help: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help, value=value)


def _labelled(name: str, help: str, label: str, values: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, help, labels=(label,))
    for key, value in sorted(values.items()):
        family.add_metric((key,), value)
    return family


class _Build:
    def describe(self) -> Iterator[Metric]:
        yield from ()

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("aioffice_build", "Which version runs", value={"version": aioffice.__version__})


def registry(office: Settings) -> CollectorRegistry:
    """Everything there is to say: what processes counted, and what stands in the database."""
    made = CollectorRegistry(auto_describe=False)
    MultiProcessCollector(made, path=str(folder(office)))  # type: ignore[no-untyped-call]
    made.register(_Build())
    made.register(OfficeFigures())
    return made


class Listener(ThreadingHTTPServer):
    """Answers `GET /metrics` to whoever brings the token, and nothing to anybody else."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], token: str, metrics: CollectorRegistry) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.wanted = f"Bearer {token}".encode()
        self.metrics = metrics
        self.one_at_a_time = threading.Lock()
        super().__init__(address, _Answer)

    def server_bind(self) -> None:
        """Bind without asking the network for our own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])


class _Answer(BaseHTTPRequestHandler):
    server: Listener
    timeout = WITHIN
    server_version = sys_version = ""

    def do_GET(self) -> None:
        # Whoever has no token is told so before anything is looked at: the answer's time tells nothing either.
        brought = self.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(brought, self.server.wanted) or self.path.partition("?")[0] != "/metrics":
            self._say(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", NOTHING)
            return
        with self.server.one_at_a_time:
            body = generate_latest(self.server.metrics)
        self._say(HTTPStatus.OK, CONTENT_TYPE_LATEST, body)

    def __getattr__(self, name: str) -> Any:
        """Whatever method is asked with, there is nothing."""
        if name.startswith("do_"):
            return self._nothing
        raise AttributeError(name)

    def _nothing(self) -> None:
        self._say(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", NOTHING)

    def _say(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: whoever scrapes comes every few seconds."""
