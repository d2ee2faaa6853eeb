"""The e-mail about a notice. It says that there is a message and where; of a case in the secure section it says nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from aioffice.kernel.notices.models import Notice
    from aioffice.kernel.parties.models import Person

INBOX_PATH = "/{language}/office/messages"


def compose(notice: Notice, person: Person) -> EmailMessage:
    """Return the e-mail to one person about one notice, in the person's language.

    Its Message-ID follows from notice and person: should a crash let it go out twice, mail programs show it once.
    """
    language = person.language or "en"
    link = settings().base_url + INBOX_PATH.format(language=language)
    with translation.override(language):
        if notice.secure:
            subject = _("New message")
            told = _("There is a new message for %(organisation)s.")
        else:
            subject = _("New message: %(title)s") % {"title": _(notice.title)}
            if notice.reference:
                subject += f" ({notice.reference})"
            told = _("There is a new message for %(organisation)s: %(title)s.")
        words = {"organisation": notice.organisation.name, "title": "" if notice.secure else _(notice.title)}
        lines = [
            told % words,
            "" if notice.secure or not notice.reference else _about(notice),
            _("Read it here, after signing in: %(link)s") % {"link": link},
            _("You get this e-mail because you act for this organisation at the AI Office."),
        ]
    return EmailMessage(
        subject=" ".join(subject.split())[:200],
        body="\n\n".join(line for line in lines if line) + "\n",
        to=[person.email],
        headers={"Message-ID": f"<notice-{notice.pk}-{person.pk}@aioffice>", "Auto-Submitted": "auto-generated"},
    )


def _about(notice: Notice) -> str:
    if notice.case_id is None:
        return _("About: %(name)s") % {"name": notice.reference}
    return _("Case: %(number)s") % {"number": notice.reference}
