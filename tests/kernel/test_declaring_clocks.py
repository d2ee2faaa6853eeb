"""A declaration whose clocks cannot work, or claim what the Act does not say, stops the start with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aioffice.kernel.clocks.declaring import OnSilence, clock, national
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures import declaration
from aioffice.kernel.procedures.declaration import START, STAY, DeclarationError, Round, State, step
from aioffice.kernel.procedures.docs import tables
from aioffice.kernel.procedures.docs.graph import graph_of
from aioffice.kernel.procedures.who import Who, filer, operator, service_actor
from tests.support.clocks import incident, plan, the_filer
from tests.support.rounds import consent

SWEEPER = service_actor("sweeper")


def starting(limit: str, **more: Any) -> Any:
    return clock(limit, of=the_filer, place=lambda case: "PT", **more)


def declared(limit: str, by: Who = SWEEPER, on_silence: str | OnSilence = "", **changes: Any) -> Callable[[], object]:
    """A procedure whose first step starts the clock, and whose second has these words."""

    def declare() -> object:
        a, b = State("A"), State("B", open=False)
        words = {
            "slug": "test-faulty",
            "title": "T",
            "a": a,
            "b": b,
            "begin": step(
                START >> a,
                by=operator(Capacity.PROVIDER, title="P"),
                basis="1",
                title="Begin",
                starts=starting(limit, on_silence=on_silence),
            ),
            "change": step(a >> STAY, by=filer(), basis="1", title="Change", **changes),
            "end": step(a >> b, by=by, basis="1", title="End"),
        }
        return type("Faulty", (declaration.Procedure,), words)

    return declare


def asking(
    answer: dict[str, Any] | None = None, end: dict[str, Any] | None = None, **words: Any
) -> Callable[[], object]:
    """A procedure that asks several in a round with these words."""

    def declare() -> object:
        a, b = State("A"), State("B", open=False)
        others = Round("Do you object?", to=lambda case: (), basis="1", **words)
        steps = {
            "begin": step(
                START >> a, by=operator(Capacity.PROVIDER, title="P"), basis="1", title="Begin", opens=others
            ),
            "answer": step(a >> b, by=SWEEPER, basis="1", title="Answer", answers=others, **(answer or {})),
            "end": step(a >> b, by=SWEEPER, basis="1", title="End", **(end or {})),
        }
        return type(
            "Faulty",
            (declaration.Procedure,),
            {"slug": "test-faulty", "title": "T", "a": a, "b": b, "others": others, **steps},
        )

    return declare


@pytest.mark.parametrize(
    ("declare", "fault"),
    [
        (declared("INC-16"), "no time limit"),
        (declared("INC-15", meets="INC-2"), "'INC-2', which no step starts"),
        (declared("INC-15", on_silence="end"), "gives silence no effect"),
        (declared("RWT-30D", on_silence="nothing"), "is no step of this procedure"),
        (declared("RWT-30D", on_silence="end"), r"national\(\.\.\.\)"),
        (declared("OBJ-3M", on_silence=national("end")), "name of the step alone"),
        (declared("RWT-30D", on_silence=national("begin")), "opens a case"),
        (asking(clock="OBJ-4M"), "no time limit"),
        (asking(on_silence="end"), "says on_silence but no clock"),
        (asking(clock="OBJ-3M", on_silence="end"), "so it answers the round 'others'"),
        (asking(clock="INC-15", on_silence="answer"), "gives silence no effect"),
        (asking(clock="RWT-30D", on_silence="answer"), r"national\(\.\.\.\)"),
        (asking(answer={"meets": "OBJ-3M"}, clock="OBJ-3M"), "counted for each addressee"),
        (asking(end={"undoes": "OBJ-3M"}, clock="OBJ-3M", on_silence="answer"), "answers what that clock was about"),
        (
            asking(ends_in={"no": State("Elsewhere", name="elsewhere")}),
            "states that are not of this procedure: elsewhere",
        ),
        (declared("RWT-30D", undoes="RWT-30D"), "in which silence has no effect"),
        (declared("INC-15", extends="INC-15"), "does not let be extended"),
        (declared("INC-15", once=True), "extends nothing"),
        (declared("INC-15", suspends="INC-15"), "which no step resumes"),
        (declared("PRBI-48H", suspends="PRBI-48H", resumes="PRBI-48H"), "runs in hours"),
    ],
)
def test_what_cannot_work_is_said_at_the_start(declare: Callable[[], object], fault: str) -> None:
    with pytest.raises(DeclarationError, match=fault):
        declare()
    assert "test-faulty" not in declaration._registry


def test_the_page_of_a_procedure_tells_its_clocks() -> None:
    with incident() as kind:
        said = "\n".join(tables.consequences(kind))
        assert "Starts the clock INC-15: " in said
        assert "(Articles 73(2) and 75(1a))." in said
        assert "Meets the clock INC-15." in said
        assert "Suspends the clock INC-15." in said
    with plan() as kind:
        said = "\n".join(tables.consequences(kind))
        assert "If it ends in silence: `fall_silent`, where the law of the Member State knows that." in said
        assert "Extends, once: the clock RWT-6M." in said
    with consent() as kind:
        assert "Starts the clock RWT-30D for each addressee of the round." in "\n".join(tables.consequences(kind))
        (row,) = tables.rounds(kind)[2:]
        assert "RWT-30D: " in row
        assert "Silence: `fall_silent`, where the law of the Member State knows that" in row
        assert row.endswith("| refuse: Refused somewhere |")
        assert ("submitted", "refused") in [(edge.source, edge.target) for edge in graph_of(kind).edges]


def test_what_silence_brings_about_is_the_sweepers_by_that_alone() -> None:
    with plan() as kind, consent() as asking_several:
        for one in (kind, asking_several):
            taken = one.steps["fall_silent"]
            assert [who.service for who in taken.by] == ["sweeper"]
