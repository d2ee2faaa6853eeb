"""How `aioffice status` says to people what it says to programs in JSON: whole words, Brussels time, sizes with their unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aioffice

if TYPE_CHECKING:
    from aioffice.doors.standing import Standing
    from aioffice.kernel.watching.figures import Figures, Log

WIDTH = 17


def lines(one: Standing) -> Iterator[str]:
    """What calls for somebody, then one line for each part of the office, then the jobs that failed."""
    from aioffice.doors.web.templatetags._dates import long_moment

    found = one.found
    yield f"AI Office {aioffice.__version__}, {long_moment(found.at)}"
    for each in one.troubles:
        yield f"{'!' if each.urgent else '-'} {each.words}"
    if not one.troubles:
        yield "Nothing calls for anybody."
    yield ""
    for name, words in _parts(found):
        yield f"{name:<{WIDTH}}{words}"
    for job in one.failed or ():
        why = job.error or "its worker was killed before it could say why"
        yield f"{'Failed job':<{WIDTH}}{job.id}, {job.task}, {_ago(job.failed_at, found.at)}: {why}"


def _parts(found: Figures) -> Iterator[tuple[str, str]]:
    from aioffice.doors.web.templatetags._names import file_size

    yield "Public log", _log(found.logs["public"], found.at)
    yield "Log of all steps", _log(found.logs["internal"], found.at)
    yield "Jobs", _jobs(found)
    waiting = found.undelivered
    yield "Publication", f"{_waits(waiting, 'event', found.oldest_undelivered, found.at)}"
    overdue = f"; {found.clocks_overdue} ended and not settled" if found.clocks_overdue else ""
    yield "Time limits", f"looked at {_ago(found.swept_at, found.at)}{overdue}"
    yield "E-mail", _waits(found.notices_untold, "message", found.oldest_untold, found.at)
    files = [
        f"{count} {scan.replace('_', ' ')} ({file_size(size)})"
        for scan, (count, size) in sorted(found.documents.items())
    ]
    yield "Files", ", ".join(files) or "none"
    connections = sum(found.connections.values())
    yield (
        "Database",
        f"{file_size(found.database_bytes)}; {connections} of at most {found.most_connections} connections",
    )
    share = round(100 * found.disk_free / found.disk_total) if found.disk_total else 0
    yield "Disk", f"{file_size(found.disk_free)} of {file_size(found.disk_total)} free ({share} %)"
    yield "Last backup", _ago(found.backed_up_at, found.at)


def _log(log: Log, at: datetime) -> str:
    size = "1 entry" if log.size == 1 else f"{log.size} entries"
    said = f"{size}, signed {_ago(log.signed_at, at)}; {_waits(log.pending, 'entry', log.oldest_pending, at)}"
    if log.hold:
        said += f"; held from {_ago(log.hold.since, at)}: {log.hold.reason}"
    if log.old_key_until:
        said += f"; its key was changed, the old one signs too until {_when(log.old_key_until)}"
    return said


def _jobs(found: Figures) -> str:
    workers = {0: "no worker", 1: "1 worker"}.get(found.workers, f"{found.workers} workers")
    counts = {"waiting": 0, "doing": 0, "failed": 0}
    for (_task, state), count in found.jobs.items():
        counts[state] += count
    since = f", the oldest due {_ago(found.oldest_waiting, found.at)}" if found.oldest_waiting else ""
    return f"{workers}; {counts['waiting']} waiting{since}; {counts['doing']} under way; {counts['failed']} failed"


def _waits(count: int, what: str, since: datetime | None, at: datetime) -> str:
    if not count:
        return "nothing waits"
    many = what if count == 1 else {"entry": "entries"}.get(what, f"{what}s")
    return f"{count} {many} {'waits' if count == 1 else 'wait'}, the oldest from {_ago(since, at)}"


def _ago(moment: datetime | None, at: datetime) -> str:
    """ "2 minutes ago (Friday 12 March 2027, 14:05 Brussels time)"; "never, as far as is known" for nothing."""
    from aioffice.doors.web.templatetags._dates import relative

    if moment is None:
        return "never, as far as is known"
    distance = "just now" if at - moment < timedelta(minutes=1) else relative(moment, at)
    return f"{distance} ({_when(moment)})"


def _when(moment: datetime) -> str:
    from aioffice.doors.web.templatetags._dates import long_moment

    return long_moment(moment)
