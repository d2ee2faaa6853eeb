"""Run as a program against the office that the environment names: begins processes that work, so that a test may kill them.

Each is a process of its own, forked from this one, which has loaded everything and holds nothing: no connection, no thread. So one that
was killed is replaced within milliseconds. Orders are lines of JSON, one answer each: `{"do": "file", "with": [], "fail_point": ""}` gives
`{"pid": 7}`; `{"await": 7, "seconds": 5}` gives `{"status": -9}`, or null while it still runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
from asgiref.sync import async_to_sync

ACKNOWLEDGED, STOP, FAULTS = "acknowledged.txt", "stop", "faults.txt"
LONG_AGO = timedelta(days=36)
"""When the plans were submitted that the filer enters: their 30 days have ended since, and not yet a week ago."""
PEOPLE = {"provider": "provider@crash.test", "authority": "authority@crash.test", "other": "other@crash.test"}


def seed() -> None:
    """Make a provider and an authority, each with one person."""
    from django.utils import timezone

    from aioffice.desks.admission.reference_data import load
    from aioffice.kernel.parties.vocabulary import Capacity
    from tests.support.parties import member, organisation

    load(timezone.now())
    member(organisation("Crash Test Systems (fictional)", Capacity.PROVIDER), email=PEOPLE["provider"])
    authority = organisation("Crash Test Authority (fictional)", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    member(authority, email=PEOPLE["authority"])


def _actor(who: str) -> Any:
    from aioffice.kernel.db import plumbing
    from aioffice.kernel.parties.actors import actor_for_person
    from aioffice.kernel.parties.models import Person

    with plumbing():
        return actor_for_person(Person.objects.get(email=PEOPLE[who]))


def file(most: int | None = None) -> None:
    """File registrations and plans in turn until told to stop; what was acknowledged is noted, the first that was not is filed again."""
    provider, authority, data = _actor("provider"), _actor("authority"), _data()
    noted = data / ACKNOWLEDGED
    done = len(noted.read_text().splitlines()) if noted.exists() else 0
    last = None if most is None else done + most
    with noted.open("a") as acknowledged:
        while done != last:
            _file(f"crash-{done:05d}", done, provider, authority)
            acknowledged.write(f"crash-{done:05d}\n")
            acknowledged.flush()
            done += 1
            if (data / STOP).exists():
                return


def file_some() -> None:
    """File a few, of each kind."""
    file(6)


def _file(key: str, number: int, provider: Any, authority: Any) -> None:
    from django.utils import timezone

    from aioffice.kernel.procedures.declaration import procedure
    from aioffice.kernel.procedures.errors import ProcedureError
    from aioffice.kernel.procedures.performing import perform
    from aioffice.register.procedure import RegisterExempt
    from tests.support.filings import section_b

    now = timezone.now()
    if number % 2:
        plan = procedure("test-plan")
        case = perform(plan.steps["submit"], None, actor=provider, data={}, at=now - LONG_AGO, idempotency_key=key).case
        if number % 3:
            return
        # A latecomer: whatever it is told, the law has acted before it.
        with contextlib.suppress(ProcedureError):
            perform(plan.steps["approve"], case.pk, actor=authority, data={}, at=now)
        return
    perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name=key), at=now, idempotency_key=key)


def sweep() -> None:
    """Sweep again and again."""
    from django.utils import timezone

    from aioffice.kernel.clocks.sweeping import sweep as sweep_all

    while True:
        sweep_all(at=timezone.now())
        time.sleep(0.02)


def sweep_once() -> None:
    """Sweep as the periodic job does."""
    from django.utils import timezone

    from aioffice.kernel.clocks.sweeping import sweep as sweep_all

    sweep_all(at=timezone.now())


def work() -> None:
    """Work on the queue as `aioffice jobs` does."""
    from aioffice.doors import working

    working.work(concurrency=2, outside=2, grace_seconds=2)


def recover() -> None:
    """Take up what dead workers had begun, as the periodic job does half a minute after their last sign of life. No worker may live."""
    from procrastinate.contrib.django import app

    from aioffice.kernel import jobs
    from aioffice.kernel.db import plumbing

    patience, jobs.SILENT = jobs.SILENT, timedelta(0)
    with plumbing():
        while async_to_sync(jobs.retry_stalled.func)(SimpleNamespace(app=app), timestamp=0):  # type: ignore[arg-type]
            pass
    jobs.SILENT = patience  # for a worker of this process is alive


def finish() -> None:
    """Do everything that waits, as the worker and its periodic jobs would within the hour, with nobody killed any more."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from aioffice.kernel.db import plumbing
    from aioffice.kernel.ledger.sequencer import sequence
    from aioffice.kernel.ledger.signing import LOGS
    from aioffice.kernel.notices.mailing import left_over, send
    from aioffice.kernel.procedures.events import deliver_pending

    recover()
    sweep_once()
    for _round in range(20):
        with plumbing(), connection.cursor() as cursor:
            cursor.execute("update office.procrastinate_jobs set scheduled_at = null where status = 'todo'")
            cursor.execute("select count(*) from office.procrastinate_jobs where status in ('todo', 'doing')")
            if not cursor.fetchone()[0]:
                break
        call_command("procrastinate", "worker", "--one-shot", "--concurrency=2", "--no-listen-notify")
    later = timezone.now() + timedelta(minutes=20)
    send(left_over(at=later, older_than=timedelta(minutes=15), newer_than=timedelta(days=2)), at=later)
    deliver_pending(at=later)
    for log in LOGS:
        sequence(log, later)


def open_plans(number: int) -> None:
    """Open so many plans, each a day before the one before it, so that each has a due moment of its own."""
    from django.utils import timezone

    from aioffice.kernel.procedures.declaration import procedure
    from aioffice.kernel.procedures.performing import perform

    for days in range(number):
        at = timezone.now() - LONG_AGO - timedelta(days=days)
        perform(procedure("test-plan").steps["submit"], None, actor=_actor("provider"), data={}, at=at)


def open_consents(number: int) -> None:
    """Open so many tests in two Member States, of which each has an authority."""
    from django.utils import timezone

    from aioffice.kernel.parties.vocabulary import Capacity
    from aioffice.kernel.procedures.declaration import procedure
    from aioffice.kernel.procedures.performing import perform
    from tests.support import rounds
    from tests.support.parties import member, organisation

    other = organisation(
        "Crash Test Authority of Slovenia (fictional)", Capacity.MARKET_SURVEILLANCE_AUTHORITY, state="SI"
    )
    member(other, email=PEOPLE["other"])
    rounds.STATES[:] = ["PT", "SI"]
    for _one in range(number):
        step = procedure("test-consent").steps["submit"]
        perform(step, None, actor=_actor("provider"), data={}, at=timezone.now())


def race(step: str, who: str, early: float, begin: float) -> None:
    """Take a step of each open case, or sweep, all at the same moments as another process: at due moments, or so many seconds earlier.

    `begin` is when, by the wall; the next case follows a tenth of a second later. Only the refusals that losing a race means are borne.
    """
    from aioffice.kernel.clocks.models import Clock
    from aioffice.kernel.clocks.sweeping import sweep as sweep_all
    from aioffice.kernel.db import acting
    from aioffice.kernel.parties.actor import service
    from aioffice.kernel.procedures.declaration import procedure
    from aioffice.kernel.procedures.errors import Conflict, NotAllowed, WrongState
    from aioffice.kernel.procedures.performing import perform

    actor = _actor(who)
    with acting(service("sweeper")):
        rows = Clock.objects.filter(state="running", due_at__isnull=False).order_by("-due_at", "case_id")
        # Of a case with several, the one that ends first; the cases in the order of their ends.
        first = {row[0]: row for row in rows.values_list("case_id", "due_at", "case__procedure")}
    due = sorted(first.values(), key=lambda row: (row[1], row[0]))
    for number, (case, moment, slug) in enumerate(due):
        time.sleep(max(0.0, begin + number / 10 - time.time()))
        if step == "sweep":
            sweep_all(at=moment)
            continue
        with contextlib.suppress(WrongState, Conflict, NotAllowed):
            perform(procedure(slug).steps[step], case, actor=actor, data={}, at=moment - timedelta(seconds=early))


WORK: dict[str, Callable[..., None]] = {
    one.__name__: one
    for one in (open_plans, open_consents, race, seed, file, file_some, sweep, sweep_once, work, recover, finish)
}


def _data() -> Path:
    from aioffice.kernel.settings import settings

    return settings().data_dir


def _begin(what: str, fail_point: str, arguments: list[Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        from aioffice.kernel.settings import settings

        os.environ["AIOFFICE_FAIL_POINT"] = fail_point
        settings.cache_clear()
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        WORK[what](*arguments)
        status = 0
    except SystemExit as left:
        status = int(left.code or 0)
    finally:
        if sys.exception() is not None and status:  # for whoever reads why a test failed
            with contextlib.suppress(OSError), (_data() / FAULTS).open("a") as faults:
                faults.write(f"{what}: {traceback.format_exc()}\n")
        os._exit(status)


def _await(pid: int, seconds: float) -> int | None:
    end = time.monotonic() + seconds
    while True:
        ended, raw = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(raw)
        if time.monotonic() > end:
            return None
        time.sleep(0.005)


def main() -> None:
    """Obey until the orders end."""
    django.setup()
    from aioffice.register import publishing
    from tests.support.clocks import plan
    from tests.support.filings import section_b
    from tests.support.rounds import consent

    assert publishing, section_b
    living: set[int] = set()
    with plan(), consent():
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            if "do" in order:
                pid = _begin(order["do"], order["fail_point"], order["with"])
                living.add(pid)
                answer: dict[str, Any] = {"pid": pid}
            else:
                answer = {"status": _await(order["await"], order["seconds"])}
                if answer["status"] is not None:
                    living.discard(order["await"])
            print(json.dumps(answer), flush=True)
    for pid in living:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
