"""One case as a page shows it: where it stands, what happened, who is asked, what the reader can do. Called inside `acting`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from aioffice.kernel.clocks.addressees import of_places
from aioffice.kernel.clocks.models import Clock
from aioffice.kernel.clocks.running import why_clocks_wait
from aioffice.kernel.db.acting import current_time
from aioffice.kernel.documents.models import Document, DocumentUse
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.models import Organisation, Person
from aioffice.kernel.procedures.ask import Form
from aioffice.kernel.procedures.declaration import Procedure, State, Step, procedure
from aioffice.kernel.procedures.erasing import label_of
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import Case, CaseLink, RoundPlace, StepPayload, StepRecord
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.queries import may_prepare
from aioffice.kernel.procedures.redacting import erased_of
from aioffice.kernel.procedures.rounds import why_place_waits
from aioffice.kernel.reading.recording import case_was_read
from aioffice.kernel.reading.vocabulary import Door, Thing


@dataclass(frozen=True, slots=True)
class LostValue:
    """A value that was erased: its label (empty where everything sent with the step was), and when."""

    label: Any
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class RecordView:
    """A step that was performed. `step` is None for one that is no longer declared; `data` is None where it was erased or never sent.

    `lost` names the values that were erased.

    `part` tells how the organisation stands to the case; `person` is named only to people of the same organisation.
    `own` tells that the reader's organisation took the step; `silent` names the addressee of a round for whose silence it stands.
    """

    id: UUID
    sequence: int
    step: Step | None
    title: Any
    from_title: Any
    to_title: Any
    moved: bool
    organisation: str
    part: str
    person: str
    took_place_at: datetime
    recorded_at: datetime
    evidence: str
    basis: str
    data: Mapping[str, Any] | None
    erased: bool
    own: bool
    presumed: bool = False
    lost: tuple[LostValue, ...] = ()
    silent: str = ""

    @property
    def form(self) -> type[Form] | None:
        """The form that the data was sent to."""
        return self.step.asks if self.step else None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One addressee of a round, and its answer; `outcome` is the label of its choice.

    `clock` is its own time limit, `silent` tells that its answer is presumed, because that ended in silence.
    """

    addressee: str
    own: bool
    asked_at: datetime
    answered_at: datetime | None
    outcome: Any
    clock: Clock | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True)
class RoundView:
    """A question put to several, with a place for each; `over` tells that an answer has moved the case on."""

    title: Any
    basis: str
    over: bool
    places: tuple[PlaceView, ...]

    @property
    def open_places(self) -> int:
        """How many have not answered."""
        return sum(1 for place in self.places if place.answered_at is None)


@dataclass(frozen=True, slots=True)
class LinkView:
    """Another case that this one is linked to, and that the reader may see."""

    relation: str
    id: UUID
    number: str
    subject: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A step the reader may take now, or prepare for a colleague who may (`signs` is false).

    `waits_because` is the reason why it cannot be taken yet, empty when it can.
    """

    step: Step
    signs: bool
    awaited: bool
    waits_because: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything a case page shows. `since` is the moment the case came to its state; `choices` have the awaited steps first."""

    case: Case
    procedure: type[Procedure]
    state: State
    since: datetime
    records: tuple[RecordView, ...]
    rounds: tuple[RoundView, ...]
    links: tuple[LinkView, ...]
    documents: tuple[Document, ...]
    choices: tuple[Choice, ...]
    readers: tuple[str, ...]

    @property
    def first(self) -> RecordView | None:
        """The step that opened the case."""
        return self.records[0] if self.records else None


def visible_case(
    case: UUID | str, *, actor: Actor, door: Door | None, thing: Thing = Thing.CASE, version: int | None = None
) -> Case:
    """Return a case that `actor` may see, by its id or number; raise `NotFound` for any other, whether it exists or not.

    That `thing` of it is opened by `door` is written down (see `reading.recording`); None only where nothing of the case is shown.
    `version` is what the log says was opened, where that is not the case as it stands.
    """
    wanted = Q(number=case.strip().upper()) if isinstance(case, str) else Q(pk=case)
    found = policy.visible_to(actor).filter(wanted).select_related("organisation", "counterpart").first()
    if found is None:
        raise NotFound(_("There is no such case, or it does not concern you."))
    if door is not None:
        case_was_read(found, actor=actor, door=door, thing=thing, version=version)
    return found


def view_case(case: Case, *, actor: Actor) -> CaseView:
    """Return everything a page shows of a case that `visible_case` gave."""
    kind = procedure(case.procedure)
    records = _records(case, kind, actor)
    moves = [record for record in records if record.moved]
    return CaseView(
        case=case,
        procedure=kind,
        state=kind.states.get(case.state) or State(case.state, name=case.state),
        since=moves[-1].recorded_at if moves else case.opened_at,
        records=tuple(records),
        rounds=_rounds(case, kind, actor),
        links=_links(case, actor),
        documents=tuple(
            Document.objects.filter(pk__in=DocumentUse.objects.filter(case=case).values("document")).order_by(
                "filename"
            )
        ),
        choices=choices_of(case, actor),
        readers=tuple(dict.fromkeys(kind.seen_by(case))),
    )


def choices_of(case: Case, actor: Actor) -> tuple[Choice, ...]:
    """Return the steps that `actor` may take or prepare on the case as it stands, those the case waits for first."""
    kind = procedure(case.procedure)
    awaited = kind.states[case.state].awaits if case.state in kind.states else ()
    found = []
    for step in kind.steps.values():
        if step.opens_case or not step.starts_in(case.state) or not may_prepare(actor, step, case):
            continue
        reason = next((why for need in step.needs if (why := need(case))), "")
        reason = reason or why_clocks_wait(step, case, current_time() or case.updated_at)
        reason = reason or why_place_waits(step, case, actor)
        if reason and step.quiet:
            continue
        asked = step.name in awaited or step.answers is not None
        found.append(Choice(step, policy.may(actor, step, case), asked, reason))
    # What is awaited first, then what this procedure is about, then what it shares with others of its family.
    shared = {name for base in kind.__mro__[1:] for name in getattr(base, "steps", {})}
    return tuple(sorted(found, key=lambda one: (bool(one.waits_because), not one.awaited, one.step.name in shared)))


def changed_since(case: Case, version: int, *, actor: Actor) -> list[RecordView]:
    """Return what happened to a case after the version somebody saw, oldest first."""
    return [record for record in _records(case, procedure(case.procedure), actor) if record.sequence > version]


def _records(case: Case, kind: type[Procedure], actor: Actor) -> list[RecordView]:
    rows = list(StepRecord.objects.filter(case=case).order_by("sequence"))
    payloads = {p.record_id: p for p in StepPayload.objects.filter(record__in=rows)}
    names = dict(
        Organisation.objects.filter(pk__in={row.actor_organisation_id for row in rows}).values_list("pk", "name")
    )
    people = _colleagues(rows, actor)
    erased = erased_of(rows)
    answers = RoundPlace.objects.filter(answer__in=[row.pk for row in rows if row.presumed])
    silent = dict(answers.values_list("answer", "addressee__name"))
    return [
        RecordView(
            id=row.pk,
            sequence=row.sequence,
            step=(step := kind.steps.get(row.step.rpartition(".")[2])),
            title=step.title if step else row.step,
            from_title=_state_title(kind, row.from_state),
            to_title=_state_title(kind, row.to_state),
            moved=row.from_state != row.to_state,
            organisation=names.get(row.actor_organisation_id, "") if row.actor_organisation_id else "",
            part=_part(row, case, step),
            person=people.get(row.actor, ""),
            took_place_at=row.took_place_at,
            recorded_at=row.recorded_at,
            evidence=payloads[row.pk].evidence if row.pk in payloads else "",
            basis=row.basis,
            data=payloads[row.pk].data if row.pk in payloads else None,
            erased=row.pk not in payloads,
            own=row.actor_organisation_id is not None and row.actor_organisation_id == actor.organisation,
            presumed=row.presumed,
            lost=tuple(
                LostValue(label_of(step.asks if step else None, one.pointer), one.erased_at)
                for one in erased.get(row.pk, [])
            ),
            silent=silent.get(row.pk, ""),
        )
        for row in rows
    ]


def _colleagues(rows: Sequence[StepRecord], actor: Actor) -> dict[str, str]:
    own = [
        row.actor
        for row in rows
        if row.actor_organisation_id is not None and row.actor_organisation_id == actor.organisation
    ]
    ids = {UUID(text.removeprefix("person:")) for text in own if text.startswith("person:")}
    people = {f"person:{person.pk}": person.get_full_name() for person in Person.objects.filter(pk__in=ids)}
    machines = {text: _("API token") for text in own if text.startswith("token:")}
    return {**people, **machines}


def _part(row: StepRecord, case: Case, step: Step | None) -> str:
    """In which part an organisation acted, in words."""
    if row.actor_organisation_id is None:
        return _("service of the Office")
    if row.actor_organisation_id == case.organisation_id:
        return _("filer")
    if row.actor_organisation_id == case.counterpart_id:
        return _("other party")
    return _("authority") if step is not None else ""


def _state_title(kind: type[Procedure], name: str) -> Any:
    state = kind.states.get(name)
    return state.title if state else ""


def _rounds(case: Case, kind: type[Procedure], actor: Actor) -> tuple[RoundView, ...]:
    places = RoundPlace.objects.filter(case=case).select_related("addressee").order_by("asked_at", "id")
    clocks = of_places(case)
    by_opening: dict[tuple[str, UUID], list[RoundPlace]] = {}
    for place in places.select_related("answer"):
        by_opening.setdefault((place.round, place.opened_by_id), []).append(place)
    return tuple(
        RoundView(
            title=kind.rounds[name].title,
            basis=kind.rounds[name].basis,
            over=any(p.answer is not None and p.answer.from_state != p.answer.to_state for p in found),
            places=tuple(
                PlaceView(
                    addressee=place.addressee.name,
                    own=place.addressee_id == actor.organisation,
                    asked_at=place.asked_at,
                    answered_at=place.answered_at,
                    outcome=_outcome(kind, name, place.outcome),
                    clock=clocks.get(place.pk),
                    silent=place.answer is not None and place.answer.presumed,
                )
                for place in found
            ),
        )
        for (name, _opening), found in by_opening.items()
        if name in kind.rounds
    )


def _outcome(kind: type[Procedure], round_name: str, code: str) -> Any:
    """The label of an outcome: that of the choice in the answering form, else the answering step's title."""
    from aioffice.kernel.procedures.spec import spec_of

    if not code:
        return ""
    for step in kind.steps.values():
        if step.answers is not kind.rounds[round_name]:
            continue
        if step.name == code:
            return step.title
        field = spec_of(step.asks).find(("outcome",)) if step.asks else None
        if field is not None and field.choices is not None:
            return dict(field.choices()).get(code, code)
    return code


def _links(case: Case, actor: Actor) -> tuple[LinkView, ...]:
    """Links in both directions, as far as the other case may be seen too."""
    pairs = [(link.relation, link.other_id) for link in CaseLink.objects.filter(case=case)]
    pairs += [(link.relation, link.case_id) for link in CaseLink.objects.filter(other=case)]
    seen = {other.pk: other for other in policy.visible_to(actor).filter(pk__in=[pk for _relation, pk in pairs])}
    return tuple(
        LinkView(relation, pk, seen[pk].number or "", seen[pk].subject) for relation, pk in pairs if pk in seen
    )
