"""How the office is doing, for whoever looks after it: on the page of administrators and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

import aioffice
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.watching import figures
from aioffice.kernel.watching.faults import FailedJob, failed_jobs
from aioffice.kernel.watching.figures import Figures
from aioffice.kernel.watching.judging import Trouble, troubles
from aioffice.kernel.watching.rights import may_see_queues, must_operate


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the asking actor may know. `failed` is None for whoever may not see queues."""

    found: Figures
    troubles: list[Trouble]
    failed: list[FailedJob] | None

    @property
    def well(self) -> bool:
        """Whether nothing urgent is wrong."""
        return not any(one.urgent for one in self.troubles)


def standing(*, actor: Actor, at: datetime) -> Standing:
    """Look at everything. Raises `NotAllowed`; leaves out, for whoever is not cleared, what moves with filings."""
    must_operate(actor)
    found = figures.read(at)
    all_of_it = may_see_queues(actor)
    return Standing(
        found,
        [one for one in troubles(found) if all_of_it or not one.queues],
        failed_jobs(actor=actor, at=at) if all_of_it else None,
    )


def document(one: Standing) -> dict[str, Any]:
    """For programs: names of our own, times in ISO 8601, sizes in bytes."""
    found = one.found
    return {
        "status": "ok" if one.well else "failing",
        "version": aioffice.__version__,
        "at": found.at,
        "troubles": [{"code": each.code, "urgent": each.urgent, "words": each.words} for each in one.troubles],
        "jobs": {
            "workers": found.workers,
            "oldest_waiting_since": found.oldest_waiting,
            **_by_state(found),
            "failures": [
                {"id": job.id, "task": job.task, "attempts": job.attempts, "failed_at": job.failed_at, "error": job.error}
                for job in one.failed or ()
            ],
        },
        "events": {"undelivered": found.undelivered, "oldest_since": found.oldest_undelivered},
        "logs": {
            name: {
                "entries": log.size, "signed_at": log.signed_at, "pending": log.pending, "oldest_pending_since": log.oldest_pending,
                "held_since": log.hold.since if log.hold else None, "held_because": log.hold.reason if log.hold else None,
                "old_key_until": log.old_key_until,
            }
            for name, log in found.logs.items()
        },
        "clocks": {"swept_at": found.swept_at, "overdue": found.clocks_overdue},
        "mail": {"untold": found.notices_untold, "oldest_since": found.oldest_untold},
        "documents": {scan: {"files": files, "bytes": size} for scan, (files, size) in found.documents.items()},
        "database": {
            "bytes": found.database_bytes,
            "connections": dict(found.connections),
            "most_connections": found.most_connections,
        },
        "disk": {"free": found.disk_free, "total": found.disk_total},
        "backup": {"at": found.backed_up_at},
    }  # fmt: skip


def _by_state(found: Figures) -> dict[str, dict[str, int]]:
    sorted_by: dict[str, dict[str, int]] = {"waiting": {}, "doing": {}, "failed": {}}
    for (task, state), count in sorted(found.jobs.items()):
        sorted_by[state][task] = count
    return sorted_by


def facts(one: Standing) -> list[tuple[str, Any]]:
    """What every administrator of the Office may know, as names and values: nothing of it moves with a filing of the secure section."""
    found, public = one.found, one.found.logs["public"]
    return [
        (_("Version"), aioffice.__version__),
        (_("Job workers"), found.workers),
        (_("Time limits looked at"), found.swept_at),
        (_("Public log signed"), public.signed_at),
        (_("Entries of the public log"), public.size),
        *([(_("Public log held since"), public.hold.since)] if public.hold else []),
        (_("Last backup"), found.backed_up_at),
        (_("Free on the disk"), found.disk_free),
    ]
