"""What the commands on the Act have in common: the day, the text and its readings, and the file of facts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from aioffice.act.reasoning.expressions import Regime
from aioffice.doors.cli._printing import Exit, stop

if TYPE_CHECKING:
    from pathlib import Path

    from aioffice.act.classification import Law
    from aioffice.act.reasoning.vocabulary import Vocabulary


def asked_day(written: str) -> date:
    """The day of `--on`; today in UTC without one."""
    if not written:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        stop(Exit.MISREAD, f"--on: {written!r} is no day; write it 2027-12-02.")


def asked_law(regime: Regime, written: list[str]) -> Law:
    """The law asked about, with the readings of `--read`."""
    from aioffice.act.classification import READINGS, Law

    usual = Law()
    readings = dict(usual.readings)
    options = {one.question: one.options for one in READINGS}
    for one in written:
        question, equals, option = one.partition("=")
        if not equals or option not in options.get(question, ()):
            possible = "; ".join(f"{name}={'|'.join(values)}" for name, values in options.items())
            stop(Exit.MISREAD, f"--read: {one!r} is no reading. Possible: {possible}")
        readings[question] = option
    return Law(regime, readings)


def read_or_stop(path: Path, vocabulary: Vocabulary) -> dict[str, object]:
    """The facts of a file; every mistake in it is named with its line, and ends the command."""
    from aioffice.doors.cli._facts_file import FactsFileError, read_facts

    try:
        return read_facts(path, vocabulary)
    except FactsFileError as error:
        stop(Exit.INVALID, *error.lines)
