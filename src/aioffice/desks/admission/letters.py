"""Letters with a code to applicants' registered addresses: issued within a step, written and posted by a job."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from aioffice.desks.admission.codes import code_of, digest_of
from aioffice.desks.admission.models import LetterCode
from aioffice.desks.admission.ports import post_office
from aioffice.desks.admission.ports.post import Letter
from aioffice.kernel.days import in_words, office_day
from aioffice.kernel.db import acting
from aioffice.kernel.ids import uuid7
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.keys import AI_OFFICE, audience_keys
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.settings import settings

POSTMASTER = "postmaster"
"""The service actor that writes and posts letters."""
VALID_FOR = timedelta(days=30)
MOST_ATTEMPTS = 5
MOST_LETTERS = 4
"""Letters to one organisation within thirty days: nobody's letter box is filled in somebody else's name."""


def issue(case: Case, *, addressee: str, address: str, language: str, at: datetime) -> LetterCode | None:
    """Make a new code for an application and queue its letter; codes made earlier no longer work.

    Returns None, and changes nothing, when too many letters have gone out. Called from the effect of a step.
    """
    from aioffice.desks.admission.jobs import post_letter

    recent = LetterCode.objects.filter(organisation_id=case.organisation_id, issued_at__gt=at - VALID_FOR)
    if recent.count() >= MOST_LETTERS:
        return None
    end_codes(case, at)
    code_id = uuid7()
    row = LetterCode.objects.create(
        id=code_id,
        case=case,
        digest=digest_of(code_id, code_of(code_id)),
        reference=case.number or "",
        addressee=addressee,
        address=address,
        language=language,
        issued_at=at,
        expires_at=at + VALID_FOR,
        organisation_id=case.organisation_id,
        audience=audience_keys([AI_OFFICE]),
    )
    post_letter.defer(code_id=str(row.pk))
    return row


def end_codes(case: Case, at: datetime) -> None:
    """Let no code of the case work any more."""
    LetterCode.objects.filter(case=case, ended_at=None).update(ended_at=at)


def post(code_id: UUID, *, at: datetime) -> bool:
    """Write the letter and hand it over for posting; False when that was done before or the code has ended meanwhile."""
    with acting(service(POSTMASTER), at):
        row = LetterCode.objects.select_for_update().filter(pk=code_id, posted_at=None, ended_at=None).first()
        if row is None:
            return False
        letter = Letter(
            id=row.pk,
            reference=row.reference,
            addressee=row.addressee,
            address=row.address,
            written_on=office_day(row.issued_at),
            text=compose(row),
        )
        post_office().post(letter)
        row.posted_at = at
        row.save(update_fields=["posted_at"])
    return True


def compose(row: LetterCode) -> str:
    """Return the letter's text, in the language of whoever applied. It is the only place where the code can be read."""
    with translation.override(row.language):
        lines = [
            f"{row.addressee}\n{row.address}",
            in_words(office_day(row.issued_at)),
            _("Your registration at the AI Office: %(number)s") % {"number": row.reference},
            _(
                "Somebody has registered “%(name)s” at the AI Office and gave this address as its registered address. To show that this "
                "is right, enter the following code on the page of the application:"
            )
            % {"name": row.addressee},
            f"    {code_of(row.pk)}",
            _("The code works until %(day)s and can be entered %(n)s times. The page is: %(link)s")
            % {
                "day": in_words(office_day(row.expires_at)),
                "n": MOST_ATTEMPTS,
                "link": f"{settings().base_url}/{row.language}/office/cases/{row.case_id}/",
            },
            _(
                "If your organisation has not registered, do not pass the code on, and tell us: without it nobody can file in your name."
            ),
        ]
    return "\n\n".join(lines) + "\n"
