"""Run as a program against the office that the environment names: begins processes that work, so that a test may kill them.

Each is a process of its own, forked from this one, which has loaded everything and holds nothing: no connection, no thread. So a process
that was killed is replaced within milliseconds. Orders are lines of JSON, one answer each: `{"do": "file", "fail_point": ""}` gives
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
PEOPLE = {"provider": "provider@crash.test", "authority": "authority@crash.test"}


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
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency=2", "--shutdown-graceful-timeout=2")


def recover() -> None:
    """Take up what dead workers had begun, as the periodic job does half a minute after their last sign of life. No worker may live."""
    from procrastinate.contrib.django import app

    from aioffice.kernel import jobs
    from aioffice.kernel.db import plumbing

    jobs.SILENT = timedelta(0)
    with plumbing():
        while async_to_sync(jobs.retry_stalled.func)(SimpleNamespace(app=app), timestamp=0):  # type: ignore[arg-type]
            pass


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


WORK: dict[str, Callable[[], None]] = {
    one.__name__: one for one in (seed, file, file_some, sweep, sweep_once, work, recover, finish)
}


def _data() -> Path:
    from aioffice.kernel.settings import settings

    return settings().data_dir


def _begin(what: str, fail_point: str) -> int:
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
        WORK[what]()
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

    assert publishing, section_b
    living: set[int] = set()
    with plan():
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            if "do" in order:
                pid = _begin(order["do"], order.get("fail_point", ""))
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
