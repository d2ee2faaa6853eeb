"""`aioffice classify --portfolio`: a whole inventory, mistakes by cell, a record a system, and what changed since the last run."""

from __future__ import annotations

import csv
import json
import time
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from typer.testing import CliRunner

from aioffice.act.classification import vocabulary as known_first
from aioffice.act.duties import vocabulary
from aioffice.act.results import again
from aioffice.doors.cells import plain
from aioffice.doors.cli import _inventory, app
from aioffice.doors.cli._portfolio_files import record_name
from aioffice.kernel.results import jws
from tests.act.test_results import SCREENER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from click.testing import Result

ON = ("--on", "2026-11-25")
WORDS = {True: "yes", False: "no"}
FACTS = {name: WORDS.get(value, value) if isinstance(value, bool) else value for name, value in SCREENER.items()}


@pytest.fixture(autouse=True)
def _only_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["classify", *(str(word) for word in words)])


def table(path: Path, systems: Iterable[dict[str, Any]], delimiter: str = ",") -> Path:
    rows = list(systems)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


THREE = [
    {"id": "screener", "name": "CV screener", **FACTS},
    {"id": "scraper", "name": "=HYPERLINK(1)", **FACTS, "scrapes_faces": "yes"},
    {"id": "Tank/1", "name": "@tank", **FACTS, "solely_military": "yes"},
]


def test_an_inventory_is_classified_and_the_law_ahead_is_told(tmp_path: Path) -> None:
    done = run("--portfolio", table(tmp_path / "systems.csv", THREE), "--out", "out", *ON)
    assert done.exit_code == 0, done.stderr
    assert "3 systems on Wednesday 25 November 2026:" in done.stdout
    assert "2 of your 3 systems change on Thursday 2 December 2027:" in done.stdout
    rows = {row["id"]: row for row in read(tmp_path / "out" / "systems.csv")}
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "screener": "high_risk",
        "scraper": "prohibited",
        "Tank/1": "out_of_scope",
    }
    assert rows["screener"]["next change"] == "2027-12-02"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["outcomes"] == {"high_risk": 1, "prohibited": 1, "out_of_scope": 1}
    (day,) = [one for one in summary["ahead"] if one["day"] == "2027-12-02"]
    assert day["systems"] == ["screener", "scraper"]


def test_each_system_has_a_record_that_can_be_checked_later(tmp_path: Path) -> None:
    run("--portfolio", table(tmp_path / "systems.csv", THREE), "--out", "out", *ON)
    records = [json.loads(path.read_text()) for path in (tmp_path / "out" / "records").iterdir()]
    assert {one["system"]["id"] for one in records} == {"screener", "scraper", "Tank/1"}
    for record in records:
        assert record == {"system": record["system"], **json.loads(json.dumps(again(record)))}
    assert run("--verify", "out/records/screener.json").exit_code == 0


def test_records_are_signed_with_a_key(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["result-key", "make", "key.json"])
    inventory = table(tmp_path / "systems.csv", THREE)
    done = run("--portfolio", inventory, "--out", "out", "--sign", "key.json", "--signed-by", "Acme", *ON)
    assert done.exit_code == 0, done.stderr
    said = jws.unchecked((tmp_path / "out" / "records" / "screener.jws").read_text())
    assert (said.issuer, said.content["outcome"]) == ("Acme", "high_risk")


def test_no_cell_that_is_written_is_taken_for_a_formula(tmp_path: Path) -> None:
    run("--portfolio", table(tmp_path / "systems.csv", THREE), "--out", "out", *ON)
    names = [row["name"] for row in read(tmp_path / "out" / "systems.csv")]
    assert names == ["CV screener", "'=HYPERLINK(1)", "'@tank"]
    for sign in "=+-@\t\r":
        assert plain(f"{sign}1").startswith("'")


def test_a_mistake_is_named_by_cell_and_costs_that_system_alone(tmp_path: Path) -> None:
    wrong = [
        *THREE,
        {"id": "bad", **FACTS, "recruits": "perhaps", "first_placed_on": "soon"},
        {"id": "screener", **FACTS},
        {"id": "", **FACTS},
        {"id": "no", **FACTS, "in_employment": "no"},
    ]
    done = run("--portfolio", table(tmp_path / "systems.csv", wrong), "--out", "out", *ON)
    assert done.exit_code == 6
    assert "3 systems on" in done.stdout
    for said in (
        "systems.csv:row 5, column recruits: recruits: 'perhaps' was given; yes, no or nothing is expected.",
        "systems.csv:row 5, column first_placed_on: first_placed_on: 'soon' was given; a day written 2026-12-02",
        "systems.csv:row 6: the id screener stands in",
        "systems.csv:row 7: an id of 1 to 200 signs is needed",
        "systems.csv:row 8, column recruits: recruits: cannot be true while in_employment is false",
    ):
        assert said in done.stderr
    assert len(read(tmp_path / "out" / "mistakes.csv")) == 5
    assert len(read(tmp_path / "out" / "systems.csv")) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,recruts\n1,yes\n", "the nearest is recruits. A column of your own begins with x_."),
        (b"name,recruits\n1,yes\n", "a column id is needed"),
        (b"id,recruits,recruits\n1,yes,no\n", "the column recruits is there twice"),
        (b"", "is empty"),
        (b"id,recruits\n1,\xff\n", "no text in UTF-8"),
        (b'id,recruits\n1,"yes\n', "is no CSV"),
    ],
)
def test_what_is_no_inventory_is_refused_as_a_whole(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "systems.csv").write_bytes(content)
    done = run("--portfolio", "systems.csv")
    assert done.exit_code == 6
    assert said in done.stderr


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert run("--portfolio", "systems.csv").exit_code == 6
    (tmp_path / "systems.ods").touch()
    assert ".csv, .xlsx, .ndjson is expected" in run("--portfolio", "systems.ods").stderr
    (tmp_path / "systems.xlsx").write_bytes(b"PK no")
    assert "no XLSX file" in run("--portfolio", "systems.xlsx").stderr
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as packed:
        packed.writestr("hello", "x")
    assert "no XLSX file" in run("--portfolio", "other.xlsx").stderr


def test_a_sheet_that_unpacks_to_very_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_inventory, "LARGEST_SHEET", 1000)
    sheet(tmp_path / "systems.xlsx", [["id"], ["x" * 5000]])
    assert "unpacked" in run("--portfolio", "systems.xlsx").stderr


def test_semicolons_empty_rows_and_columns_of_ones_own_are_taken(tmp_path: Path) -> None:
    path = table(tmp_path / "systems.csv", [THREE[0] | {"x_owner": "HR"}], delimiter=";")
    with path.open("a") as file:
        file.write(";;\n\n")
    assert "1 system on" in run("--portfolio", path, *ON).stdout


def test_a_cell_beyond_the_columns_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "systems.csv").write_text("id,recruits\na,yes,no\nb,yes\n")
    done = run("--portfolio", "systems.csv", *ON)
    assert done.exit_code == 6
    assert "systems.csv:row 2: there are more cells than columns; 'no' belongs to none." in done.stderr
    assert "1 system on" in done.stdout


def sheet(path: Path, rows: Sequence[Sequence[Any]], left: int = 0) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        page = book.add_worksheet("mine")
        for number, row in enumerate(rows):
            for column, value in enumerate(row, start=left):
                page.write(number, column, value)


def test_a_spreadsheet_says_the_same_as_a_table(tmp_path: Path) -> None:
    typed = SCREENER | {"first_placed_on": datetime(2028, 3, 1)}  # noqa: DTZ001 - a cell has no zone
    names = ["id", "name", *typed, "training_compute"]
    sheet(tmp_path / "systems.xlsx", [names, [7, "CV", *typed.values(), 1e25], ["bad", "", "x"]], left=2)
    done = run("--portfolio", "systems.xlsx", "--out", "out", *ON)
    assert done.exit_code == 6
    assert "systems.xlsx:mine!E3: is_ai_system: 'x' was given" in done.stderr
    record = json.loads((tmp_path / "out" / "records" / "7.json").read_text())
    assert record["outcome"] == "high_risk"
    assert record["facts"]["training_compute"] == 10**25
    assert record["facts"]["first_placed_on"] == "2028-03-01"


def test_lines_of_json_are_taken_flat_or_with_their_facts_apart(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "flat", **SCREENER}),
        "",
        json.dumps({"id": "apart", "name": "A", "facts": SCREENER}),
        "{",
        "[1]",
        '{"id": "twice", "recruits": true, "recruits": false}',
        json.dumps({"id": "unknown", "recruts": True}),
        json.dumps({"id": "list", "recruits": [True]}),
        json.dumps({"id": "facts", "facts": 3}),
    ]
    (tmp_path / "systems.ndjson").write_text("\n".join(lines))
    done = run("--portfolio", "systems.ndjson", *ON, "--json")
    assert done.exit_code == 6
    assert json.loads(done.stdout)["outcomes"] == {"high_risk": 2}
    for number, said in ((4, "no JSON"), (5, "an object"), (6, "twice"), (7, "nearest is recruits"), (8, "yes, no")):
        (line,) = [line for line in done.stderr.splitlines() if line.startswith(f"systems.ndjson:line {number}")]
        assert said in line


@pytest.mark.parametrize("name", ["systems.csv", "systems.xlsx"])
def test_the_template_can_be_filled_in_and_read_back(tmp_path: Path, name: str) -> None:
    assert run("--portfolio", name, "--template").exit_code == 0
    done = run("--portfolio", name, *ON)
    assert done.exit_code == 0, done.stderr
    assert "0 systems" in done.stdout
    assert run("--portfolio", name, "--template").exit_code == 2, "nothing is written over"
    columns = _inventory._csv if name.endswith("csv") else _inventory._xlsx
    assert list(columns(tmp_path / name, vocabulary())) == []
    assert len(vocabulary()) > len(known_first())


def test_a_folder_that_holds_something_is_not_written_into(tmp_path: Path) -> None:
    inventory = table(tmp_path / "systems.csv", THREE)
    assert run("--portfolio", inventory, "--out", "out", *ON).exit_code == 0
    again_ = run("--portfolio", inventory, "--out", "out", *ON)
    assert again_.exit_code == 6
    assert "--compare takes the earlier one" in again_.stderr
    assert run("--portfolio", inventory, "--compare", tmp_path, *ON).exit_code == 6


def test_a_later_run_says_what_changed_and_why(tmp_path: Path) -> None:
    four = [*THREE, {"id": "gone", **FACTS}, {"id": "both", **FACTS}]
    run("--portfolio", table(tmp_path / "old.csv", four), "--out", "old", *ON)
    for name in ("screener", "both"):  # as an earlier version of the rules would have written it
        path = tmp_path / "old" / "records" / f"{name}.json"
        record = json.loads(path.read_text())
        record["holds"][0]["since"] = [{"day": "2026-08-02", "basis": "113"}]
        path.write_text(json.dumps(record))
    new = [
        THREE[0],
        THREE[1] | {"scrapes_faces": "no"},
        THREE[2],
        {"id": "both", **FACTS, "scrapes_faces": "yes"},
        {"id": "fresh", **FACTS},
    ]
    inventory = table(tmp_path / "new.csv", new)
    done = run("--portfolio", inventory, "--out", "new", "--compare", "old", "--on", "2027-01-01")
    assert done.exit_code == 0, done.stderr
    compared = json.loads((tmp_path / "new" / "summary.json").read_text())["compared"]
    assert compared["changed"] == {"law or rules": 1, "facts": 1, "facts and law or rules": 1}
    assert (compared["new"], compared["gone"]) == (1, ["gone"])
    rows = {(row["id"], row["what"]): row for row in read(tmp_path / "new" / "differences.csv")}
    assert rows["scraper", "outcome"]["before"] == "prohibited"
    assert rows["screener", "conclusion"]["before"] == "holds, from 2026-08-02 (113)"
    assert rows["fresh", "system"]["because of"] == "new"
    assert "answers differ because of the facts" in done.stdout
    assert not [name for name, _what in rows if name == "Tank/1"], "a day later alone is no difference"


@pytest.mark.parametrize("id", ["../../etc/passwd", "a/b", "A", "a", ".hidden", "x" * 200, "ü", "CON ", "a.json", ""])
def test_a_record_has_a_name_that_is_safe_and_its_own(id: str) -> None:
    others = ["../../etc/passwd", "a/b", "A", "a", ".hidden", "x" * 200, "ü", "CON ", "a.json"]
    name = record_name(id)
    assert "/" not in name
    assert not name.startswith(".")
    assert len(name) < 120
    assert name.lower() not in {record_name(other).lower() for other in others if other != id}


def test_three_hundred_systems_take_seconds(tmp_path: Path) -> None:
    path = table(tmp_path / "systems.csv", ({"id": f"s{number}", **FACTS} for number in range(300)))
    begun = time.process_time()
    assert run("--portfolio", path, *ON).exit_code == 0
    assert time.process_time() - begun < 10, "thirty a second are far too few"
