"""How long what is stored of cases is kept."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)

from aioffice.kernel.procedures.declaration import STAY, Procedure, State, procedures
from aioffice.kernel.procedures.models import (
    Case,
    CaseLink,
    Draft,
    ErasedValue,
    HandledEvent,
    NumberSeries,
    OutboxEvent,
    RoundPlace,
    StepPayload,
    StepRecord,
)
from aioffice.kernel.retention.declaring import SILENT, End, Leaving, Retention, keep
from aioffice.kernel.retention.forgetting import plainly
from aioffice.kernel.retention.holding import held_cases


def _drafts(before: datetime) -> QuerySet[Draft]:
    return Draft.objects.filter(updated_at__lt=before).exclude(case__in=held_cases())


def is_over(kind: type[Procedure], state: State) -> bool:
    """Whether a case in that state is over for good: it waits for nobody, and no step leads on. An entry in force is not."""
    return not state.open and not any(
        step.starts_in(state.name) and step.move.target not in (STAY, state)
        for step in kind.steps.values()
        if not step.opens_case
    )


def _ended(before: datetime) -> QuerySet[Case]:
    """Cases that are over, can be erased by a step of theirs as they stand, and still hold what was sent."""
    over = [
        Q(procedure=kind.slug, state=state.name)
        for kind in procedures()
        for state in kind.states.values()
        if is_over(kind, state) and any(step.erases and step.starts_in(state.name) for step in kind.steps.values())
    ]
    sent = StepPayload.objects.filter(record__case=OuterRef("pk"))
    found = Case.objects.filter(reduce(or_, over, Q(pk__in=[])), Exists(sent), updated_at__lt=before)
    return found.exclude(pk__in=held_cases())


keep(
    Retention(
        "drafts",
        _("Drafts"),
        (Draft,),
        End.PROPOSED,
        _("What nobody has filed or touched for so long is not meant to be filed."),
        SILENT,
        days=730,
        counted_from=_("the last change"),
        leaving=Leaving(rows=_drafts, moment="updated_at", remove=plainly(Draft), restricted=~Q(audience=[])),
    ),
    Retention(
        "case-files",
        _("What was sent with the steps of cases that are over, with its evidence and documents"),
        (StepPayload,),
        End.BY_STEP,
        _(
            "The step that erases deletes what was sent; the record of the step and its digests stay, and so does the log. A procedure "
            "without such a step keeps its files."
        ),
        f"{SILENT}; compare 18(1), which binds the provider",
        days=3650,
        counted_from=_("the last step of a case that is over"),
        leaving=Leaving(rows=_ended, moment="updated_at", restricted=Q(secure=True)),
    ),
    Retention(
        "record-of-steps",
        _(
            "The record of steps: who took which step when, with digests, and the keys by which a repeated request is recognised"
        ),
        (Case, StepRecord, RoundPlace, CaseLink, NumberSeries),
        End.KEPT,
        _(
            "It is the evidence of what happened, on which receipts and the logs rest. Of what people wrote, only the subject of "
            "the case is in it."
        ),
        "71(1); 72 to 83",
    ),
    Retention(
        "erasures",
        _("What was erased of which step, when and on which basis"),
        (ErasedValue,),
        End.KEPT,
        _("It names places, never values, and lets everybody see that a gap is lawful."),
        "71(1)",
    ),
    Retention(
        "events",
        _("Messages between parts of the software that were delivered"),
        (OutboxEvent, HandledEvent),
        End.AUTOMATIC,
        _("They hold ids alone; what they told of stands in the record of steps."),
        SILENT,
        days=30,
        counted_from=_("the step"),
        job="kernel.forget_events",
    ),
    Retention(
        "jobs",
        _("Background jobs that have ended"),
        (ProcrastinateJob, ProcrastinateEvent, ProcrastinatePeriodicDefer, ProcrastinateWorker),
        End.AUTOMATIC,
        _(
            "They hold ids alone. Those that failed are there for whoever looks into them; those that went well go after three days."
        ),
        SILENT,
        days=30,
        counted_from=_("the end of the job"),
        job="kernel.forget_jobs",
    ),
)
