"""While a mail server takes its time, nothing of the database is held, and still nobody is written to twice."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection

from aioffice.kernel.db import acting
from aioffice.kernel.notices.mailing import CLAIMED_FOR, MailNotSent, send
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.notices.service import queue_notices
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, member, organisation

LATER = NOW + CLAIMED_FOR + timedelta(minutes=1)


def notice() -> UUID:
    """A notice to an authority where one person handles cases."""
    filer = acting_for(organisation("Example Systems (fictional)", Capacity.PROVIDER))
    authority = organisation("Autoridade Exemplo (fictional)", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
    member(authority, roles=[Role.EDITOR], email="ana@example.eu")
    record = perform(RegisterExempt.file, None, actor=filer, data=section_b(), at=NOW)
    with acting(filer, NOW):
        (made,) = queue_notices(
            case=record.case, record_id=record.pk, organisations=[authority.pk], step=record.step, title="Filed", at=NOW
        )
    return made


def mailed(which: UUID) -> bool:
    with acting(service("notifier"), NOW):
        return Notice.objects.get(pk=which).mailed_at is not None


@pytest.mark.django_db(transaction=True)
def test_sending_happens_outside_every_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = []
    monkeypatch.setattr(EmailMessage, "send", lambda self: inside.append(connection.in_atomic_block))
    assert send([notice()], at=NOW) == 1
    assert inside == [False]


@pytest.mark.django_db
def test_what_somebody_else_is_about_to_send_is_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    which = notice()
    real = EmailMessage.send

    def meanwhile(self: EmailMessage) -> int:
        assert send([which], at=NOW) == 0, "the second worker finds the claim"
        assert not mailed(which), "and does not say that everybody was written to"
        return real(self)

    monkeypatch.setattr(EmailMessage, "send", meanwhile)
    assert send([which], at=NOW) == 1
    assert mailed(which)
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_claim_of_somebody_who_died_lapses(monkeypatch: pytest.MonkeyPatch) -> None:
    which = notice()

    def die(self: EmailMessage) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(EmailMessage, "send", die)
        with pytest.raises(KeyboardInterrupt):
            send([which], at=NOW)
    assert send([which], at=NOW) == 0
    assert send([which], at=LATER) == 1
    assert send([which], at=LATER + CLAIMED_FOR * 2) == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_refused_email_is_tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    which = notice()

    def refuse(self: EmailMessage) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        with pytest.raises(MailNotSent):
            send([which], at=NOW)
    assert not mailed(which)
    assert send([which], at=NOW) == 1


def test_a_mail_server_that_does_not_answer_is_given_up_on(tmp_path: Path) -> None:
    asked = "import json; from aioffice.doors.settings import MAILERS; print(json.dumps(MAILERS))"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AIOFFICE_")},
        "AIOFFICE_DATA_DIR": str(tmp_path),
        "AIOFFICE_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    }
    told = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout)["default"]["OPTIONS"]["timeout"] == 10
