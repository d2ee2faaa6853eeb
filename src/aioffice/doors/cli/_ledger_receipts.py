"""`aioffice ledger prove` and `check-receipt`: one text or one step, shown to stand in a log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aioffice.doors.cli._logs import Keys, keys_given, own_key
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, Exit, note, print_json, printable, stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aioffice.kernel.ledger.evidence import Evidence
    from aioffice.kernel.ledger.keys import VerifierKey


def prove(
    number: Annotated[str, typer.Argument(help="Number of a public entry.")],
    *,
    version: Annotated[int | None, typer.Option(min=1, help="One of its versions; as it stands if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Prove that the log states an entry of the register, or one of its versions, as it is shown.

    With --json the proof itself, which `aioffice ledger check-receipt` checks anywhere. Exit status: 0 proved, 1 not in the log yet,
    4 no such entry or version.

    Example: aioffice ledger prove EU-A-2026-000001 --version 1 --json > proof.json
    """
    with office():
        from aioffice.doors.proofs import NotYet, proof_data

        try:
            data = proof_data(number.strip().upper(), version)
        except NotYet as early:
            stop(
                Exit.FAILED,
                "This was published a moment ago and stands in the log within a second: ask again."
                if early.held_since is None
                else f"The public log has been held since {early.held_since.isoformat()}, and this is not in it: `aioffice status`.",
            )
        if data is None:
            stop(Exit.NOT_FOUND, "The public register says nothing under this number.")
        if as_json:
            print_json(data)
        else:
            _explain(data, [own_key()])


def check_receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A receipt or a proof.")],
    *,
    key: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Check a receipt of a filing, or a proof of a public document, without the office and offline.

    Whoever has not got this software runs the verifier in one file: `python verifier.py receipt.json --key …`. Exit status: 0 it holds,
    1 it does not, 2 the command was misread, or the file is a PDF.

    Example: aioffice ledger check-receipt receipt.json --key office.example/ledger/internal+1a2b3c4d+AVS9…
    """
    data = file.read_bytes()
    if data.startswith(b"%PDF-"):
        stop(Exit.MISREAD, f"{file} is a PDF: save the file receipt.json that is attached to it, and check that.")
    keys = keys_given(key)
    keys = _led_on(data, keys) if keys else _key_in(data)
    _explain(data, keys, as_json=as_json)


def _led_on(data: bytes, keys: list[VerifierKey]) -> list[VerifierKey]:
    """The keys given and those to which the records in the file lead from them; each record is signed by both of its keys."""
    from aioffice.kernel.ledger.errors import LedgerError
    from aioffice.kernel.ledger.rotating import follow
    from aioffice.kernel.ledger.statements import parse_statement

    try:
        records = [str(one).encode() for one in json.loads(data).get("rotations", [])]
    except (ValueError, TypeError, AttributeError):
        return keys  # what is wrong with the file is said when it is read as a receipt
    try:
        return follow(keys, map(parse_statement, records))
    except LedgerError as error:
        stop(Exit.FAILED, f"This does not hold: {printable(str(error))}")


def _key_in(data: bytes) -> list[VerifierKey]:
    try:
        named = json.loads(data)["key"]
    except (ValueError, TypeError, KeyError):
        stop(Exit.FAILED, "This is not a receipt: it names no key. Give --key to say whose it should be.")
    note(f"No --key: taking the one that the file names, {named}. Compare it with the one you have from the office.")
    return keys_given([str(named)])


def _explain(data: bytes | dict[str, Any], keys: Sequence[VerifierKey], *, as_json: bool = False) -> None:
    from aioffice.kernel.ledger.checking import covered
    from aioffice.kernel.ledger.errors import LedgerError
    from aioffice.kernel.ledger.evidence import parse_evidence
    from aioffice.kernel.ledger.statements import subject_name

    try:
        evidence: Evidence = parse_evidence(data if isinstance(data, bytes) else json.dumps(data).encode())
        checked = evidence.check(keys)
    except LedgerError as error:
        stop(Exit.FAILED, f"This does not hold: {printable(str(error))}")
    name = printable(subject_name(checked.statement.subject))
    if as_json:
        print_json(
            {
                "holds": not checked.differences,
                "subject": dict(checked.statement.subject),
                "recorded_at": checked.statement.recorded_at,
                "log": checked.checkpoint.origin,
                "index": evidence.receipt.index,
                "size": checked.checkpoint.size,
                "root": checked.checkpoint.root.hex(),
                "values": checked.fitting,
                "not_shown": checked.not_shown,
                "differences": [str(one) for one in checked.differences],
            }
        )
    for difference in checked.differences:
        note(f"{name}: {printable(str(difference))} (entry {evidence.receipt.index})")
    if checked.differences:
        stop(Exit.FAILED, f"Entry {evidence.receipt.index} says something else than this file.")
    if not as_json:
        print(f"It holds: {name}, recorded {checked.statement.recorded_at.isoformat()}.")
        print(
            f"Entry {evidence.receipt.index} of {checked.checkpoint.size} in {printable(checked.checkpoint.origin)}, "
            f"root {checked.checkpoint.root.hex()}, signed; {checked.fitting} values fit."
        )
        erased = _erased_in(data)
        for one in checked.not_shown:
            day = next(
                (on for named, on in erased.items() if covered(one, [named]) and not covered(one, ["/@record"])), ""
            )
            print(
                f"Not shown here: {printable(one)}"
                + (f" (erased on {printable(day)}, as the file says)" if day else "")
            )


def _erased_in(data: bytes | dict[str, Any]) -> dict[str, str]:
    """What a receipt says was erased, by JSON pointer, with the day; the entry is older and cannot say it."""
    found = (data if isinstance(data, dict) else json.loads(data)).get("erased", {})
    return {str(pointer): str(day) for pointer, day in found.items()} if isinstance(found, dict) else {}
