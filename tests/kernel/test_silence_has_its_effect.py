"""Silence: what the Act makes of a time limit that ended unanswered happens once, at its due moment, whoever comes first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from aioffice.kernel.clocks import settling
from aioffice.kernel.clocks.models import Clock, Standing
from aioffice.kernel.clocks.sweeping import sweep
from aioffice.kernel.db import acting
from aioffice.kernel.ids import uuid7
from aioffice.kernel.notices.models import Notice
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.declaration import Procedure
from aioffice.kernel.procedures.errors import Conflict, ProcedureError, WrongState
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.performing import perform, perform_many
from aioffice.kernel.procedures.work import Item
from tests.support.clocks import DAY, SWEEPER, THURSDAY, clocks_of, opened, take

pytestmark = pytest.mark.django_db
# 30 days after Thursday 4 March 2027 is Saturday 3 April, so the end is Monday 5 April; in Lisbon it is summer by then.
DUE = datetime(2027, 4, 5, 23, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def history(case: Case) -> list[tuple[str, str, bool]]:
    """Steps of a case: name, state afterwards, whether presumed."""
    with acting(SWEEPER, THURSDAY):
        rows = StepRecord.objects.filter(case=case).order_by("sequence")
        return [(row.step.partition(".")[2], row.to_state, row.presumed) for row in rows]


SILENT = [("submit", "submitted", False), ("fall_silent", "approved", True)]


def test_the_sweep_takes_the_step_as_of_the_due_moment(plans: type[Procedure], provider: Actor) -> None:
    case = opened(plans, provider, "submit")
    assert sweep(at=DUE - MINUTE).lapsed == 0
    assert sweep(at=DUE + 3 * DAY).lapsed == 1
    assert history(case) == SILENT
    (clock,) = clocks_of(case)
    assert (clock.due_at, clock.state, clock.settled_at) == (DUE, Standing.LAPSED, DUE)
    assert (clock.settled_by.took_place_at, clock.settled_by.recorded_at) == (DUE, DUE + 3 * DAY)
    assert clock.settled_by.actor == "service:sweeper"
    with acting(provider, DUE):
        assert Notice.objects.filter(case=case, step="test-plan.fall_silent").count() == 1


def test_swept_again_nothing_happens_twice(plans: type[Procedure], provider: Actor) -> None:
    case = opened(plans, provider, "submit")
    assert [sweep(at=DUE + n * MINUTE).lapsed for n in range(3)] == [1, 0, 0]
    assert history(case) == SILENT


def test_the_latecomer_meets_what_the_law_has_done(plans: type[Procedure], provider: Actor, authority: Actor) -> None:
    case = opened(plans, provider, "submit")
    with pytest.raises(WrongState):
        take(plans, "refuse", case, authority, DUE)
    assert history(case) == SILENT, "what the law did stays, though the step was refused"
    take(plans, "start", case, provider, DUE + DAY)
    assert history(case)[-1] == ("start", "running", False)


def test_the_latecomer_may_go_on_from_the_new_state_at_once(plans: type[Procedure], provider: Actor) -> None:
    case = opened(plans, provider, "submit")
    record = take(plans, "start", case, provider, DUE + DAY)
    assert record.sequence == 3
    assert [one[0] for one in history(case)] == ["submit", "fall_silent", "start"]


def test_the_version_that_a_latecomer_answers_has_moved(
    plans: type[Procedure], provider: Actor, authority: Actor
) -> None:
    case = opened(plans, provider, "submit")
    with pytest.raises(Conflict):
        take(plans, "refuse", case, authority, DUE, expected_version=1)
    assert history(case) == SILENT


def test_a_minute_before_the_answer_counts(plans: type[Procedure], provider: Actor, authority: Actor) -> None:
    case = opened(plans, provider, "submit")
    take(plans, "refuse", case, authority, DUE - MINUTE)
    assert sweep(at=DUE + DAY).lapsed == 0
    assert history(case)[-1] == ("refuse", "refused", False)
    assert clocks_of(case)[0].state == Standing.MET


def test_where_nobody_knows_whether_silence_approves_it_approves_nothing(
    plans: type[Procedure], provider: Actor
) -> None:
    case = opened(plans, provider, "submit_elsewhere")
    swept = sweep(at=DUE + 30 * DAY)
    assert (swept.lapsed, swept.expired) == (0, 1)
    assert history(case) == [("submit_elsewhere", "submitted", False)]
    assert clocks_of(case)[0].silence == "not_known"


def test_where_the_case_has_gone_elsewhere_silence_says_nothing(plans: type[Procedure], provider: Actor) -> None:
    case = opened(plans, provider, "submit")
    take(plans, "withdraw", case, provider, THURSDAY + DAY)
    sweep(at=DUE)
    assert history(case)[-1][0] == "withdraw"
    assert clocks_of(case)[0].state == Standing.EXPIRED


def test_a_step_that_the_office_no_longer_has_keeps_nobody_waiting(plans: type[Procedure], provider: Actor) -> None:
    case = opened(plans, provider, "submit")
    other = opened(plans, provider, "submit")
    with acting(SWEEPER, THURSDAY):
        Clock.objects.filter(case=case).update(tacit_step="of_an_earlier_release")
    sweep(at=DUE)
    assert [clocks_of(one)[0].state for one in (case, other)] == [Standing.EXPIRED, Standing.LAPSED]


def test_a_batch_is_settled_before_it_is_judged(plans: type[Procedure], provider: Actor, authority: Actor) -> None:
    cases = [opened(plans, provider, "submit") for _one in range(3)]
    take(plans, "refuse", cases[0], authority, THURSDAY + DAY)
    items = [Item({}, case.pk) for case in cases]
    outcomes = perform_many(plans.steps["start"], items, actor=provider, at=DUE)
    assert [type(one.error) for one in outcomes] == [WrongState, type(None), type(None)]


LETTER = {"took_place_at": DUE - DAY, "evidence": "Letter of 4 April 2027, received by post"}


def test_an_answer_from_before_the_end_undoes_what_was_presumed(
    plans: type[Procedure], provider: Actor, authority: Actor
) -> None:
    case = opened(plans, provider, "submit")
    sweep(at=DUE)
    record = take(plans, "refuse", case, authority, DUE + 2 * DAY, **LETTER)
    assert (record.from_state, record.to_state, record.took_place_at) == ("approved", "refused", DUE - DAY)
    assert history(case) == [*SILENT, ("refuse", "refused", False)]
    (clock,) = clocks_of(case)
    assert (clock.state, clock.settled_at, clock.settled_by) == (Standing.MET, DUE - DAY, record)
    with acting(provider, DUE):
        titles = Notice.objects.filter(case=case).order_by("created_at", "id").values_list("title", flat=True)
        assert list(titles) == ["Silence approves", "What silence was presumed to mean is undone"]


def test_recorded_first_of_all_it_is_undone_at_once(plans: type[Procedure], provider: Actor, authority: Actor) -> None:
    case = opened(plans, provider, "submit")
    take(plans, "refuse", case, authority, DUE + 2 * DAY, **LETTER)
    assert history(case) == [*SILENT, ("refuse", "refused", False)]


@pytest.mark.parametrize(
    "words", [{**LETTER, "evidence": ""}, {**LETTER, "took_place_at": DUE}, {}], ids=["no evidence", "late", "now"]
)
def test_nothing_else_undoes_it(
    plans: type[Procedure], provider: Actor, authority: Actor, words: dict[str, Any]
) -> None:
    case = opened(plans, provider, "submit")
    with pytest.raises(WrongState):
        take(plans, "refuse", case, authority, DUE + 2 * DAY, **words)
    assert history(case) == SILENT


def test_once_something_has_followed_nothing_undoes_it(
    plans: type[Procedure], provider: Actor, authority: Actor
) -> None:
    case = opened(plans, provider, "submit")
    take(plans, "start", case, provider, DUE + DAY)
    with pytest.raises(WrongState):
        take(plans, "refuse", case, authority, DUE + 2 * DAY, **LETTER)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rival", ["sweep", "refuse"])
def test_two_at_the_due_moment_make_one_outcome(
    plans: type[Procedure], provider: Actor, authority: Actor, rival: str
) -> None:
    case = opened(plans, provider, "submit")
    barrier, errors = threading.Barrier(2), []

    def at_once(what: Callable[[], object]) -> None:
        barrier.wait()
        try:
            what()
        except ProcedureError as error:
            errors.append(type(error))
        finally:
            connections.close_all()

    def refuse() -> object:
        return perform(plans.steps["refuse"], case.pk, actor=authority, data={}, at=DUE)

    others = {"sweep": lambda: sweep(at=DUE), "refuse": refuse}
    threads = [threading.Thread(target=at_once, args=(one,)) for one in (refuse, others[rival])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(errors) == {WrongState}
    assert history(case) == SILENT
    assert [clock.state for clock in clocks_of(case)] == [Standing.LAPSED]


def test_what_came_before_the_end_and_had_to_wait_for_its_turn_counts(
    plans: type[Procedure], provider: Actor, authority: Actor
) -> None:
    case = opened(plans, provider, "submit")
    arrived = DUE - timedelta(milliseconds=100)
    assert sweep(at=DUE + timedelta(milliseconds=50)).lapsed == 1, "in another process, while the answer waits"
    take(plans, "refuse", case, authority, arrived)
    assert history(case)[-1][:2] == ("refuse", "refused")
    late = opened(plans, provider, "submit")
    sweep(at=DUE + MINUTE)
    with pytest.raises(WrongState):
        take(plans, "refuse", late, authority, DUE)


def test_the_sweep_leaves_a_moment_to_those_who_wait_for_their_turn(plans: type[Procedure], provider: Actor) -> None:
    case = opened(plans, provider, "submit")
    patience = timedelta(seconds=15)
    assert sweep(at=DUE + timedelta(seconds=14), patience=patience).lapsed == 0
    assert sweep(at=DUE + timedelta(seconds=15), patience=patience).lapsed == 1
    (clock,) = clocks_of(case)
    assert (clock.state, clock.settled_at) == (Standing.LAPSED, DUE)


def test_two_clocks_of_a_case_have_their_effects_in_the_order_of_their_ends(
    plans: type[Procedure], provider: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(plans, provider, "submit")
    with acting(SWEEPER, THURSDAY):
        (first,) = Clock.objects.filter(case=case)
        later = Clock.objects.get(pk=first.pk)
        later.pk, later.limit, later.due_at, later.tacit_step = uuid7(), "OBJ-3M", DUE + MINUTE, "no_longer_there"
        later._state.adding = True
        later.save()
    ended: list[datetime] = []
    real = settling._let_lapse
    monkeypatch.setattr(
        settling, "_let_lapse", lambda clocks, at: (ended.extend(one.due_at for one in clocks), real(clocks, at))
    )
    sweep(at=DUE + DAY)
    assert ended == [DUE, DUE + MINUTE]
