"""The state that everybody may see: which parts work, and since when. Written once a minute, whether or not anything happened.

Only what is independent of filings may be written here, or what is about public texts alone: its rhythm is the minute hand's, so that it
tells nothing of the secure section (Article 49(4)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.mail import mailers
from django.db import connection, connections

from aioffice.kernel.db import acting
from aioffice.kernel.watching.rights import WATCHMAN

log = structlog.get_logger(__name__)

JOBS, PUBLICATION, MAIL = "jobs", "publication", "mail"
SILENT = timedelta(minutes=5)
"""Nobody looked for so long: the job workers do not work."""
LATE = timedelta(minutes=5)
"""What is public waits for its place in the public log so long, or that log is held: publication does not work."""


@dataclass(frozen=True, slots=True)
class State:
    """Whether a part works, since when, and when that was looked at last."""

    works: bool
    since: datetime
    looked_at: datetime


_KEEP = """
insert into published.office_state as s (part, works, since, looked_at) values (%(part)s, %(works)s, %(at)s, %(at)s)
on conflict (part) do update set works = excluded.works, looked_at = excluded.looked_at,
  since = case when s.works = excluded.works and excluded.looked_at - s.looked_at < make_interval(secs => %(silent)s)
          then s.since else excluded.since end
"""


def look(at: datetime) -> dict[str, bool]:
    """Look whether each part works and write it down. Called by a job: that it runs is what there is to say of the jobs."""
    found = {JOBS: True, PUBLICATION: _publication_works(at), MAIL: mail_works()}
    with acting(WATCHMAN, at), connection.cursor() as cursor:
        for part, works in found.items():
            cursor.execute(_KEEP, {"part": part, "works": works, "at": at, "silent": SILENT.total_seconds()})
    return found


def _publication_works(at: datetime) -> bool:
    with acting(WATCHMAN, at), connection.cursor() as cursor:
        # of the public log alone: the internal one moves with filings that are nobody's business
        cursor.execute(
            "select not exists (select from published.log_held) "
            "and not exists (select from office.ledger_pending where log = 'public' and recorded_at < %s)",
            [at - LATE],
        )
        (works,) = cursor.fetchone() or (False,)
    return bool(works)


def mail_works() -> bool:
    """Whether the mail server takes a connection. Asked of the server itself, not of mails that went out: those have a rhythm."""
    mailer = mailers.default
    try:
        mailer.open()
        mailer.close()
    except OSError as error:  # what smtplib raises too
        log.warning("mail_server_does_not_answer", reason=type(error).__name__)
        return False
    return True


def seen_by_site() -> Mapping[str, State]:
    """What was written down last, as the public site reads it."""
    with connections["site"].cursor() as cursor:
        cursor.execute("select part, works, since, looked_at from published.office_state")
        return {part: State(works, since, looked_at) for part, works, since, looked_at in cursor.fetchall()}
