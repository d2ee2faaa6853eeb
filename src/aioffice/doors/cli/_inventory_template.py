"""An empty inventory to fill in: every fact a column, as CSV, or as XLSX with the questions and the answers to choose from."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aioffice.act.reasoning.facts import FactKind
from aioffice.doors.cli._inventory import ID, KINDS, NAME

if TYPE_CHECKING:
    from aioffice.act.reasoning.facts import Fact
    from aioffice.act.reasoning.vocabulary import Vocabulary

ROWS = 1000
"""Rows in which a spreadsheet offers the answers; more can be filled in without."""
_MOST_LISTED = 255
"""Signs that a spreadsheet takes as a list of answers."""
_WIDTH = 22


class TemplateError(ValueError):
    """No such file can be written; the message says why."""


def write_template(path: Path, vocabulary: Vocabulary) -> None:
    """Write the file; its ending says which kind. Raises TemplateError: nothing is written over."""
    writers = {".csv": _csv, ".xlsx": _xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise TemplateError(f"{path}: the empty inventory is a .csv or an .xlsx file ({KINDS[2]} has no columns).")
    if path.exists():
        raise TemplateError(f"{path}: is there already, and is not written over.")
    try:
        writer(path, list(vocabulary))
    except OSError as error:
        raise TemplateError(f"{path}: cannot be written: {error.strerror or error}.") from None


def _csv(path: Path, facts: list[Fact]) -> None:
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerow([ID, NAME, *(fact.name for fact in facts)])


def _xlsx(path: Path, facts: list[Fact]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("systems")
        heading = book.add_format({"bold": True, "bg_color": "#E8EDFB", "border": 1, "text_wrap": True})
        for column, title in enumerate((ID, NAME, *(fact.name for fact in facts))):
            sheet.write_string(0, column, title, heading)
        sheet.set_column(0, len(facts) + 1, _WIDTH)
        sheet.freeze_panes(1, 2)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, fact in enumerate(facts, start=2):
            sheet.write_comment(0, column, _comment(fact), {"x_scale": 3, "y_scale": 2})
            if fact.kind is FactKind.DATE:
                sheet.set_column(column, column, _WIDTH, day)
            if (rule := _validation(fact)) is not None:
                sheet.data_validation(1, column, ROWS, column, rule)
        _questions(book, facts)


def _questions(book: Any, facts: list[Fact]) -> None:
    """A second sheet that says what each column asks, and what may stand in it."""
    sheet = book.add_worksheet("questions")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (title, width) in enumerate((("column", 30), ("question", 70), ("answers", 50), ("provision", 18))):
        sheet.write_string(0, column, title, bold)
        sheet.set_column(column, column, width, wrapped)
    for row, fact in enumerate(facts, start=1):
        question = f"{fact.question} {fact.help}".strip()
        for column, text in enumerate((fact.name, question, _answers(fact), fact.provision)):
            sheet.write_string(row, column, text, wrapped)
    sheet.freeze_panes(1, 1)


def _comment(fact: Fact) -> str:
    return f"{fact.question} [{fact.provision}]\n{fact.help}".strip()


def _answers(fact: Fact) -> str:
    match fact.kind:
        case FactKind.YES_NO:
            return "yes, no; empty: not known"
        case FactKind.CHOICE:
            return "\n".join(f"{code}: {words}" for code, words in fact.options)
        case FactKind.NUMBER:
            return f"A number of {fact.unit}, such as 1e25"
        case FactKind.DATE:
            return "A day, such as 2027-12-02"


def _validation(fact: Fact) -> dict[str, Any] | None:
    codes = ["yes", "no"] if fact.kind is FactKind.YES_NO else [code for code, _words in fact.options]
    if not codes or len(",".join(codes)) > _MOST_LISTED:
        return None
    return {
        "validate": "list",
        "source": codes,
        "error_type": "warning",
        "error_message": "One of the answers listed, or nothing.",
    }
