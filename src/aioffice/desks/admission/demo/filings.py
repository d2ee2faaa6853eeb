"""What the fictional operators have registered: public and secure, updated, flagged, withheld in part, held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aioffice.desks.admission.demo import institutions as offices
from aioffice.desks.admission.demo import operators as who
from aioffice.desks.admission.demo import texts
from aioffice.desks.admission.demo.files import pdf
from aioffice.desks.admission.demo.operators import Operator
from aioffice.desks.admission.demo.people import People
from aioffice.kernel.documents.service import upload
from aioffice.kernel.procedures.declaration import Step
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk, RegisterUse


def build(people: People) -> None:
    """File everything, each by whoever files it in law, and let the authorities do their part."""
    benefits = _public(people)
    _represented(people)
    _marked(people)
    _secure(people)
    _exempt(people)
    _uses(people, benefits)


def _file(people: People, operator: Operator, step: Step, data: dict[str, Any], at: datetime) -> Case:
    return perform(step, None, actor=people.actor(operator.email), data=data, at=at).case


def _document(people: People, operator: Operator, title: str, system: str, at: datetime) -> str:
    """Upload a small PDF and return its id."""
    lines = [
        f"System: {system}",
        f"Provider: {operator.name}",
        f"Date: {at:%d %B %Y}",
        "",
        "A fictional document of the demo.",
    ]
    name = f"{title} {system}.pdf".lower().replace(" ", "-")
    document = upload([pdf(title, lines)], name, actor=people.actor(operator.email), at=at)
    return str(document.pk)


def _papers(people: People, operator: Operator, system: str, at: datetime) -> dict[str, str]:
    return {
        "declaration_of_conformity": _document(people, operator, "EU declaration of conformity", system, at),
        "instructions_for_use": _document(people, operator, "Instructions for use", system, at),
    }


def _system(people: People, operator: Operator, text: texts.SystemText, at: datetime) -> dict[str, Any]:
    """Everything a public Section A filing says."""
    return {
        **texts.section_a(text, operator.party),
        **_papers(people, operator, text.name, at),
        "submitter": operator.submitter,
    }


def _public(people: People) -> Case:
    """Two systems of one provider, one of them updated since; return the one that a city uses."""
    at = people.day(45)
    ranker = _system(people, who.KOLIBRI, texts.RANKER, at)
    case = _file(people, who.KOLIBRI, RegisterHighRisk.file, ranker, at)
    later = people.day(12)
    changed = {
        **ranker,
        "intended_purpose": texts.RANKER_NEW_PURPOSE,
        "member_states": ["AT", "HR", "SI"],
        "change": {
            "valid_from": people.day(14).date().isoformat(),
            "reason": "The system also groups applications now, and is offered in Croatia.",
        },
    }
    perform(RegisterHighRisk.update, case, actor=people.actor(who.KOLIBRI.email), data=changed, at=later)
    at = people.day(38)
    return _file(people, who.KOLIBRI, RegisterHighRisk.file, _system(people, who.KOLIBRI, texts.BENEFITS, at), at)


def _represented(people: People) -> None:
    """A provider overseas names its representative, which checks the field about itself; an authority asks and is answered."""
    at = people.day(36)
    data = {**_system(people, who.OVERSEAS, texts.SCREENING, at), "representative": who.REPRESENTATIVE.party}
    case = _file(people, who.OVERSEAS, RegisterHighRisk.file, data, at)
    checked = {"outcome": "confirmed", "note": ""}
    representative = people.actor(who.REPRESENTATIVE.email)
    perform(RegisterHighRisk.confirm_representative, case, actor=representative, data=checked, at=people.day(34))
    question = {"text": "Is the system offered to temporary-work agencies as well? Point 6 does not say."}
    perform(RegisterHighRisk.question, case, actor=people.actor(offices.DUBLIN), data=question, at=people.day(4))


def _marked(people: People) -> None:
    """An entry whose accuracy an authority questions, one with a personal number withheld, one no longer on the market."""
    at = people.day(33)
    essays = _file(people, who.ESCOLA, RegisterHighRisk.file, _system(people, who.ESCOLA, texts.ESSAYS, at), at)
    doubt = {
        "text": "According to complaints the marks are final in some schools; the intended purpose says otherwise."
    }
    perform(RegisterHighRisk.flag, essays, actor=people.actor(offices.LISBON), data=doubt, at=people.day(9))
    at = people.day(30)
    _file(people, who.ESCOLA, RegisterHighRisk.file, _system(people, who.ESCOLA, texts.EXAM_WATCH, at), at)
    at = people.day(28)
    credit = _system(people, who.NEREIDE, texts.CREDIT, at)
    credit["submitter"] = {**who.NEREIDE.submitter, "contact": "portable personnel +33 6 00 00 00 00"}
    case = _file(people, who.NEREIDE, RegisterHighRisk.file, credit, at)
    withheld = {
        "field": "submitter.contact",
        "ground": "personal_data",
        "reason": "A private mobile number; the Act asks for contact details of the person acting, not for a private one.",
    }
    perform(RegisterHighRisk.withhold, case, actor=people.actor(offices.UNCLEARED), data=withheld, at=people.day(26))


def _secure(people: People) -> None:
    """Two entries of the secure section, and a public one of the same provider with a certificate."""
    at = people.day(24)
    emotions = _system(people, who.HARBOUR, texts.EMOTIONS, at)
    emotions["certificate"] = {
        "kind": "EU technical documentation assessment certificate",
        "number": "DEMO-0001",
        "expires": (at.date().replace(day=1)).replace(year=at.year + 4).isoformat(),
        "notified_body": "Example Certification Body, Dublin (fictional)",
    }
    emotions["certificate_copy"] = _document(people, who.HARBOUR, "Certificate", texts.EMOTIONS.name, at)
    _file(people, who.HARBOUR, RegisterHighRisk.file, emotions, at)
    for place, text in enumerate((texts.BORDER, texts.EVIDENCE)):
        at = people.day(20 - place)
        _file(people, who.HARBOUR, RegisterHighRisk.file, texts.section_a(text, who.HARBOUR.party), at)


def _exempt(people: People) -> None:
    """Two systems that their providers hold not to be high-risk."""
    for operator, text, days in ((who.KOLIBRI, texts.LAYOUT, 18), (who.NEREIDE, texts.DEVIATIONS, 16)):
        _file(people, operator, RegisterExempt.file, texts.section_b(text, operator.party), people.day(days))


def _uses(people: People, benefits: Case) -> None:
    """A city registers one use, and holds another until the provider has registered its system."""
    routing = {"filer_capacity": "deployer", "area_of_use": "other", "language": "en"}
    common = {"routing": routing, "deployer": who.CITY.party, "submitter": who.CITY.submitter}
    use = {
        **common,
        "provider_entry": benefits.number,
        "rights_assessment": texts.RIGHTS_ASSESSMENT,
        "data_protection_assessment": texts.DATA_PROTECTION_ASSESSMENT,
    }
    _file(people, who.CITY, RegisterUse.file, use, people.day(10))
    held = {
        **common,
        "rights_assessment": texts.HELD_RIGHTS_ASSESSMENT,
        "system_name": "School Place Allocator",
        "provider_name": "Unregistered Software Example s.r.o. (fictional)",
        "provider_email": "info@unregistered.example",
    }
    _file(people, who.CITY, RegisterUse.hold, held, people.day(5))
