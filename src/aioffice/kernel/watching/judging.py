"""What in the figures calls for somebody: a pure reading of them. The alert rules of `docs/examples/` say the same to Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aioffice.kernel.watching.figures import Figures

LATE = timedelta(minutes=5)
"""So long a job, an event or an entry of a log may wait before somebody should look."""
DAY = timedelta(hours=26)
"""The anchor of the internal log is written, and signed, once a day."""
BACKED_UP_WITHIN = timedelta(hours=36)
FREE = 0.1
"""Share of the disk that should stay free."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something to look into. `code` is its name; `urgent` where the office does not do its work; `queues` where it moves with filings."""

    code: str
    words: str
    urgent: bool = True
    queues: bool = False


def troubles(found: Figures) -> list[Trouble]:
    """Everything to look into, the urgent first."""
    return sorted(
        [*_jobs(found), *_logs(found), *_clocks_and_mail(found), *_machine(found)], key=lambda one: not one.urgent
    )


def _older(moment: datetime | None, found: Figures, than: timedelta) -> bool:
    return moment is not None and found.at - moment > than


def _jobs(found: Figures) -> Iterator[Trouble]:
    if found.workers == 0:
        yield Trouble("no-worker", _("No job worker was heard of within a minute: start `aioffice jobs`."))
    if _older(found.oldest_waiting, found, LATE):
        yield Trouble("jobs-late", _("Jobs wait longer than five minutes."), queues=True)
    failed = sum(count for (_task, state), count in found.jobs.items() if state == "failed")
    if failed:
        words = ngettext("%(n)s job has failed for good.", "%(n)s jobs have failed for good.", failed) % {"n": failed}
        yield Trouble("jobs-failed", words, urgent=False, queues=True)
    if _older(found.oldest_undelivered, found, LATE):
        yield Trouble("events-late", _("What was filed waits for publication longer than five minutes."), queues=True)


def _logs(found: Figures) -> Iterator[Trouble]:
    for name, log in found.logs.items():
        if log.hold:
            # What waits for it, and that nobody signs it, follows from that.
            yield Trouble(f"log-held-{name}", _held(name))
        elif _older(log.oldest_pending, found, LATE):
            yield Trouble(f"log-late-{name}", _("Entries wait for the log “%(log)s” longer than five minutes.") % {"log": name},
                          queues=name != "public")  # fmt: skip
    public = found.logs["public"]
    if _older(public.signed_at, found, DAY) and not public.hold:
        yield Trouble("log-not-signed", _("The public log was not signed for more than a day."))


def _held(name: str) -> str:
    if name == "public":
        return _(
            "The public log is held: nothing is added to it, and no new text can be proved. See “Restoring” in docs/OPERATIONS.md."
        )
    return _(
        "The log of all steps is held: nothing is added to it, and nobody gets a receipt. See “Restoring” in docs/OPERATIONS.md."
    )


def _clocks_and_mail(found: Figures) -> Iterator[Trouble]:
    if _older(found.swept_at, found, LATE):
        yield Trouble("sweep-late", _("Time limits were not looked at for more than five minutes."))
    if found.clocks_overdue:
        yield Trouble("clocks-overdue", _("Time limits have ended and nobody has settled them."), queues=True)
    if found.notices_untold:
        yield Trouble("mail-late", _("Messages wait for their e-mail: does the mail server take them?"), queues=True)


def _machine(found: Figures) -> Iterator[Trouble]:
    if found.disk_free < FREE * found.disk_total:
        yield Trouble("disk-full", _("Less than a tenth of the disk is free."))
    if sum(found.connections.values()) > 0.8 * found.most_connections:
        yield Trouble("connections", _("The database is near the most connections that it takes."))
    if found.backed_up_at is None:
        yield Trouble("no-backup", _("No backup is known."), urgent=False)
    elif _older(found.backed_up_at, found, BACKED_UP_WITHIN):
        yield Trouble("backup-old", _("The last backup is older than a day and a half."), urgent=False)
