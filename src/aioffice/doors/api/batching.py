"""Many filings in one go: a line each, taken in slices of one transaction, answered by a line each.

A line that fails takes no other with it. Whoever sends the same lines again, with their keys, gets the first answers.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from aioffice.doors.api import casefile
from aioffice.doors.api.problems import Problem, document_of
from aioffice.doors.api.reading import first_of, key_fault, object_of
from aioffice.doors.api.refusals import problem_of
from aioffice.kernel.db import Busy, acting, is_busy
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Step
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.performing import perform_many
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.work import Item, Outcome
from aioffice.register.opening import OPENINGS, opening

SLICE = 100
"""Filings of one transaction."""
MOST_LINES = 100_000
LONGEST_LINE = 1_000_000
"""Bytes of a line; the longest form filled to the brim is shorter."""
TRIES = 4
"""How often a slice is tried while others hold what it needs."""
_MEMBERS = ("section", "key", "data")


@dataclass(frozen=True, slots=True)
class Filing:
    """A line as it was sent: what to file under which key, or what is wrong with the line."""

    line: int
    key: str | None = None
    step: Step | None = None
    data: dict[str, Any] = field(default_factory=dict)
    problem: Problem | None = None


def read_filing(line: int, content: bytes) -> Filing:
    """Read one line: `{"section": "A", "key": "mine-1", "data": {…}}`."""
    if len(content) > LONGEST_LINE:
        return Filing(line, problem=Problem("too-large", f"The line is longer than {LONGEST_LINE} bytes."))
    try:
        sent = object_of(content, "The line")
    except (Problem, Invalid) as error:
        return Filing(line, problem=problem_of(error))
    key, data = sent.get("key"), sent.get("data")
    if faults := first_of(_faults(sent)):
        shown = key if isinstance(key, str) and not key_fault(key) else None
        return Filing(line, shown, problem=problem_of(Invalid(errors=faults)))
    assert isinstance(data, dict), "anything else is a fault"
    return Filing(line, key, opening(sent["section"]), data)


def _faults(sent: dict[str, Any]) -> Iterator[FieldError]:
    for name in sent:
        if name not in _MEMBERS:
            yield FieldError(f"/{name}", f"A line has the members {', '.join(_MEMBERS)}.", "extra_forbidden")
    if sent.get("section") not in [*OPENINGS]:
        yield FieldError("/section", f"One of {', '.join(OPENINGS)} is expected.", "choice")
    if (key := sent.get("key")) is not None and (fault := key_fault(key)):
        yield FieldError("/key", fault, "key")
    if not isinstance(sent.get("data"), dict):
        yield FieldError("/data", "The fields of the section are expected, as an object: {…}.", "object")


def file_all(
    filings: Iterable[Filing],
    *,
    actor: Actor,
    dry_run: bool = False,
    clock: Callable[[], datetime] = timezone.now,
) -> Iterator[dict[str, Any]]:
    """File them slice by slice; yield one answer a line, in their order, and at the end how many ended how."""
    counted: Counter[str] = Counter()
    for some in _slices(filings):
        answers = _answered(some, actor, clock(), dry_run=dry_run)
        counted.update(answer["status"] for answer in answers)
        yield from answers
    yield {"end": True, "lines": counted.total(), **{name: counted[name] for name in STATUSES}}


REGISTERED, CHECKED, REPEATED, REFUSED, FAILED = "registered", "checked", "repeated", "refused", "failed"
STATUSES = (REGISTERED, CHECKED, REPEATED, REFUSED, FAILED)
"""How a line ends. `checked`: it would have been registered (a dry run); `repeated`: the answer to an earlier request with the same key;
`refused`: correct it and send it again; `failed`: nothing was wrong with it, send it again as it is."""


def _slices(filings: Iterable[Filing]) -> Iterator[list[Filing]]:
    """Up to a hundred lines; a key that stands in the slice already begins a new one, so that it is found again."""
    some: list[Filing] = []
    keys: set[str] = set()
    for filing in filings:
        if len(some) == SLICE or filing.key in keys:
            yield some
            some, keys = [], set()
        some.append(filing)
        if filing.key is not None:
            keys.add(filing.key)
    if some:
        yield some


def _answered(some: Sequence[Filing], actor: Actor, at: datetime, *, dry_run: bool) -> list[dict[str, Any]]:
    answers = {filing.line: _unperformed(filing, filing.problem) for filing in some if filing.problem is not None}
    for step in dict.fromkeys(filing.step for filing in some if filing.step is not None):
        own = [filing for filing in some if filing.step is step]
        answers |= _filed(step, own, actor, at, dry_run=dry_run)
    return [answers[filing.line] for filing in some]


def _filed(
    step: Step, own: Sequence[Filing], actor: Actor, at: datetime, *, dry_run: bool
) -> dict[int, dict[str, Any]]:
    try:
        return _tried(step, own, actor, at, dry_run=dry_run)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer to these lines, and the others go on
        problem = problem_of(error)
    if problem.kind.code == "internal" and len(own) > 1:
        # One of them is more than we foresaw; it takes no other with it.
        alone = [_filed(step, [filing], actor, at, dry_run=dry_run) for filing in own]
        return {line: answer for answers in alone for line, answer in answers.items()}
    return {filing.line: _unperformed(filing, problem, FAILED) for filing in own}


def _tried(
    step: Step, own: Sequence[Filing], actor: Actor, at: datetime, *, dry_run: bool
) -> dict[int, dict[str, Any]]:
    for attempt in range(TRIES):
        try:
            return _once(step, own, actor, at, dry_run=dry_run)
        except (Busy, OperationalError) as error:
            if not is_busy(error) or attempt == TRIES - 1:
                raise
            time.sleep(0.2 * 2**attempt)
    raise AssertionError("the last try ends in an answer or an error")


def _once(step: Step, own: Sequence[Filing], actor: Actor, at: datetime, *, dry_run: bool) -> dict[int, dict[str, Any]]:
    items = [Item(data=filing.data, idempotency_key=filing.key) for filing in own]
    with acting(actor, at):
        outcomes = perform_many(step, items, actor=actor, at=at)
        cases = _cases(outcomes, actor)
        answers = {
            filing.line: _answer(filing, outcome, cases, dry_run=dry_run)
            for filing, outcome in zip(own, outcomes, strict=True)
        }
        if dry_run:
            # The numbers taken, the entries, the clocks: nothing of it stays.
            transaction.set_rollback(True)
    return answers


def _cases(outcomes: Sequence[Outcome], actor: Actor) -> dict[UUID, Case]:
    ids = [outcome.record.case_id for outcome in outcomes if outcome.record is not None]
    return {case.pk: case for case in policy.visible_to(actor).select_related("organisation").filter(pk__in=ids)}


def _answer(filing: Filing, outcome: Outcome, cases: dict[UUID, Case], *, dry_run: bool) -> dict[str, Any]:
    if outcome.record is None:
        assert outcome.error is not None, "an outcome is a record or an error"
        return _unperformed(filing, problem_of(outcome.error))
    record: StepRecord = outcome.record
    if dry_run and not outcome.replayed:
        return {"line": filing.line, "key": filing.key, "status": CHECKED}
    status = REPEATED if outcome.replayed else REGISTERED
    case = casefile.summary(cases[record.case_id], record)
    return {"line": filing.line, "key": filing.key, "status": status, "number": case["number"], "case": case}


def _unperformed(filing: Filing, problem: Problem, status: str = REFUSED) -> dict[str, Any]:
    return {"line": filing.line, "key": filing.key, "status": status, "problem": document_of(problem)}
