"""Applicants for tests: somebody new, a complete application, the letter read where it lies."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from aioffice.desks.admission.founding import apply_for_admission
from aioffice.desks.admission.letters import post
from aioffice.desks.admission.models import LetterCode
from aioffice.desks.admission.procedure import OperatorAdmission
from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Person
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import settings
from tests.support.parties import NOW

SIGNED = {"name": "Ana Novak", "position": "Managing director", "declaration": True}


def application(**changes: Any) -> dict[str, Any]:
    """Everything an operator states of itself."""
    return {
        "name": "Example Systems d.o.o. (fictional)",
        "country": "SI",
        "address": "Primerna ulica 1, 1000 Ljubljana, Slovenia",
        "contact": "office@systems.example",
        "legal_representative": {"name": "Ana Novak", "position": "Managing director"},
        "capacities": ["provider"],
        "public_body": False,
        **changes,
    }


def somebody(email: str = "ana@systems.example") -> Person:
    """Somebody who has signed up and belongs to no organisation."""
    with plumbing():
        return Person.objects.create(email=email, password="!", name="Ana Novak")


def actor_of(person: Person) -> Actor:
    """Who the person acts as."""
    with plumbing():
        return actor_for_person(person)


def applied(person: Person | None = None, *, at: datetime = NOW, **changes: Any) -> tuple[Actor, Case]:
    """Somebody new applies; return who they act as now, and the case."""
    person = person or somebody()
    record = apply_for_admission(person, application(**changes), at=at)
    return actor_of(person), record.case


def letter_of(case: Case, *, at: datetime = NOW) -> str:
    """Post the letter in force of a case and return its text, read from the outbox."""
    with acting(service("postmaster"), at):
        code_id: UUID = LetterCode.objects.get(case=case.pk, ended_at=None).pk
    post(code_id, at=at)
    (found,) = (settings().data_dir / "outbox").glob(f"*{code_id}.txt")
    return found.read_text(encoding="utf-8")


def code_in(letter: str) -> str:
    """The code in a letter."""
    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", letter)
    assert found, letter
    return found.group()


def wrong_code(case: Case, *, at: datetime = NOW) -> str:
    """A code that is not the one in the letter."""
    code = code_in(letter_of(case, at=at))
    return ("3" if code[0] == "2" else "2") + code[1:]


def proven(person: Person | None = None, **changes: Any) -> tuple[Actor, Case]:
    """Somebody new applies and enters the code."""
    actor, case = applied(person, **changes)
    perform(OperatorAdmission.prove_by_code, case, actor=actor, data={"code": code_in(letter_of(case))}, at=NOW)
    return actor, case


def admitted(person: Person | None = None, **changes: Any) -> tuple[Actor, Case]:
    """Somebody new goes the whole way; the actor returned is admitted."""
    person = person or somebody()
    actor, case = proven(person, **changes)
    record = perform(OperatorAdmission.sign, case, actor=actor, data=SIGNED, at=NOW)
    return actor_of(person), record.case
