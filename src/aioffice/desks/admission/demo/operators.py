"""The operators of the fictional Union: each applies, reads its letter, enters the code and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aioffice.desks.admission import letters
from aioffice.desks.admission.demo.people import People
from aioffice.desks.admission.founding import apply_for_admission
from aioffice.desks.admission.models import LetterCode
from aioffice.desks.admission.procedure import OperatorAdmission, RepresentativeMandate
from aioffice.kernel.db import acting
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator and whoever registers it."""

    name: str
    country: str
    address: str
    capacities: tuple[str, ...]
    person: str
    email: str
    public_body: bool = False
    language: str = "en"

    @property
    def party(self) -> dict[str, str]:
        """Name, address and contact as filings give them."""
        return {"name": self.name, "address": self.address, "contact": f"office@{self.email.partition('@')[2]}"}

    @property
    def submitter(self) -> dict[str, str]:
        """The person as filings give one who submits for another."""
        return {"name": self.person, "address": self.address, "contact": self.email}


KOLIBRI = Operator(
    "Kolibri Talent d.o.o. (fictional)", "SI", "Primerna ulica 1, 1000 Ljubljana, Slovenia", ("provider",),
    "Ana Novak", "ana.novak@kolibri.example",
)  # fmt: skip
ESCOLA = Operator(
    "Escola Digital Exemplo Lda (fictícia)", "PT", "Rua do Exemplo 12, 1000-001 Lisboa, Portugal", ("provider",),
    "Inês Carvalho", "ines.carvalho@escola.example",
)  # fmt: skip
NEREIDE = Operator(
    "Néréide Crédit SAS (fictive)", "FR", "3 rue de l’Exemple, 44000 Nantes, France", ("provider",),
    "Hugo Lefèvre", "hugo.lefevre@nereide.example", language="fr",
)  # fmt: skip
OVERSEAS = Operator(
    "Overseas Recruiting Example Inc. (fictional)", "US", "100 Sample Street, Springfield, United States", ("provider",),
    "Grace Miller", "grace.miller@overseas.example",
)  # fmt: skip
HARBOUR = Operator(
    "Harbour Biometrics Example B.V. (fictional)", "NL", "Voorbeeldkade 5, 3011 Rotterdam, Netherlands", ("provider",),
    "Daan Visser", "daan.visser@harbour.example",
)  # fmt: skip
REPRESENTATIVE = Operator(
    "Example Representation Ltd (fictional)", "IE", "7 Sample Quay, Dublin 2, Ireland", ("authorised_representative",),
    "Aoife Walsh", "aoife.walsh@representation.example",
)  # fmt: skip
CITY = Operator(
    "Example City Administration, Maribor (fictional)", "SI", "Mestni trg 1, 2000 Maribor, Slovenia", ("deployer",),
    "Marko Kovač", "marko.kovac@city.example", public_body=True,
)  # fmt: skip
INSURER = Operator(
    "Beispiel Versicherung AG (fictional)", "DE", "Musterstraße 8, 50667 Köln, Germany", ("deployer",),
    "Jonas Weber", "jonas.weber@versicherung.example",
)  # fmt: skip
NEWCOMER = Operator(
    "Newcomer Robotics Example GmbH (fictional)", "AT", "Mustergasse 4, 1010 Wien, Austria", ("provider", "deployer"),
    "Lena Huber", "lena.huber@newcomer.example",
)  # fmt: skip
EDITOR = "luka.kranjc@kolibri.example"
READER = "eva.pahor@kolibri.example"


def build(people: People) -> None:
    """Admit everybody but the newcomer, whose letter is on its way, and join the provider overseas with its representative."""
    for place, operator in enumerate((KOLIBRI, ESCOLA, NEREIDE, OVERSEAS, HARBOUR, REPRESENTATIVE, CITY, INSURER)):
        _admit(people, operator, people.day(70 - place))
    colleagues = {
        EDITOR: ("Luka Kranjc", "editor: prepares filings, does not sign", (Role.EDITOR,)),
        READER: ("Eva Pahor", "reader", (Role.READER,)),
    }
    for email, (name, what, roles) in colleagues.items():
        people.invite(email, name, f"{KOLIBRI.name}: {name}, {what}", roles, by=KOLIBRI.email, at=people.day(55))
    proposal = {"representative": REPRESENTATIVE.name, "scope": "All high-risk AI systems of the provider"}
    mandate = perform(
        RepresentativeMandate.propose, None, actor=people.actor(OVERSEAS.email), data=proposal, at=people.day(54)
    ).case
    perform(
        RepresentativeMandate.confirm, mandate, actor=people.actor(REPRESENTATIVE.email), data={}, at=people.day(53)
    )
    waiting = _apply(
        people, NEWCOMER, people.day(3), "applied three days ago: its letter with the code lies in the outbox folder"
    )
    _letter(waiting, people.day(3))


def _apply(people: People, operator: Operator, at: datetime, standing: str) -> Case:
    who = f"{operator.name}: {operator.person}, {standing}"
    person = people.sign_up(operator.email, operator.person, who, language=operator.language)
    data = {
        **operator.party,
        "country": operator.country,
        "legal_representative": {"name": operator.person, "position": "Managing director"},
        "capacities": list(operator.capacities),
        "public_body": operator.public_body,
    }
    return apply_for_admission(person, data, at=at).case


def _admit(people: People, operator: Operator, at: datetime) -> None:
    what = ", ".join(operator.capacities).replace("_", " ")
    case = _apply(people, operator, at, f"{'public ' if operator.public_body else ''}{what}, every role")
    actor = people.actor(operator.email)
    letter = _letter(case, at)
    code = {"code": _code_in(letter.read_text(encoding="utf-8"))}
    letter.unlink()  # printed and sent
    delivered = at + timedelta(days=4)
    perform(OperatorAdmission.prove_by_code, case, actor=actor, data=code, at=delivered)
    signed = {"name": operator.person, "position": "Managing director", "declaration": True}
    perform(OperatorAdmission.sign, case, actor=actor, data=signed, at=delivered + timedelta(minutes=20))


def _letter(case: Case, at: datetime) -> Path:
    """Hand the letter over for posting, and return where it lies."""
    with acting(service(letters.POSTMASTER), at):
        code_id = LetterCode.objects.get(case=case.pk, ended_at=None).pk
    letters.post(code_id, at=at)
    (found,) = (settings().data_dir / "outbox").glob(f"*{code_id}.txt")
    return found


def _code_in(letter: str) -> str:
    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", letter)
    assert found is not None, "a letter carries its code"
    return found.group()
