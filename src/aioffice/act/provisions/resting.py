"""What of this software rests on each provision, and the other way round: rules, duties, time limits, fields, fines, open questions.

Whatever cites a provision is an item with the nodes it leads to. Procedures are declared above this floor: whoever knows them makes
items of them with `item` and asks with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from aioffice.act import annex_viii, registration
from aioffice.act.classification import CONCLUSIONS, READINGS, in_scope
from aioffice.act.duties import vocabulary
from aioffice.act.fines import PROVISIONS as FINES
from aioffice.act.provisions.citations import cited
from aioffice.act.reasoning.expressions import Rule, facts_in, rules_in
from aioffice.act.reasoning.facts import Fact
from aioffice.act.rules.duties import DUTIES, Duty
from aioffice.act.time_limits import time_limits

if TYPE_CHECKING:
    from aioffice.act.provisions.nodes import Node


class Sort(StrEnum):
    """What kind of thing rests on a provision."""

    RULE = "rule"
    DATE = "date"
    """A day from which something applies, as a timetable of the rules has it."""
    DUTY = "duty"
    LIMIT = "limit"
    FIELD = "field"
    FINE = "fine"
    """A maximum fine: on the provision that sets it and on those whose breach it is for."""
    QUESTION = "question"
    FACT = "fact"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """Something that rests on provisions. `id` is its name among its sort, `subject` the thing itself."""

    sort: Sort
    id: str
    provision: str
    nodes: tuple[Node, ...]
    subject: object


def item(sort: Sort, id: str, provision: str, subject: object) -> Item:
    """An item that cites provisions. Raises CitationError where the citation leads nowhere."""
    return Item(sort, id, provision, cited(provision), subject)


@cache
def items() -> tuple[Item, ...]:
    """All that this floor knows, in the order of their sorts."""
    return tuple(_items())


def by_node(of: Iterable[Item]) -> Mapping[str, tuple[Item, ...]]:
    """The items by the id of the node they lead to."""
    found: dict[str, list[Item]] = {}
    for one in of:
        for leads_to in one.nodes:
            found.setdefault(leads_to.id, []).append(one)
    return MappingProxyType({name: tuple(ones) for name, ones in found.items()})


def sets_fine(of: Node) -> bool:
    """Whether a provision says how high a fine may be, and is not one whose breach it is for."""
    return of.path[0] in {"75c", "99", "100", "101"}


def deciding_facts(of: Iterable[Item]) -> tuple[Fact, ...]:
    """The facts that decide what these items come to: those that rules and duties ask, and those that are there for the provision."""
    found: dict[str, Fact] = {}
    for one in of:
        match one.subject:
            case Fact() as fact:
                found[fact.name] = fact
            case Rule() as rule:
                found |= {fact.name: fact for fact in facts_in(rule)}
            case Duty() as duty:
                found |= {fact.name: fact for fact in facts_in(duty.when)}
    return tuple(found.values())


def _items() -> Iterator[Item]:
    whens = (
        in_scope,
        *(part for one in CONCLUSIONS for part in (one.when, one.scope)),
        *(duty.when for duty in DUTIES),
    )
    rules = {rule.provision: rule for when in whens for rule in rules_in(when)}
    yield from (item(Sort.RULE, name, name, rule) for name, rule in rules.items())
    tables = [table for one in CONCLUSIONS for table in (one.amended, one.enacted)]
    tables += [table for duty in DUTIES for table in (duty.amended, duty.enacted)]
    bases = {since.basis: since for table in tables for since in table.entries}
    yield from (item(Sort.DATE, basis, basis, since) for basis, since in bases.items())
    yield from (item(Sort.DUTY, duty.provision, duty.provision, duty) for duty in DUTIES)
    yield from (item(Sort.LIMIT, limit.id, limit.basis, limit) for limit in time_limits())
    for field in annex_viii.every_field():
        yield item(Sort.FIELD, f"{field.section}.{field.number}", field.legal_basis, field)
    yield from (item(Sort.FINE, name, provision, name) for name, provision in FINES.items())
    registered = {one.id: one.provision for one in registration.open_questions()}
    for reading in READINGS:
        yield item(Sort.QUESTION, reading.question, registered.get(reading.question, reading.question), reading)
    yield from (item(Sort.FACT, fact.name, fact.provision, fact) for fact in vocabulary())
