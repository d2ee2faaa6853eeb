"""How the office is doing, in lines that people read: hours in UTC, sizes with units, and a word where there is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import aioffice
from aioffice.doors.cli._printing import counted

if TYPE_CHECKING:
    from aioffice.doors.standing import Standing
    from aioffice.kernel.watching.figures import Figures

_WIDTH = 14


def lines_of(one: Standing) -> Iterator[str]:
    """What calls for somebody first, then every part of the office."""
    for each in one.troubles:
        yield f"{'!' if each.urgent else '-'} {each.words}"
    well = "The office is well" if one.well else "The office needs somebody"
    yield f"{well} (version {aioffice.__version__}, {moment(one.found.at)})."
    for name, words in _parts(one.found):
        yield f"  {name:<{_WIDTH}}{words}"
    for job in one.failed or ():
        why = job.error or "its worker was killed before it could say why"
        yield f"  Job {job.id} failed: {job.task}, {counted(job.attempts, 'attempt')}, {moment(job.failed_at)}: {why}"


def _parts(found: Figures) -> Iterator[tuple[str, str]]:
    yield "Jobs", f"{counted(found.workers, 'worker')}; {_since('waits', found.oldest_waiting)}{_by_task(found.jobs)}"
    yield "Publication", f"{found.undelivered or 'no'} events to deliver; {_since('waits', found.oldest_undelivered)}"
    for name, log in found.logs.items():
        signed = f"signed {moment(log.signed_at)}" if log.signed_at else "not signed yet"
        waiting = f"{log.pending} wait, {_since('waits', log.oldest_pending)}" if log.pending else "none waits"
        yield f"{name.capitalize()} log", f"{counted(log.size, 'entry', 'entries')}, {signed}; {waiting}"
    overdue = found.clocks_overdue or "none"
    yield "Time limits", f"looked at {moment(found.swept_at)}; {overdue} overdue and not settled"
    yield "E-mail", f"{found.notices_untold or 'no'} messages late; {_since('waits', found.oldest_untold)}"
    scans = [f"{counted(n, 'file')}, {size(b)}, {scan.replace('_', ' ')}" for scan, (n, b) in found.documents.items()]
    yield "Documents", _listed(scans)
    used = _listed(f"{n} {role}" for role, n in sorted(found.connections.items()))
    yield "Database", f"{size(found.database_bytes)}; connections: {used}, of {found.most_connections}"
    yield "Disk", f"{size(found.disk_free)} of {size(found.disk_total)} free"
    yield "Last backup", moment(found.backed_up_at)


def _by_task(jobs: Mapping[tuple[str, str], int]) -> str:
    return "".join(f"; {n} {state}: {task}" for (task, state), n in sorted(jobs.items()))


def _since(verb: str, oldest: datetime | None) -> str:
    return f"the oldest {verb} since {moment(oldest)}" if oldest else f"none {verb}"


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words) or "none"


def moment(at: datetime | None) -> str:
    """To the minute, in UTC as logs have it."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "not known"


def size(n: int) -> str:
    """Bytes in the unit that leaves one to three digits before the point."""
    amount = float(n)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
