"""`perform` and `perform_many`: the only writers of cases, rounds, clocks, step records and their payloads.

One transaction holds everything a step does. `perform` is `perform_many` with one item, so there is one way for both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from aioffice.kernel.canonical import fresh_salt, salted_digests
from aioffice.kernel.clocks.addressees import answer
from aioffice.kernel.clocks.running import clock_refusal, find_undone, move_clocks
from aioffice.kernel.clocks.settling import settle
from aioffice.kernel.days import office_day
from aioffice.kernel.db import acting
from aioffice.kernel.documents.service import follow_audience
from aioffice.kernel.failpoints import reach
from aioffice.kernel.jobs import queue_deliveries
from aioffice.kernel.ledger.writing import note_steps
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import OPERATOR_CAPACITIES
from aioffice.kernel.procedures import erasures
from aioffice.kernel.procedures.ask import kept
from aioffice.kernel.procedures.declaration import Event, Step
from aioffice.kernel.procedures.errors import (
    Conflict,
    FieldError,
    IdempotencyMismatch,
    Invalid,
    NotAllowed,
    NotFound,
    ProcedureError,
    Refused,
    WrongState,
)
from aioffice.kernel.procedures.events import handlers_of
from aioffice.kernel.procedures.models import Case, OutboxEvent, StepPayload, StepRecord
from aioffice.kernel.procedures.parsing import parse
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.repetitions import REQUEST, recognise_repetitions, request_digest, scope
from aioffice.kernel.procedures.rounds import claim_places, fill_places, follow_cases, open_places
from aioffice.kernel.procedures.telling import tell
from aioffice.kernel.procedures.work import Item, Outcome, Work


def perform(
    step: Step,
    case: Case | UUID | None,
    *,
    actor: Actor,
    data: Mapping[str, Any],
    at: datetime,
    expected_version: int | None = None,
    idempotency_key: str | None = None,
    took_place_at: datetime | None = None,
    evidence: str = "",
) -> StepRecord:
    """Perform one step of one case and return its record.

    `case` is None for a step that opens one. `at` is the moment of recording, `took_place_at` when it happened if earlier, with
    `evidence`. `expected_version` guards against moves made meanwhile; `idempotency_key` makes a repetition return the first record.
    Raises a `ProcedureError`; then nothing was changed, but for what a `lasting` error's effect wrote. Called inside another
    `acting`, that lasts only if the error is caught inside it.
    """
    item = Item(
        data=data,
        case=case,
        expected_version=expected_version,
        idempotency_key=idempotency_key,
        took_place_at=took_place_at,
        evidence=evidence,
    )
    failed: ProcedureError | None = None
    record: StepRecord | None = None
    with acting(actor, at):
        works = _gather_settled(step, [item], actor, at)
        try:
            # A savepoint around the step: an error undoes numbers taken and anything an effect wrote before it failed. What the law
            # had done before the step came stays, whatever becomes of the step.
            with acting(actor, at):
                (outcome,) = _take(step, works)
                if outcome.error is not None and not outcome.error.lasting:
                    raise outcome.error
                record, failed = outcome.record, outcome.error
        except ProcedureError as error:
            failed = error
    if failed is not None:
        raise failed
    reach("perform.committed")
    assert record is not None, "an outcome is a record or an error"
    return record


def perform_many(step: Step, items: Sequence[Item], *, actor: Actor, at: datetime) -> list[Outcome]:
    """Perform one step on many cases, set-based, with the guarantees of `perform`; return one outcome per item, in order.

    Items fail one by one: those that pass are committed together. An unforeseen error undoes them all.
    """
    with acting(actor, at):
        return _take(step, _gather_settled(step, items, actor, at))


def perform_tacit(step: Step, items: Sequence[Item], *, actor: Actor, at: datetime) -> list[Outcome]:
    """`perform_many` for the effects of silence, which `clocks.settling` brings about in the order in which they became due."""
    with acting(actor, at):
        return _take(step, _gather(step, items, actor, at))


def _gather_settled(step: Step, items: Sequence[Item], actor: Actor, at: datetime) -> list[Work]:
    """Lock the cases and let the law act before the latecomer: what silence has brought about since is there when the step is judged."""
    works = _gather(step, items, actor, at)
    if not step.opens_case and settle([work.case.pk for work in works if work.error is None], at=at):
        works = _gather(step, items, actor, at)
    return works


def _take(step: Step, works: list[Work]) -> list[Outcome]:
    recognise_repetitions(works)
    _check(works)
    ready = _ready(works)
    for work in ready:
        work.from_state = work.case.state
    claimed = claim_places(step, ready) if step.answers is not None else {}
    if step.effect is not None and (ready := _ready(works)):
        step.effect(ready)
    ready = _ready(works)
    if ready:
        if step.answers is not None:
            fill_places(step, ready, claimed)
        _move(step, ready)
        ready = _ready(works)
        _record(step, ready)
        move_clocks(step, ready)
        answer(ready)
        open_places(step, ready)
        _emit(step, ready)
        tell(step, ready)
        if step.erases:
            erasures.erase(ready)
        reach("perform.recorded")
    return [Outcome(work.record, work.error, work.replayed) for work in works]


def _ready(works: Sequence[Work]) -> list[Work]:
    return [work for work in works if work.error is None and not work.replayed]


def _gather(step: Step, items: Sequence[Item], actor: Actor, at: datetime) -> list[Work]:
    """Lock the cases, in one order whoever asks, so that two batches never wait for each other in a circle.

    Keys never change, so they are not locked: whoever writes a row that refers to a case, such as a reminder, need not wait for it.
    """
    ids = {wanted for item in items if (wanted := _case_id(item)) is not None}
    locked: dict[UUID, Case] = {}
    if ids:
        rows = policy.visible_to(actor).filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
        locked = {case.pk: case for case in rows}
    works = []
    taken: set[UUID] = set()
    filer = Organisation.objects.get(pk=actor.organisation) if actor.organisation and step.opens_case else None
    for item in items:
        wanted = _case_id(item)
        if wanted is None:
            if actor.organisation is None and not actor.service:
                raise NotAllowed(_("This step is taken for an organisation: sign in and choose the one you act for."))
            case = Case(procedure=step.procedure.slug, state="start", version=0, opened_at=at, updated_at=at)
            if filer is not None:
                case.organisation = filer
            works.append(Work(step, item, actor, at, case))
            continue
        found = locked.get(wanted)
        work = Work(step, item, actor, at, found or Case(pk=wanted, procedure=step.procedure.slug))
        if found is None or found.procedure != step.procedure.slug:
            work.fail(NotFound(_("There is no such case, or it does not concern you.")))
        elif wanted in taken:
            work.fail(Conflict(_("The same case stands twice in this request: one step at a time.")))
        taken.add(wanted)
        works.append(work)
    return works


def _case_id(item: Item) -> UUID | None:
    return item.case.pk if isinstance(item.case, Case) else item.case


def _check(works: Sequence[Work]) -> None:
    for work in works:
        if work.error is not None or work.replayed:
            continue
        error = _refusal(work) or _unfit(work)
        if error is not None:
            work.fail(error)


def _refusal(work: Work) -> ProcedureError | None:
    step, case = work.step, work.case
    opening = work.item.case is None
    if opening != step.opens_case:
        return WrongState(
            _("This step opens a new case; it is not taken on one.")
            if step.opens_case
            else _("This step needs a case.")
        )
    expected = work.item.expected_version
    if expected is not None and expected != case.version:
        return Conflict(
            _(
                "The case was moved meanwhile: it is at version %(now)s, you answered version %(expected)s. "
                "Look at what changed, then send again."
            )
            % {"now": case.version, "expected": expected},
            version=case.version,
            state=case.state,
        )
    if not policy.may(work.actor, step, None if opening else case):
        allowed = "; ".join(str(who.title) for who in step.by)
        return NotAllowed(
            _("You may not take the step “%(step)s”. It is taken by: %(who)s.") % {"step": step.title, "who": allowed}
        )
    undoing = not opening and (step.answers is not None or not step.starts_in(case.state)) and find_undone(work)
    if not opening and not undoing and not step.starts_in(case.state):
        would_do = ", ".join(str(source.title) for source in step.move.sources)
        now = step.procedure.states[case.state].title if case.state in step.procedure.states else case.state
        return WrongState(
            _("The step “%(step)s” is taken from: %(states)s. The case is: %(state)s.")
            % {"step": step.title, "states": would_do, "state": now},
            states=[source.name for source in step.move.sources],
            state=case.state,
        )
    for need in step.needs:
        if reason := need(case):
            return Refused(reason)
    return _wrong_moment(work) or clock_refusal(work)


def _wrong_moment(work: Work) -> Invalid | None:
    """Only authorities, bodies and services record what took place earlier, such as a letter that came by post.

    An operator's own filing takes place when it is made: it is no operator's word since when the register says something.
    """
    if work.took_place_at == work.at:
        return None
    if work.took_place_at > work.at:
        message = _("A step cannot have taken place after the moment it is recorded.")
        return Invalid(errors=[FieldError("", message, "in-the-future")])
    if work.actor.service:
        return None
    if not work.actor.capacities - OPERATOR_CAPACITIES:
        message = _(
            "Only authorities and bodies record what took place earlier; what you file takes place as you file it."
        )
        return Invalid(errors=[FieldError("", message, "took-place-earlier")])
    if not work.step.opens_case and work.took_place_at < work.case.opened_at:
        message = _("A step cannot have taken place before the case was opened.")
        return Invalid(errors=[FieldError("", message, "before-the-case")])
    return None


def _unfit(work: Work) -> ProcedureError | None:
    if work.step.asks is None:
        if work.item.data:
            message = _("This step asks for nothing; send an empty object.")
            return Invalid(errors=[FieldError("", message, "extra")])
        return None
    try:
        work.form = parse(work.step.asks, work.item.data, on=office_day(work.at))
    except Invalid as error:
        return error
    work.data = work.form.model_dump(mode="json")
    return erasures.fault(work) if work.step.erases else None


def _move(step: Step, works: Sequence[Work]) -> None:
    """Write the cases: new ones inserted, known ones moved by compare-and-set. Audiences are worked out anew each time."""
    opened: list[Case] = []
    moved: list[Work] = []
    for work in works:
        case = work.case
        case.state = work.target or step.target(work.from_state)
        case.updated_at = work.at
        case.audience = audience_keys(step.procedure.seen_by(case))
        case.version += 1
        if step.opens_case:
            opened.append(case)
        else:
            moved.append(work)
    if opened:
        Case.objects.bulk_create(opened, batch_size=1000)
    if moved:
        _compare_and_set(moved)


_COMPARE_AND_SET = """
update office.procedures_case c
   set state = r.state, version = r.version, updated_at = r.updated_at, number = r.number, counterpart_id = r.counterpart,
       member_states = r.member_states, audience = r.audience, secure = r.secure, subject = r.subject, facts = r.facts
  from jsonb_to_recordset(%s::jsonb) as r(id uuid, from_state text, state text, version int, updated_at timestamptz, number text,
       counterpart uuid, member_states text[], audience bigint[], secure boolean, subject text, facts jsonb)
 where c.id = r.id and c.state = r.from_state and c.version = r.version - 1
"""
_FOLLOW = (
    "update office.{table} t set audience = r.audience from jsonb_to_recordset(%s::jsonb) as r(id uuid, audience bigint[]) "
    "where t.case_id = r.id and t.audience <> r.audience{beside}"
)
_FOLLOWERS = {
    "procedures_steprecord": "",
    "procedures_erasedvalue": "",
    "procedures_caselink": "",
    "clocks_clock": " and t.round_place_id is null",
}
"""What follows the audience of its case. The clock of a place in a round follows its place."""


def _compare_and_set(moved: Sequence[Work]) -> None:
    rows = [
        {
            "id": str(work.case.pk),
            "from_state": work.from_state,
            "state": work.case.state,
            "version": work.case.version,
            "updated_at": work.at.isoformat(),
            "number": work.case.number,
            "counterpart": str(work.case.counterpart_id) if work.case.counterpart_id else None,
            "member_states": list(work.case.member_states),
            "audience": list(work.case.audience),
            "secure": work.case.secure,
            "subject": work.case.subject,
            "facts": work.case.facts,
        }
        for work in moved
    ]
    text = json.dumps(rows)
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE_AND_SET, [text])
        if cursor.rowcount != len(rows):
            raise Conflict(_("A case was moved by somebody else in the same moment. Look at it and send again."))
        # Whoever may see a case may see its history: what was written before follows the case's audience.
        for table, beside in _FOLLOWERS.items():
            cursor.execute(_FOLLOW.format(table=table, beside=beside), [text])
        cursor.execute(
            "update office.procedures_steppayload p set audience = s.audience from office.procedures_steprecord s "
            "where s.id = p.record_id and s.case_id = any(%s) and p.audience <> s.audience",
            [[work.case.pk for work in moved]],
        )
    follow_cases(moved)
    follow_audience([work.case.pk for work in moved])


def _record(step: Step, works: Sequence[Work]) -> None:
    records, payloads = [], []
    for work in works:
        case = work.case
        data = kept(step.asks, work.item.data)
        digests, salts = salted_digests(data)
        if work.item.idempotency_key:
            salts[REQUEST] = fresh_salt()
        work.record = StepRecord(
            id=work.record_id,
            case=case,
            sequence=case.version,
            step=step.key,
            from_state=work.from_state,
            to_state=case.state,
            actor=work.actor.id,
            actor_organisation_id=work.actor.organisation,
            took_place_at=work.took_place_at,
            recorded_at=work.at,
            basis=step.basis,
            digests=digests,
            idempotency_scope=scope(work.actor) if work.item.idempotency_key else "",
            idempotency_key=work.item.idempotency_key,
            request_digest=request_digest(work, salts[REQUEST]) if work.item.idempotency_key else "",
            organisation_id=case.organisation_id,
            audience=case.audience,
        )
        records.append(work.record)
        payloads.append(
            StepPayload(
                record=work.record,
                data=data,
                salts=salts,
                evidence=work.item.evidence,
                organisation_id=case.organisation_id,
                audience=case.audience,
            )
        )
    try:
        StepRecord.objects.bulk_create(records, batch_size=1000)
    except IntegrityError as error:
        if "idempotency_once" not in str(error):
            raise
        # Used on a case that does not concern the actor any more: that much may be said, and no more.
        raise IdempotencyMismatch(_("This idempotency key was used before. Use a new key."), pointers=[]) from None
    StepPayload.objects.bulk_create(payloads, batch_size=1000)
    note_steps(records, works[0].at)


def _emit(step: Step, works: Sequence[Work]) -> None:
    for event in step.emits:
        emit(event, works)


def emit(event: type[Event], works: Sequence[Work]) -> None:
    """Write one outbox row per piece of work and queue its delivery, in the current transaction."""
    handlers = handlers_of(event.name)
    if not handlers:
        return
    rows = [
        OutboxEvent(name=event.name, case_id=work.case.pk, record_id=work.record_id, recorded_at=work.at)
        for work in works
    ]
    OutboxEvent.objects.bulk_create(rows, batch_size=1000)
    queue_deliveries(event.name, handlers, [row.pk for row in rows])
