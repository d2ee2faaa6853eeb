"""A Union in which every example of the OpenAPI document runs as it stands, and the way to the state in which each step may be taken."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from aioffice.desks.admission.codes import code_of
from aioffice.desks.admission.models import LetterCode
from aioffice.desks.admission.ports.qualified_seal import Seal
from aioffice.doors.api import examples
from aioffice.doors.api.formschema import offered_steps
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.documents.models import Document
from aioffice.kernel.documents.service import upload
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.declaration import STAY, Step, procedure
from aioffice.kernel.webhooks.delivering import deliver
from tests.support.api import Answer, Machine, publish, token_of
from tests.support.filings import PDF
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import sequence_all
from tests.support.webhooks import Machine as Outside
from tests.support.webhooks import through

APPLICANT = "Example Systems Lda (fictional)"
"""Name in the example of an application for admission; a seal in tests is always its."""
FIRST = {
    "unflag": ["flag"],
    "release": ["withhold"],
    "erase": ["update"],
    "reply": ["question"],
    "reply_by_provider": ["question"],
}
"""Steps that need more of a case than its state: the steps to take before."""

REPRESENTATIVE = {
    "name": "Example Representation Lda (fictional)",
    "address": "Rua Exemplo 3",
    "contact": "office@example.com",
}
TAKEN_BY = {"impersonation-report.report": "city"}
"""Steps that all may take but one, whom the example is about."""


class SealOfApplicant:
    """Adapter for seals: every document carries the applicant's."""

    connected = True

    def validate(self, document: Any, *, naming: str, at: Any) -> Seal:
        """The applicant's seal."""
        return Seal(organisation_name=APPLICANT, organisation_identifier="", sealed_at=at)


@dataclass
class ApiWorld:
    """Machines by the name of who they act for, and what there is to ask for."""

    machines: dict[str, Machine] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, made: Organisation) -> Actor:
        """Add an organisation with a token of every role that tokens hold."""
        self.machines[name] = Machine(token_of(made))
        return acting_for(made)

    def example(self, step: Step) -> dict[str, Any]:
        """The example of the OpenAPI document."""
        return examples.example_of(step.asks, on=NOW.date()) if step.asks is not None else {}

    def taker(self, step: Step, case_id: str = "") -> Machine:
        """A machine that may take the step: as the case offers it, or for a step that opens one, as the API allows it."""
        if step.key in TAKEN_BY:
            return self.machines[TAKEN_BY[step.key]]
        for machine in self.machines.values():
            if step.opens_case:
                refused = machine.post(path_of(step), b"{", Content_Type="application/json")
                assert refused.status == 400
                tried = machine.post(path_of(step), {}, Idempotency_Key="may-i")
                if tried.status != 403:
                    return machine
            else:
                seen = machine.get(f"/cases/{case_id}")
                if seen.status == 200 and step.name in {one["step"] for one in seen.json["steps"]}:
                    return machine
        raise AssertionError(f"nobody here may take {step.key}")

    def take(self, step: Step, case_id: str = "", data: Mapping[str, Any] | None = None) -> Answer:
        """Take a step with its example, as whoever may."""
        machine = self.taker(step, case_id)
        body = self.body(step, case_id, machine) if data is None else dict(data)
        headers = {} if step.opens_case else {"If_Match": "*"}
        answer = machine.post(path_of(step, case_id), body, **headers)
        assert answer.status in (200, 201), f"{step.key}: {answer.body.decode()}"
        return answer

    def body(self, step: Step, case_id: str, machine: Machine) -> dict[str, Any]:
        """The example; only what nobody could know beforehand (the code in a letter, a file of one's own) is put in."""
        body = self.example(step)
        if step.name == "prove_by_code":
            body = {"code": letter_code(case_id)}
        if step.name == "prove_by_seal":
            body = {"document": machine.upload("statement.pdf", PDF).json["id"]}
        return body

    def case_for(self, step: Step) -> str:
        """Open a case and lead it to a state from which the step may be taken; return its id."""
        if step.name == "confirm_representative":
            return self._naming_a_representative(step)
        if step.name.endswith("_by_provider"):
            return self._before(step, self._filed_by_a_representative(step))
        if step.procedure.slug == "identity-hearing":
            return self._hearing()
        way = way_to(step)
        case_id: str = self.take(way[0]).json["case"]["id"]
        for before in way[1:]:
            self.take(before, case_id)
        return self._before(step, case_id)

    def _before(self, step: Step, case_id: str) -> str:
        """Take what the step needs beside the state of its case."""
        for name in FIRST.get(step.name, ()):
            self.take(step.procedure.steps[name], case_id)
        return case_id

    def _mandate(self) -> None:
        mandate = procedure("mandate").steps
        case_id = self.take(mandate["propose"]).json["case"]["id"]
        self.take(mandate["confirm"], case_id)

    def _naming_a_representative(self, step: Step) -> str:
        self._mandate()
        file = step.procedure.steps["file"]
        filed = self.take(file, data={**self.example(file), "representative": REPRESENTATIVE})
        return str(filed.json["case"]["id"])

    def _filed_by_a_representative(self, step: Step) -> str:
        self._mandate()
        machine = self.machines["representative"]
        file = step.procedure.steps["file"]
        data = {**self.example(file), "representative": REPRESENTATIVE, "submitter": REPRESENTATIVE}
        data["routing"] = {**data["routing"], "filer_capacity": "authorised_representative"}
        for name in ("declaration_of_conformity", "instructions_for_use"):
            if name in data:
                data[name] = machine.upload(f"{name}.pdf", PDF).json["id"]
        filed = machine.post(path_of(file), data)
        assert filed.status == 201, filed.body.decode()
        return str(filed.json["case"]["id"])

    def _hearing(self) -> str:
        self.take(procedure("impersonation-report").steps["report"])
        publish()
        found = self.machines["office"].get("/cases?procedure=identity-hearing").json["items"]
        return str(found[0]["id"])


def path_of(step: Step, case_id: str = "") -> str:
    """Where a step is sent to."""
    middle = "" if step.opens_case else f"cases/{case_id}/"
    return f"/procedures/{step.procedure.slug}/{middle}{step.name}"


def way_to(step: Step) -> list[Step]:
    """The shortest way from nothing to a state from which the step starts."""
    offered = [one for one in offered_steps() if one.procedure is step.procedure and one is not step]
    ways = [[one] for one in offered if one.opens_case]
    while ways:
        way = ways.pop(0)
        state = way[-1].move.target.name
        if step.starts_in(state):
            return way
        ways += [
            [*way, one]
            for one in offered
            if one.starts_in(state) and one.move.target is not STAY and one not in way and one.name != "prove_by_seal"
        ]
    raise AssertionError(f"no way leads to {step.key}")


def letter_code(case_id: str) -> str:
    """The code in the letter of a case, as it stands on paper."""
    with acting(Actor(id="service:postmaster", name="test", admitted=True), NOW):
        return code_of(UUID(str(LetterCode.objects.get(case=UUID(case_id), ended_at=None).pk)))


def build() -> ApiWorld:
    """Make the Union; everything is committed."""
    world = ApiWorld()
    provider = world.add("provider", organisation("Example Systems Lda (fictional)", Capacity.PROVIDER))
    world.add("city", organisation("City of Example (fictional)", Capacity.DEPLOYER, public_body=True))
    world.add("authority", organisation("Authority of Example", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
    office = organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
    world.add("office", office)
    world.machines["auditor"] = Machine(token_of(office, roles=(Role.AUDITOR,)))
    world.add(
        "representative", organisation("Example Representation Lda (fictional)", Capacity.AUTHORISED_REPRESENTATIVE)
    )
    protection = "Data Protection Authority of Example (fictional)"
    world.add("data protection", organisation(protection, Capacity.ARTICLE_74_8_AUTHORITY))
    world.add("newcomer", organisation("Newcomer", admitted=False))
    _documents(provider)
    filed = {step.key: world.take(step).json["case"] for step in offered_steps() if step.key in FILED}
    publish()
    sequence_all(NOW)
    shown = Machine().get(f"/register/entries/{examples.ENTRY}").json["fields"]["declaration_of_conformity"]
    world.known = {
        "number": examples.ENTRY,
        "n": "1",
        "m": "1",
        "code": "invalid",
        "limit": "GL-6",
        "provision": "article-5-1-f",
        "sequence": "1",
        "sha256": shown["sha256"],
        "document_id": examples.DECLARATION,
        "case_id": filed["high-risk-registration.file"]["id"],
        **_webhook(world.machines["provider"]),
    }
    return world


def _webhook(machine: Machine) -> dict[str, str]:
    """A webhook of the provider, to which a test was sent."""
    outside = Outside()
    with through(outside):
        body = {"name": "Known", "url": "https://hooks.example.eu/known"}
        made = machine.post("/webhooks", body).json["id"]
        tested = machine.post(f"/webhooks/{made}/test").json["id"]
        deliver(UUID(made), now=timezone.now)
    assert outside.sent
    return {"webhook_id": made, "delivery_id": tested}


FILED = ("high-risk-registration.file", "exempt-registration.file", "use-registration.file")


def _documents(provider: Actor) -> None:
    """The documents that the examples refer to, under the very ids they name."""
    with acting(provider, NOW):
        sent = upload(io.BytesIO(PDF), "declaration.pdf", actor=provider, at=NOW)
        common = {
            name: getattr(sent, name)
            for name in ("uploaded_by", "digest", "size", "media_type", "scan_state", "created_at")
        }
        for number, document_id in enumerate((examples.DECLARATION, examples.INSTRUCTIONS)):
            Document.objects.create(
                id=document_id, organisation_id=provider.organisation, filename=f"example-{number}.pdf", **common
            )


@contextmanager
def undone() -> Iterator[None]:
    """Let requests write as they like, and take it all back."""
    with transaction.atomic(using="default"):
        yield
        transaction.set_rollback(True, using="default")


@contextmanager
def undone_within() -> Iterator[None]:
    """The same inside of what will be undone as a whole: the savepoint is the test's own, the request still has to say who acts."""
    with plumbing():
        savepoint = transaction.savepoint_create(using="default")
    try:
        yield
    finally:
        with plumbing():
            transaction.savepoint_rollback(savepoint, using="default")
