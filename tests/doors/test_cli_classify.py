"""`aioffice classify`, `duties` and `fine`: answers, reasons, and mistakes named with their line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from aioffice.doors.cli import app

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

NOT_PROHIBITED = """
solely_military: false
third_country_cooperation: false
solely_scientific_research: false
only_before_market: false
open_source: false
is_gpai_model: false
manipulates: false
exploits_vulnerability: false
depicts_intimacy: false
depicts_child_abuse: false
scores_socially: false
predicts_crime: false
scrapes_faces: false
infers_emotions: false
in_biometrics: false
product_law: none
"""
SCREENER = (
    "is_ai_system: true\nis_provider: yes\nplaced_on_union_market: true\nrecruits: true\nprofiles_people: true\n"
    "first_placed_on: 2028-03-01\ntaken_over_by_another: false\n" + NOT_PROHIBITED
)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(SCREENER)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_it_says_what_it_is_and_since_when(facts: Path) -> None:
    said = run("classify", facts, "--on", "2026-11-23")
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("High-risk.")
    assert "Annex III 4(a)" in said.stdout
    assert "Will apply from Thursday 2 December 2027 (Article 113(c)(i))." in said.stdout
    enacted = run("classify", facts, "--on", "2026-11-23", "--regime", "enacted")
    assert "Applies since Sunday 2 August 2026 (Article 113)." in enacted.stdout


def test_why_goes_down_to_the_facts(facts: Path) -> None:
    said = run("classify", facts, "--why").stdout
    assert "Recruitment and selection (Annex III, point 4(a))" in said
    assert "(recruits)" in said
    assert "Who profiles people cannot be exempt. (Article 6(3))" in said


def test_what_if_names_single_facts(facts: Path) -> None:
    said = run("classify", facts, "--what-if").stdout
    assert "solely_military: true -> Out of scope" in said
    assert "scrapes_faces: true -> Prohibited." in said


def test_as_json_it_is_for_programs(facts: Path) -> None:
    said = json.loads(run("classify", facts, "--json", "--what-if", "--on", "2027-12-02").stdout)
    assert said["outcome"] == "high_risk"
    held = said["holds"][0]
    assert (held["provision"], held["in_application"]) == ("Annex III 4(a)", True)
    assert held["since"] == [{"day": "2027-12-02", "basis": "113(c)(i)"}]
    assert said["facts"]["in_employment"] is True, "it follows from recruits"
    assert {"fact": "scrapes_faces", "value": True, "outcome": "prohibited"} in said["what_if"]


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("is_provider: maybe\nrecruts: true\nrecruits: true\nrecruits: false\ntraining_compute: -4\n")
    said = run("classify", path)
    assert said.exit_code == 6
    assert said.stdout == ""
    lines = said.stderr.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(f"{path}:1: is_provider: 'maybe' was given; true or false is expected")
    assert lines[1] == f"{path}:2: recruts: no fact has this name; the nearest is recruits."
    assert lines[2].startswith(f"{path}:4: recruits: stands here a second time; line 3 has it already")
    assert lines[3].startswith(f"{path}:5: training_compute: -4 was given; a whole number of")


def test_a_contradiction_is_named_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("in_employment: false\n\nrecruits: true\n")
    said = run("classify", path)
    assert said.exit_code == 6
    assert said.stderr.startswith(f"{path}:3: recruits: cannot be true while in_employment is false")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("recruits: [true]\n", ":1: recruits: one value is expected"),
        ("- recruits\n", ":1: a list of names with values is expected"),
        ("recruits: {\n", "is no YAML"),
    ],
)
def test_what_is_no_file_of_facts_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(content)
    refused = run("classify", path)
    assert refused.exit_code == 6
    assert said in refused.stderr


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    assert run("classify", tmp_path / "none.yaml").exit_code == 6
    (tmp_path / "latin.yaml").write_bytes(b"recruits: \xff\n")
    assert "UTF-8" in run("classify", tmp_path / "latin.yaml").stderr


def test_too_little_is_never_no_duty(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text("is_ai_system: true\nrecruits: unknown\n")
    assert run("classify", path).stdout.startswith("Needs review")
    assert run("duties", path).stdout.startswith("No duty is certain yet")


@pytest.mark.parametrize(
    "words",
    [("classify",), ("classify", "{facts}", "--on", "tomorrow"), ("classify", "{facts}", "--read", "OQ1=never")],
)
def test_a_misread_command_says_what_would_be_right(facts: Path, words: tuple[str, ...]) -> None:
    said = run(*(word.format(facts=facts) for word in words))
    assert said.exit_code == 2
    assert any(
        hint in said.stderr for hint in ("for example", "2027-12-02", "OQ1=from_classification|from_application")
    )


def test_the_template_can_be_filled_in_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(run("classify", "--template").stdout)
    assert run("classify", path).exit_code == 0


def test_duties_name_bearer_day_and_proof(facts: Path) -> None:
    said = run("duties", facts)
    assert "17                 Provider: Run a quality management system" in said.stdout
    items = json.loads(run("duties", facts, "--json").stdout)["items"]
    assert {"17", "49(1)"} <= {one["provision"] for one in items if one["binds"]}


def test_a_fine_says_its_way() -> None:
    said = run("fine", "50(1)", "--turnover", "40000000", "--size", "sme", "--on", "2026-11-25").stdout
    assert said.startswith("At most EUR 1,200,000 (99(4), 99(6))")
    refused = run("fine", "prohibited_practice", "--on", "2024-01-01")
    assert refused.exit_code == 2
    assert "applies since 2025-08-02" in refused.stderr
