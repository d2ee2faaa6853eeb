"""/health: is the office able to work? For load balancers, for `aioffice up`, and for whoever is on duty."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import structlog
from django.db import Error, connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

import aioffice
from aioffice.kernel.db import plumbing
from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger(__name__)

LATE_SECONDS = 300
"""A job that waited longer than this means that nobody works on the queue; the page says so, the office still serves."""

OLDEST_JOB = """
select coalesce(extract(epoch from now() - min(greatest(event.at, job.scheduled_at))), 0)::float8
from procrastinate_jobs job
join procrastinate_events event on event.job_id = job.id and event.type = 'deferred'
where job.status = 'todo' and (job.scheduled_at is null or job.scheduled_at <= now())
"""


@functools.cache
def _migrations_in_code() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _office() -> dict[str, Any]:
    with plumbing(), connections["default"].cursor() as cursor:
        cursor.execute("select app, name from django_migrations")
        missing = _migrations_in_code() - {(str(app), str(name)) for app, name in cursor.fetchall()}
        cursor.execute(OLDEST_JOB)
        (oldest,) = cursor.fetchone() or (0.0,)
    late = oldest > LATE_SECONDS
    if late:
        log.warning("jobs_wait_too_long", oldest_seconds=round(oldest))
    return {
        "ok": not missing,
        "migrations_missing": len(missing),
        # Never how many wait or since when: everyone may look, and a filing of the secure section (Article 49(4)) queues jobs too.
        "jobs": {"late": late},
    }


def _site() -> dict[str, Any]:
    with connections["site"].cursor() as cursor:
        cursor.execute("select current_user")
        cursor.fetchone()
    return {"ok": True}


def _answer(check: Callable[[], dict[str, Any]], name: str) -> dict[str, Any]:
    try:
        return check()
    except Error:
        # what went wrong is for the log; the page is open to everyone
        log.exception("health_check_failed", connection=name)
        return {"ok": False}


def draining() -> bool:
    """Whether this machine closes and wants nobody new."""
    return settings().draining_file.exists()


def office_works() -> bool:
    """Whether cases can be read and filed: the database answers as the office, and every migration of this version is applied."""
    return bool(_answer(_office, "default")["ok"])


def site_works() -> bool:
    """Whether the public site can be read."""
    return bool(_answer(_site, "site")["ok"])


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers at all, whatever the database does: who restarts processes asks here, not at /health."""
    return JsonResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers as both roles, every migration of this version is applied and nobody closes the office; else 503."""
    checks = {"office": _answer(_office, "default"), "site": _answer(_site, "site")}
    well = all(found["ok"] for found in checks.values())
    status = "draining" if draining() else "ok" if well else "failing"
    return JsonResponse(
        {"status": status, "version": aioffice.__version__, **checks},
        status=200 if status == "ok" else 503,
        headers={"Cache-Control": "no-store"},
    )
