"""The Office and the authorities of the fictional Union, each granted its capacity by whoever grants it in law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aioffice.desks.admission.demo.people import People
from aioffice.desks.admission.procedure import CapacityGranted, SecureAccess, StaffClearance
from aioffice.desks.admission.reference_data import appoint_first_administrator
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.performing import perform

HEAD = "hanna.vogel@ai-office.example"
CLEARED = "irena.kos@ai-office.example"
UNCLEARED = "otto.brandt@ai-office.example"
LISBON = "joao.lima@msa-lisbon.example"
LJUBLJANA = "maja.zupan@msa-ljubljana.example"
LISBON_AUDITOR = "vera.nunes@msa-lisbon.example"
OVERSIGHT = "lena.maes@ai-office.example"
DUBLIN = "niamh.doyle@msa-dublin.example"
CONTACT_POINT = "petra.hribar@contact-point.example"

_MSA = Capacity.MARKET_SURVEILLANCE_AUTHORITY
_POLICE = Capacity.ARTICLE_74_8_AUTHORITY
_STAFF = (Role.EDITOR, Role.SIGNATORY)


@dataclass(frozen=True, slots=True)
class Body:
    """One authority or body, with its first administrator. `country` is the seat of one that belongs to no Member State."""

    capacity: Capacity
    state: str
    name: str
    person: str
    email: str
    what: str
    country: str = "EU"


def build(people: People) -> None:
    """Open the Office and let the authorities in."""
    _staff(people, people.day(90))
    msa = "market surveillance authority"
    at = people.day(80)
    _new(
        people,
        Body(_MSA, "PT", "Example Market Surveillance Authority, Lisbon (fictional)", "João Lima", LISBON, msa),
        at,
    )
    people.invite(
        LISBON_AUDITOR,
        "Vera Nunes",
        "the authority in Lisbon, auditor, reader and administrator: sees who there read what, and makes tokens that audit",
        (Role.AUDITOR, Role.READER, Role.ADMINISTRATOR),
        by=LISBON,
        at=at,
    )
    _new(people, Body(_MSA, "SI", "Example Market Authority, Ljubljana (fictional)", "Maja Zupan", LJUBLJANA, msa), at)
    _new(people, Body(_MSA, "IE", "Example Market Authority, Dublin (fictional)", "Niamh Doyle", DUBLIN, msa), at)
    _contact_point(people, people.day(79))
    _restricted_section(people, people.day(78))
    _bodies(people, people.day(77))


def _staff(people: People, at: datetime) -> None:
    appoint_first_administrator(HEAD, name="Hanna Vogel", at=at)
    people.note(HEAD, "AI Office, head of unit: administrator and signatory, not cleared for the secure section")
    people.invite(
        CLEARED, "Irena Kos", "AI Office, case handler, cleared for the secure section", _STAFF, by=HEAD, at=at
    )
    people.invite(UNCLEARED, "Otto Brandt", "AI Office, case handler, not cleared", _STAFF, by=HEAD, at=at)
    people.invite(
        OVERSIGHT,
        "Lena Maes",
        "AI Office, auditor: sees who read what in every organisation, opens no case",
        (Role.AUDITOR,),
        by=HEAD,
        at=at,
    )
    ground = {"email": CLEARED, "ground": "Keeps the secure section; fictional security clearance of this year."}
    perform(StaffClearance.clear, None, actor=people.actor(HEAD), data=ground, at=at)


def _new(people: People, body: Body, at: datetime, *, by: str = HEAD) -> None:
    """Grant a capacity to an organisation that is not here yet; its first administrator may sign in."""
    data = {
        "capacity": body.capacity.value,
        "member_state": body.state or None,
        "organisation": {
            "name": body.name,
            "address": "Example Square 1 (fictional)",
            "contact": body.email,
            "country": body.state or body.country,
        },
        "administrator": {"name": body.person, "email": body.email},
        "designation": "Fictional designation for the demo.",
    }
    perform(CapacityGranted.grant, None, actor=people.actor(by), data=data, at=at)
    people.note(body.email, f"{body.name}: {body.person}, {body.what}, every role")


def _contact_point(people: People, at: datetime) -> None:
    """A further authority in Ljubljana, which the State designated as its single point of contact."""
    name = "Example Digital Authority, Ljubljana (fictional)"
    what = "market surveillance authority and single point of contact"
    _new(people, Body(_MSA, "SI", name, "Petra Hribar", CONTACT_POINT, what), at)
    data = {
        "capacity": Capacity.SINGLE_POINT_OF_CONTACT.value,
        "member_state": "SI",
        "receiver": name,
        "designation": "Fictional designation for the demo.",
    }
    perform(CapacityGranted.grant, None, actor=people.actor(HEAD), data=data, at=at)


def _restricted_section(people: People, at: datetime) -> None:
    """An authority under Article 74(8) with access to the secure section, one without, and the EDPS, which has it by a setting alone."""
    lisbon = "Example Data Protection Authority, Lisbon (fictional)"
    ljubljana = "Example Data Protection Authority, Ljubljana (fictional)"
    supervisor = "Example European Data Protection Supervisor (fictional)"
    has, has_not = (
        "Article 74(8) authority with access to the secure section",
        "Article 74(8) authority without that access",
    )
    _new(people, Body(_POLICE, "PT", lisbon, "Teresa Alves", "teresa.alves@dpa-lisbon.example", has), at)
    _new(
        people,
        Body(_POLICE, "SI", ljubljana, "Gregor Mlakar", "gregor.mlakar@dpa-ljubljana.example", has_not),
        at,
        by=CONTACT_POINT,
    )
    _new(people, Body(Capacity.EDPS, "", supervisor, "Elena Rossi", "elena.rossi@edps.example", "EDPS"), at)
    data = {"receiver": lisbon, "member_state": "PT", "reasons": "Competent for its part of the section."}
    perform(SecureAccess.grant, None, actor=people.actor(HEAD), data=data, at=at)


def _bodies(people: People, at: datetime) -> None:
    body, assessor = "Example Certification Body, Dublin (fictional)", "Example Safety Assessors, Lyon (fictional)"
    notified = Body(
        Capacity.NOTIFIED_BODY, "IE", body, "Sean Byrne", "sean.byrne@certification.example", "notified body"
    )
    _new(people, notified, at)
    alliance = Capacity.SAFETY_ALLIANCE_ASSESSOR
    what = "assessor of the EU AI Safety Alliance"
    _new(people, Body(alliance, "", assessor, "Camille Petit", "camille.petit@assessors.example", what, "FR"), at)
