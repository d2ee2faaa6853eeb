"""A small, clearly fictional Union: people, authorities, operators and filings, made through the real procedures.

Everybody acts here as they would through the doors; only the moments are set, so that the demo has some months of history.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from aioffice.desks.admission import reference_data
from aioffice.desks.admission.demo import filings, institutions, operators
from aioffice.desks.admission.demo.people import People, write_logins
from aioffice.kernel.db import acting
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.errors import Refused
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.settings import settings

DONE_ALREADY = ["parties.send_invitation", "notices.send_notices", "admission.post_letter", "kernel.deliver_events"]
"""Jobs that the demo leaves nothing to do for: e-mails to people who do not exist, letters posted and events delivered here."""


def load(at: datetime) -> None:
    """Make the demo, all of it or nothing, with a history that ends at `at`; write its logins into the data folder.

    Raises `Refused` where no demo belongs (an external database, unless it was asked for), or where people work already.
    """
    if not settings().wants_demo:
        raise Refused(_("This office has no demo: it works on a database of its own, or AIOFFICE_DEMO is off."))
    registrar = service("registrar")
    with acting(registrar, at):
        reference_data.load(at)
        if reference_data.has_people(at):
            raise Refused(_("There are people in this office already: the demo is loaded into an empty one."))
        before = _last_job()
        people = People(at)
        institutions.build(people)
        operators.build(people)
        filings.build(people)
        people.set_passwords()
        _leave_nothing_to_do(before, at)
        write_logins(people.logins, settings().demo_logins_file, settings().base_url)
    deliver_pending(at=at)


def _last_job() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from office.procrastinate_jobs")
        row = cursor.fetchone()
    assert row is not None, "an aggregate always answers"
    return int(row[0])


def _leave_nothing_to_do(last_job: int, at: datetime) -> None:
    """The demo's history sends no e-mail: its people do not exist, and their messages wait in the inboxes."""
    with acting(service("notifier"), at):
        Notice.objects.filter(mailed_at=None).update(mailed_at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from office.procrastinate_jobs where id > %s and status = 'todo' and task_name = any(%s)",
            [last_job, DONE_ALREADY],
        )
