"""A declaration whose clocks cannot work, or claim what the Act does not say, stops the start with one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aioffice.kernel.clocks.declaring import clock
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures import declaration
from aioffice.kernel.procedures.declaration import START, STAY, DeclarationError, State, step
from aioffice.kernel.procedures.docs import tables
from aioffice.kernel.procedures.who import Who, filer, operator, service_actor
from tests.support.clocks import incident, plan, the_filer

SWEEPER = service_actor("sweeper")


def starting(limit: str, **more: Any) -> Any:
    return clock(limit, of=the_filer, place=lambda case: "PT", **more)


def declared(limit: str, by: Who = SWEEPER, on_silence: str = "", **changes: Any) -> Callable[[], object]:
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


@pytest.mark.parametrize(
    ("declare", "fault"),
    [
        (declared("INC-16"), "no time limit"),
        (declared("INC-15", meets="INC-2"), "'INC-2', which no step starts"),
        (declared("INC-15", on_silence="end"), "gives silence no effect"),
        (declared("RWT-30D", on_silence="nothing"), "is no step of this procedure"),
        (declared("RWT-30D", on_silence="end", by=filer()), "service_actor"),
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
        assert "If it ends in silence: `fall_silent`, where the law knows that." in said
        assert "Extends, once: the clock RWT-6M." in said
