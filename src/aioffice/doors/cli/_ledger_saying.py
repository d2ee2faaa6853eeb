"""How the commands of the ledger say what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aioffice.doors.cli._printing import counted, note, printable

if TYPE_CHECKING:
    from aioffice.kernel.ledger.standalone import Report

SHOWN = 50
"""Findings printed without --json; all are counted."""


def report_data(report: Report) -> dict[str, Any]:
    checkpoint = report.checkpoint
    return {
        "fits": not report.findings,
        "read": not report.unread,
        "log": checkpoint.origin if checkpoint else None,
        "size": checkpoint.size if checkpoint else None,
        "root": checkpoint.root.hex() if checkpoint else None,
        **{name: getattr(report, name) for name in ("entries", "tiles", "documents", "values", "notes", "findings")},
    }


def say(report: Report, as_json: bool) -> None:
    for finding in report.findings[:SHOWN]:
        said = printable(finding)
        note(f"{said[0].upper()}{said[1:]}." if finding == report.unread else f"Does not fit: {said}")
    if as_json or report.only_unread:
        return
    for one in report.notes:
        print(printable(one))
    print(
        f"Checked {counted(report.entries, 'entry', 'entries')}, {counted(report.tiles, 'tile')}, "
        f"{counted(report.documents, 'public document')} with {counted(report.values, 'value')}."
    )
    if report.checkpoint and not report.findings:
        found = report.checkpoint
        print(
            f"All fits: {printable(found.origin)} at {counted(found.size, 'entry', 'entries')}, root {found.root.hex()}."
        )
