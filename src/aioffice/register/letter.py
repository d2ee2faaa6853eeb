"""The letter of a deployer to a provider whose system is not registered (AI Act, Article 26(8))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from aioffice.act.annex_iii import AreaOfUse
from aioffice.act.registration import duty
from aioffice.kernel.days import in_words


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to send: to whom, about what, and its text."""

    to: str
    subject: str
    body: str

    @property
    def mailto(self) -> str:
        """Address that opens the letter in a mail program (RFC 6068: line ends as CR LF)."""
        body = quote(self.body.replace("\n", "\r\n"), safe="")
        return f"mailto:{quote(self.to, safe='@')}?subject={quote(self.subject, safe='')}&body={body}"

    @property
    def text(self) -> str:
        """The whole letter as plain text, to be printed or sent in another way."""
        head = [_("To: %(to)s") % {"to": self.to}, _("Subject: %(subject)s") % {"subject": self.subject}]
        return "\n".join(head) + "\n\n" + self.body


def letter_to_provider(held: Mapping[str, Any], *, on: date) -> Letter:
    """Return the letter that says the system is not registered and so may not be used, from what the deployer filed."""
    deployer, person = held["deployer"], held["submitter"]
    words = {
        "system": held["system_name"],
        "provider": held["provider_name"],
        "deployer": deployer["name"],
        "address": deployer["address"],
        "contact": deployer["contact"],
        "person": person["name"],
        "day": in_words(on),
    }
    paragraphs = [
        _("%(deployer)s, %(address)s") % words,
        _("%(day)s") % words,
        _("To %(provider)s") % words,
        _("We intend to use your high-risk AI system “%(system)s”.") % words + " " + _found(held),
        _duty(on),
        _asked(held),
        _("Contact: %(person)s, %(contact)s") % words,
    ]
    return Letter(
        to=str(held["provider_email"]),
        subject=_subject(held) % words,
        body="\n\n".join(paragraphs) + "\n",
    )


def _subject(held: Mapping[str, Any]) -> str:
    if _restricted(held):
        return _("The entry of your system “%(system)s” in the EU database (Article 26(8))")
    return _("Your system “%(system)s” is not registered in the EU database (Article 26(8))")


def _restricted(held: Mapping[str, Any]) -> bool:
    return bool(held["routing"]["area_of_use"] != AreaOfUse.OTHER)


def _found(held: Mapping[str, Any]) -> str:
    if _restricted(held):
        return _(
            "In this area systems are registered in a section of the EU database that we cannot see (Article 49(4) of Regulation "
            "(EU) 2024/1689), and you have not given us the number of an entry."
        )
    return _("We do not find it in the EU database of Article 71 of Regulation (EU) 2024/1689.")


def _asked(held: Mapping[str, Any]) -> str:
    if _restricted(held):
        return _(
            "Please send us the number of the entry. If there is none, register the system under Article 49(1); or tell us why you "
            "hold that it need not be registered."
        )
    return _(
        "Please register the system under Article 49(1), and send us the number of the entry; "
        "or tell us why you hold that it need not be registered."
    )


def _duty(on: date) -> str:
    # Article 26 stands in the part of Chapter III that applies once Annex III systems are classified: Article 113, point (c)(i).
    binds_from = duty("C").classified_from
    if on >= binds_from:
        return _(
            "A public authority or Union body must not use a high-risk AI system that is not registered there. "
            "We inform you of this under Article 26(8) of the Regulation, and do not use the system until it is registered, unless "
            "Article 111(2) leaves it more time."
        )
    return _(
        "From %(day)s a public authority or Union body must not use a high-risk AI system that is not registered there "
        "(Articles 26(8) and 113), unless Article 111(2) leaves the system more time. We write to you now so that the system can be "
        "registered in time."
    ) % {"day": in_words(binds_from)}
