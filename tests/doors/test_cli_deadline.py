"""`aioffice deadline`: the day, the steps and the rules, without an office and without a database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from aioffice.doors.cli import app


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["deadline", *words])


def read(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_answer_comes_first_with_weekday_hour_and_place_then_the_steps() -> None:
    result = run("GPAI-2W", "--from", "2026-11-21")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "GPAI-2W: notify the model (Article 52(1))"
    assert lines[1] == "Due by: Monday 7 December 2026, 24:00 Brussels"
    assert lines[2] == "Counted, it ends on Saturday 5 December 2026."
    assert "The day of the event, Saturday 21 November 2026, is not counted." in result.stdout
    assert "[Regulation (EEC, Euratom) No 1182/71, Article 3(4)]" in result.stdout
    assert "Holidays: Union institutions, 25 November 2026" in lines[-1]


def test_an_incident_shows_the_day_to_work_towards_before_the_outer_limit() -> None:
    lines = run("inc-2", "--from", "2026-12-23", "--place", "pt").stdout.splitlines()
    assert lines[1] == "Work towards Friday 25 December 2026."
    assert lines[2] == "Due by: Monday 28 December 2026, 24:00 Lisbon"


def test_json_has_everything_for_programs() -> None:
    data = read("RBI-URG", "--from", "2026-03-28T10:20", "--place", "BE")
    assert data["outcome"] == "computed"
    assert data["due"] == "2026-03-29T12:00:00+02:00"
    assert data["answer"]["fr"] == "dimanche 29 mars 2026, 12:00, Bruxelles"
    assert [step["code"] for step in data["steps"]][-2:] == ["clock_change", "no_roll"]


def test_settings_of_law_change_the_answer() -> None:
    assert read("MSA-PRESC", "--from", "2027-03-05", "--place", "BE")["outcome"] == "set_by_authority"
    data = read("MSA-PRESC", "--from", "2027-03-05", "--place", "BE", "--set", "period_set_by_authority=8 days")
    assert (data["nominal_end"], data["legal_end"]) == ("2027-03-13", "2027-03-15")


def test_which_end_of_a_limit_that_repeats() -> None:
    assert read("NCA-RES", "--place", "BE", "--k", "2")["legal_end"] == "2027-08-02"


def test_what_depends_on_no_event_needs_no_place() -> None:
    assert read("INC-COM")["outcome"] == "immediately"
    assert read("SBX-OPER")["legal_end"] == "2027-08-02"


def test_alternatives_all_stand_there() -> None:
    result = run("RWT-INC", "--from", "2028-03-03", "--place", "BE")
    assert "The case decides which of these holds" in result.stdout
    assert [line[:6] for line in result.stdout.splitlines() if line.startswith("INC-")] == [
        "INC-2:",
        "INC-10",
        "INC-15",
    ]


def test_the_list_has_every_limit() -> None:
    result = run("--list")
    assert len(result.stdout.splitlines()) == 91
    assert "INC-15" in result.stdout
    assert len(read("--list")["items"]) == 90


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "aioffice deadline INC-15 --from 2028-03-03 --place BE"),
        (("INC-22",), 4, "did you mean 'INC-2'?"),
        (("INC-15", "--from", "2028-03-03"), 2, "--place: say where"),
        (("INC-15", "--place", "BE"), 2, "--from: INC-15 runs from an event"),
        (
            ("INC-15", "--place", "EL", "--from", "2028-03-03"),
            2,
            "--place: 'EL' is not a known place: did you mean 'GR'?",
        ),
        (("INC-15", "--place", "BE", "--from", "3 March"), 2, "--from: '3 March' is not a day"),
        (("RBI-URG", "--place", "BE", "--from", "2028-03-03"), 2, "--from: RBI-URG runs in hours"),
        (("INC-15", "--place", "BE", "--from", "2028-03-03", "--k", "2"), 2, "--k: INC-15 has no end number 2"),
        (("INC-15", "--place", "BE", "--from", "2028-03-03", "--set", "x"), 2, "--set: write name=value"),
        (("INC-15", "--place", "BE", "--from", "2028-03-03", "--set", "x=1"), 2, "--set: 'x' is not a known setting"),
        (
            ("LOG-6M-P", "--place", "BE", "--from", "2028-03-03", "--set", "log_retention=long"),
            2,
            "--set log_retention: ",
        ),
        (("AIO-4M", "--from", "2027-10-01"), 2, "--from: The holidays of EU are known for 2025 to 2027"),
    ],
)
def test_what_has_no_meaning_is_said_at_its_option(words: tuple[str, ...], status: int, said: str) -> None:
    result = run(*words)
    assert result.exit_code == status
    assert said in result.stderr
    assert result.stdout == ""
