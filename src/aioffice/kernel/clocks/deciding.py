"""An end that a corrected calendar finds before the one already told holds only if a person decides so: here is the step for that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from aioffice.act.clocks.wording import day_words
from aioffice.act.text import text
from aioffice.act.time_limits import time_limit
from aioffice.kernel.clocks.computing import keep
from aioffice.kernel.clocks.models import Clock, Standing
from aioffice.kernel.clocks.running import recomputed
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.ask import Ask, Form, Widget
from aioffice.kernel.procedures.declaration import Move, Procedure, Step, procedure, step
from aioffice.kernel.procedures.errors import FieldError, Invalid, Refused
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.telling import notify
from aioffice.kernel.procedures.who import Who
from aioffice.kernel.procedures.work import Work

EARLIER = _("A time limit ends earlier than you were told")
ASKS = _("By a corrected calendar a time limit would end earlier than was told: decide")


class EarlierEnd(Form):
    """Which time limit shall end earlier than was told, and why."""

    time_limit: Annotated[
        str,
        Field(min_length=1, max_length=400),
        Ask(
            _("Time limit"),
            help=_("Its id, such as INC-15; in a round, a colon and the addressee's name behind it."),
            choices_for="earlier-ends",
            public=False,
        ),
    ]
    reason: Annotated[
        str, Field(min_length=1, max_length=1000), Ask(_("Reason"), widget=Widget.LONG_TEXT, public=False)
    ]


def accepts_earlier_end(move: Move, *, by: Who | Iterable[Who]) -> Step:
    """Declare the step by which a person lets a time limit of the case end earlier than was told. `by`: who may decide that.

    It stands on the case page only while there is such an end. The end is worked out anew at that moment, those who have to act are told,
    and the record keeps the reason. What has passed is no end that one may still decide on.
    """
    return step(
        move,
        by=by,
        asks=EarlierEnd,
        basis="house: corrected calendars",
        title=_("Accept an earlier end"),
        told=EARLIER,
        help=_(
            "The calendar was corrected, and by it the time limit ends before the day that was told. What was told holds unless you decide."
        ),
        needs=[has_earlier_end],
        effect=accept,
        choices={"earlier-ends": choices},
        quiet=True,
    )


def has_earlier_end(case: Case) -> str:
    """Need: a corrected calendar has found an earlier end than was told for a time limit of the case."""
    if _asking([case]):
        return ""
    return _now("No time limit of this case would end earlier than was told.")


def choices(case: Case) -> list[tuple[str, Any]]:
    """The time limits of a case that would end earlier than was told, with both days."""
    language = get_language() or "en"
    words = _now("%(limit)s: told %(told)s, now %(now)s")
    return [
        (
            code_of(clock),
            words
            % {
                "limit": capfirst(text(time_limit(clock.limit).action_key, language)),
                "told": day_words(clock.legal_end, language) if clock.legal_end else "",
                "now": day_words(clock.earlier_end, language) if clock.earlier_end else "",
            }
            + (f" ({clock.round_place.addressee.name})" if clock.round_place else ""),
        )
        for clock in _asking([case])
    ]


def code_of(clock: Clock) -> str:
    """How a filing names a clock of its case."""
    return f"{clock.limit}:{clock.round_place.addressee.name}" if clock.round_place is not None else clock.limit


def _asking(cases: Sequence[Case]) -> list[Clock]:
    found = Clock.objects.filter(case__in=cases, state=Standing.RUNNING, earlier_end__isnull=False)
    return list(found.select_related("round_place__addressee").order_by("due_at", "id"))


def accept(works: Sequence[Work]) -> None:
    """Effect: the time limit ends when today's calendar says, and whoever has to act is told."""
    for work in works:
        asking = {code_of(clock): clock for clock in _asking([work.case])}
        clock = asking.get(work.data["time_limit"])
        if clock is None:
            listed = "; ".join(asking)
            message = _now("No time limit of that name would end earlier than was told. These would: %(listed)s.")
            work.fail(Invalid(errors=[FieldError("/time_limit", message % {"listed": listed}, "no-such-time-limit")]))
        elif why := _why_not(clock, work.at):
            work.fail(Refused(why))
        else:
            keep(clock, recomputed(clock))
            clock.earlier_end = None
            clock.save()
            notify(work, clock.concerned, EARLIER)


def _why_not(clock: Clock, at: datetime) -> str:
    """Why the earlier end that was shown cannot be accepted; empty where it can."""
    now = recomputed(clock)
    if now.legal != clock.earlier_end or now.due is None:
        return _now("The calendar was corrected once more. Let the time limits be worked out anew, then look again.")
    if now.due <= at:
        return _now("By that calendar the time limit would have ended already: nobody can meet an end that has passed.")
    return ""


def deciding_step(kind: type[Procedure]) -> Step | None:
    """The step of a procedure by which a person accepts an earlier end; None where it declares none."""
    return next((one for one in kind.steps.values() if one.asks is EarlierEnd), None)


def to_decide(actor: Actor) -> list[Clock]:
    """The clocks on whose earlier end the acting organisation may decide, the nearest end first. Called inside `acting`."""
    found = Clock.objects.filter(
        state=Standing.RUNNING, earlier_end__isnull=False, case__in=policy.visible_to(actor)
    ).select_related("case__organisation", "round_place__addressee")
    return [clock for clock in found.order_by("due_at", "id") if _may_decide(actor, clock.case)]


def _may_decide(actor: Actor, case: Case) -> bool:
    decides = deciding_step(procedure(case.procedure))
    return decides is not None and decides.starts_in(case.state) and policy.may(actor, decides, case)
