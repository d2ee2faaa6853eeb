"""`POST /api/v1/register/batch`: a line in, a line out; no line takes another with it, and none is filed twice."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from aioffice.doors.api import batch, batching
from aioffice.doors.api.batch import NDJSON, lines_of
from aioffice.doors.api.batching import LONGEST_LINE
from aioffice.kernel.db import acting
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.models import Case, StepRecord
from aioffice.kernel.procedures.performing import perform_many
from tests.support.api import Answer, Machine, publish, token_of
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("the_day")]


@pytest.fixture
def provider() -> Organisation:
    return organisation("Example Systems", Capacity.PROVIDER)


@pytest.fixture
def machine(provider: Organisation) -> Machine:
    return Machine(token_of(provider))


def line(name: str, key: str | None = None, **changes: Any) -> dict[str, Any]:
    return {"section": "B", "data": section_b(trade_name=name, **changes)} | ({"key": key} if key else {})


def send(machine: Machine, lines: Sequence[dict[str, Any] | bytes], query: str = "") -> Answer:
    written = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines]
    return machine.send("POST", f"/register/batch{query}", b"\n".join(written), Content_Type=NDJSON)


def told(answer: Answer) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The answer to each line, and the last one."""
    assert answer.status == 200, answer.body[:500]
    assert answer.headers["content-type"] == NDJSON
    *each, end = (json.loads(one) for one in answer.body.splitlines())
    assert end["end"] is True
    assert [one["status"] for one in each].count("registered") == end["registered"]
    assert end["lines"] == len(each)
    return each, end


def cases(of: Organisation) -> int:
    with acting(acting_for(of), NOW):
        return Case.objects.filter(organisation_id=of.pk).count()


def test_each_line_is_registered_or_refused_by_itself(machine: Machine, provider: Organisation) -> None:
    wrong = section_b()
    del wrong["intended_purpose"]
    each, end = told(
        send(
            machine,
            [
                line("One", "k-1"),
                {"section": "B", "key": "k-2", "data": wrong},
                b"",
                b'{"section": "B", ',
                {"section": "Z", "data": [], "more": 1, "key": "two words"},
                line("Two"),
            ],
        )
    )
    assert [(one["line"], one["key"], one["status"]) for one in each] == [
        (1, "k-1", "registered"),
        (2, "k-2", "refused"),
        (4, None, "refused"),
        (5, None, "refused"),
        (6, None, "registered"),
    ]
    assert [one["number"] for one in each if one["status"] == "registered"] == ["EU-B-2026-000001", "EU-B-2026-000002"]
    assert [fault["pointer"] for fault in each[1]["problem"]["errors"]] == ["/intended_purpose"]
    assert each[2]["problem"]["type"].endswith("/problems/malformed-json")
    assert [fault["pointer"] for fault in each[3]["problem"]["errors"]] == ["/more", "/section", "/key", "/data"]
    assert (end["registered"], end["refused"], cases(provider)) == (2, 3, 2)


@pytest.mark.django_db(transaction=True)
def test_what_a_batch_registers_is_public(machine: Machine) -> None:
    told(send(machine, [line("One"), line("Two")]))
    publish()
    assert Machine().get("/register/entries/EU-B-2026-000002").json["fields"]["trade_name"] == "Two"


def test_lines_sent_again_are_not_filed_twice(machine: Machine, provider: Organisation) -> None:
    lines = [line(f"System {n}", f"k-{n}") for n in range(130)]
    first, _end = told(send(machine, lines[:120]))
    again, end = told(send(machine, lines))
    assert [one["case"] for one in again[:120]] == [one["case"] for one in first]
    assert (end["repeated"], end["registered"], cases(provider)) == (120, 10, 130)


def test_a_key_that_stands_twice_is_answered_twice_or_refused(machine: Machine, provider: Organisation) -> None:
    each, _end = told(send(machine, [line("One", "k"), line("One", "k"), line("Other", "k")]))
    assert [one["status"] for one in each] == ["registered", "repeated", "refused"]
    assert each[2]["problem"]["type"].endswith("/problems/idempotency-mismatch")
    assert cases(provider) == 1


def test_a_dry_run_files_nothing(machine: Machine, provider: Organisation) -> None:
    each, end = told(send(machine, [line("One", "k"), line("Two", member_states=["XX"])], "?dry_run=true"))
    assert [one["status"] for one in each] == ["checked", "refused"]
    assert "number" not in each[0]
    assert (end["checked"], cases(provider)) == (1, 0)
    (filed,), _end = told(send(machine, [line("One", "k")]))
    assert (filed["status"], filed["number"]) == ("registered", "EU-B-2026-000001")


def test_whoever_may_not_file_is_refused_line_by_line(provider: Organisation) -> None:
    reader = Machine(token_of(provider, [Role.READER]))
    each, _end = told(send(reader, [line("One")]))
    assert each[0]["problem"]["type"].endswith("/problems/not-allowed")
    assert cases(provider) == 0
    Machine().send("POST", "/register/batch", b"{}", Content_Type=NDJSON).problem(401, "token-needed")
    reader.post("/register/batch", {}).problem(415, "unsupported-media-type")


def test_a_line_that_breaks_something_takes_no_other_with_it(
    machine: Machine, provider: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(step: Any, items: Any, **more: Any) -> Any:
        if any(item.data["trade_name"] == "Breaks" for item in items):
            raise ZeroDivisionError
        return perform_many(step, items, **more)

    monkeypatch.setattr(batching, "perform_many", breaking)
    each, end = told(send(machine, [line("One"), line("Breaks"), line("Two")]))
    assert [one["status"] for one in each] == ["registered", "failed", "registered"]
    assert each[1]["problem"]["type"].endswith("/problems/internal")
    assert (end["failed"], cases(provider)) == (1, 2)


def test_a_slice_that_meets_somebody_is_tried_again(
    machine: Machine, provider: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    waited: list[float] = []

    def busy(step: Any, items: Any, **more: Any) -> Any:
        tries.append(len(items))
        if len(tries) < free:
            raise OperationalError("others hold it") from LockNotAvailable()
        return perform_many(step, items, **more)

    monkeypatch.setattr(batching, "perform_many", busy)
    monkeypatch.setattr(batching.time, "sleep", waited.append)
    free = 3
    each, _end = told(send(machine, [line("One"), line("Two")]))
    assert [one["status"] for one in each] == ["registered", "registered"]
    assert (tries, waited) == ([2, 2, 2], [0.2, 0.4])
    free = 99
    each, _end = told(send(machine, [line("Three")]))
    assert each[0]["status"] == "failed"
    assert each[0]["problem"]["type"].endswith("/problems/busy")
    assert len(tries) == 3 + batching.TRIES


def test_after_so_many_lines_no_more_are_read(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_LINES", 2)
    each, end = told(send(machine, [line(f"System {n}") for n in range(5)]))
    assert [one["status"] for one in each] == ["registered", "registered", "refused"]
    assert "were not read" in each[2]["problem"]["detail"]
    assert end["lines"] == 3


def test_a_line_that_is_too_long_is_named_and_the_next_is_read(machine: Machine) -> None:
    long = json.dumps(line("x" * (LONGEST_LINE + 70_000))).encode()
    each, _end = told(send(machine, [line("One"), long, line("Two")]))
    assert [one["status"] for one in each] == ["registered", "refused", "registered"]
    assert each[1]["problem"]["type"].endswith("/problems/too-large")
    assert [len(one) for one in lines_of(io.BytesIO(b"a\n" + b"b" * (LONGEST_LINE + 1) + b"\nc"))] == [
        1,
        LONGEST_LINE + 1,
        1,
    ]


def test_one_batch_of_a_token_at_a_time(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_at_work", Everyone())
    answer = send(machine, [line("One")])
    answer.problem(429, "too-many-requests")
    assert int(answer.headers["retry-after"]) > 0


class Everyone(set[str]):
    """As if a batch of every token was being filed."""

    def __contains__(self, _who: object) -> bool:
        return True


def test_the_place_is_free_again_when_a_batch_ends_badly(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_what: Any, **_more: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(batch, "file_all", broken)
        send(machine, [line("One")]).problem(500, "internal")
    told(send(machine, [line("One")]))
    assert isinstance(batch._lock, type(threading.Lock()))


def test_every_line_is_a_step_of_its_own_in_the_file(machine: Machine, provider: Organisation) -> None:
    told(send(machine, [line("One", "k-1"), line("Two", "k-2")]))
    with acting(acting_for(provider), NOW):
        records = StepRecord.objects.filter(step="exempt-registration.file")
        assert sorted(record.idempotency_key or "" for record in records) == ["k-1", "k-2"]


def test_a_line_full_of_mistakes_gets_a_short_answer(machine: Machine) -> None:
    each, _end = told(send(machine, [line("One", member_states=[0.5] * 100_000)]))
    faults = each[0]["problem"]["errors"]
    assert (len(faults), faults[-1]["code"]) == (51, "more")


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\u202e", "\u2066", "\x85"])
def test_signs_that_steer_a_terminal_or_turn_what_is_read_are_refused(machine: Machine, sign: str) -> None:
    each, _end = told(
        send(machine, [line(f"One{sign}]0;two"), line("One\u00ad", intended_purpose="First.\n\tSecond.")])
    )
    assert [one["status"] for one in each] == ["refused", "registered"]
    (fault,) = each[0]["problem"]["errors"]
    assert (fault["pointer"], fault["code"]) == ("/trade_name", "unshowable")
    assert f"U+{ord(sign):04X}" in fault["message"]
