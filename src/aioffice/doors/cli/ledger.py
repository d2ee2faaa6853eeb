"""`aioffice ledger` checks, proves, copies and witnesses public logs: this office's own, or any other's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aioffice.doors.cli._logs import Keys, Place, fetching, key_named_by, keys_given, log_at, own_key, source_at
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, Exit, note, print_json, stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aioffice.kernel.ledger.evidence import Evidence
    from aioffice.kernel.ledger.keys import SigningKey, VerifierKey
    from aioffice.kernel.ledger.standalone import Report

app = typer.Typer(name="ledger", help="Check, prove, copy and witness public logs.", no_args_is_help=True)
File = Annotated[Path | None, typer.Option(metavar="FILE", dir_okay=False)]
SHOWN = 50
"""Findings printed without --json; all are counted."""


@app.command()
def verify(
    place: Place = "",
    *,
    key: Keys = None,
    witness: Annotated[
        list[str] | None, typer.Option(metavar="VKEY", help="A witness that must have cosigned; may be repeated.")
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="A checkpoint kept from before."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Keep the checkpoint here, if all fits.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a whole log: signature, every tile and entry, and every public document against the entry that states it.

    Reads this office's own log, or the one at an address or in a folder. Exit status: 0 all fits, 1 something does not (each named on
    stderr), 2 the command was misread.

    Example: aioffice ledger verify https://office.example/ledger --key office.example/ledger+1a2b3c4d+AVS9… --save seen
    """
    with log_at(place, key) as log:
        if not place and log.source.get("checkpoint") is None and since is None:
            _empty(as_json)
            return
        report = log.check(
            since=since.read_bytes() if since else None, witnesses=keys_given(witness, option="--witness")
        )
    if as_json:
        print_json(_report(report) | {"keys": [str(one) for one in log.keys], "keys_from": log.keys_from})
    _say(report, as_json)
    if report.findings:
        stop(Exit.FAILED, f"{len(report.findings)} findings: this log, or this copy of it, is not what was signed.")
    if save:
        save.write_bytes(report.data)


def _empty(as_json: bool) -> None:
    if as_json:
        print_json({"fits": True, "log": str(own_key().name), "size": 0, "findings": []})
    else:
        print("The log is empty: nothing has been published yet.")


def _report(report: Report) -> dict[str, Any]:
    checkpoint = report.checkpoint
    return {
        "fits": not report.findings,
        "log": checkpoint.origin if checkpoint else None,
        "size": checkpoint.size if checkpoint else None,
        "root": checkpoint.root.hex() if checkpoint else None,
        **{name: getattr(report, name) for name in ("entries", "tiles", "documents", "values", "notes", "findings")},
    }


def _say(report: Report, as_json: bool) -> None:
    for finding in report.findings[:SHOWN]:
        note(f"Does not fit: {_printable(finding)}")
    if as_json:
        return
    for one in report.notes:
        print(_printable(one))
    print(
        f"Checked {report.entries} entries, {report.tiles} tiles, "
        f"{report.documents} public documents with {report.values} values."
    )
    if report.checkpoint and not report.findings:
        found = report.checkpoint
        print(f"All fits: {_printable(found.origin)} at {found.size} entries, root {found.root.hex()}.")


def _printable(text: str) -> str:
    """Text from a log, fit for a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


@app.command()
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
        except NotYet:
            stop(Exit.FAILED, "This was published a moment ago and stands in the log within a second: ask again.")
        if data is None:
            stop(Exit.NOT_FOUND, "The public register says nothing under this number.")
        if as_json:
            print_json(data)
        else:
            _explain(data, [own_key()])


@app.command("check-receipt")
def check_receipt(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A receipt or a proof.")],
    *,
    key: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Check a receipt of a filing, or a proof of a public document, without the office and offline.

    Exit status: 0 it holds, 1 it does not, 2 the command was misread.

    Example: aioffice ledger check-receipt receipt.json --key office.example/ledger/internal+1a2b3c4d+AVS9…
    """
    data = file.read_bytes()
    keys = keys_given(key)
    if not keys:
        keys = _key_in(data)
    _explain(data, keys, as_json=as_json)


def _key_in(data: bytes) -> list[VerifierKey]:
    try:
        named = json.loads(data)["key"]
    except (ValueError, TypeError, KeyError):
        stop(Exit.FAILED, "This is not a receipt: it names no key. Give --key to say whose it should be.")
    note(f"No --key: taking the one that the file names, {named}. Compare it with the one you have from the office.")
    return keys_given([str(named)])


def _explain(data: bytes | dict[str, Any], keys: Sequence[VerifierKey], *, as_json: bool = False) -> None:
    from aioffice.kernel.ledger.errors import LedgerError
    from aioffice.kernel.ledger.evidence import parse_evidence
    from aioffice.kernel.ledger.statements import subject_name

    try:
        evidence: Evidence = parse_evidence(data if isinstance(data, bytes) else json.dumps(data).encode())
        checked = evidence.check(keys)
    except LedgerError as error:
        stop(Exit.FAILED, f"This does not hold: {_printable(str(error))}")
    name = _printable(subject_name(checked.statement.subject))
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
        note(f"{name}: {_printable(str(difference))} (entry {evidence.receipt.index})")
    if checked.differences:
        stop(Exit.FAILED, f"Entry {evidence.receipt.index} says something else than this file.")
    if not as_json:
        print(f"It holds: {name}, recorded {checked.statement.recorded_at.isoformat()}.")
        print(
            f"Entry {evidence.receipt.index} of {checked.checkpoint.size} in {_printable(checked.checkpoint.origin)}, "
            f"root {checked.checkpoint.root.hex()}, signed; {checked.fitting} values fit."
        )
        for one in checked.not_shown:
            print(f"Not shown here: {_printable(one)}")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", file_okay=False, help="Where the files go.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Copy this office's public log into a folder: checkpoint, tiles, entries, publications and key, as any static server carries them.

    The copy is checked when it is there. Exit status: 0 done, 1 the copy does not fit or cannot be written.

    Example: aioffice ledger export copy && aioffice ledger verify copy
    """
    with log_at("", None) as own:
        report = _exported(own.source.get, own.source.lines, own.at_one_moment, own.keys, folder)
    if report.findings:
        _say(report, as_json)
        stop(Exit.FAILED, "The copy does not fit: see above.")
    if as_json:
        print_json(_report(report) | {"folder": str(folder)})
    else:
        print(f"{report.entries} entries and {report.documents} public documents are in {folder}; all fits.")


def _exported(fetch: Any, lines: Any, at_one_moment: Any, keys: Sequence[VerifierKey], folder: Path) -> Report:
    import time

    from rich.console import Console

    from aioffice.kernel.ledger import standalone
    from aioffice.kernel.ledger.errors import LedgerError
    from aioffice.kernel.ledger.exporting import export_log

    checkers = [standalone.Key.parse(str(one)) for one in keys]
    with Console(stderr=True).status("Writing ...") as status:
        for attempt in range(standalone.TRIES + 1):
            try:
                with at_one_moment():
                    export_log(
                        fetch,
                        lambda: lines("publications"),
                        folder,
                        lambda count: status.update(f"Writing ... {count} files"),
                    )
                (folder / "key").write_text("".join(f"{one}\n" for one in keys))
            except (LedgerError, OSError) as error:
                stop(Exit.FAILED, str(error))
            report = standalone.verify(standalone.Directory(folder), checkers)
            if not report.findings or attempt == standalone.TRIES:
                break
            # A document was published whose statement is not sequenced yet: the next copy has both.
            time.sleep(standalone.PAUSE)
    return report


@app.command("key")
def show_key(*, as_json: AsJson = False) -> None:
    """Show the keys with which this office's logs are checked: give them to whoever wants to check.

    Exit status: 0 done, 1 there is no office here.

    Example: aioffice ledger key --json
    """
    with office():
        public, internal = own_key("public"), own_key("internal")
    if as_json:
        print_json({"public": str(public), "internal": str(internal)})
    else:
        print(public)
        print(internal)
        note("The first is of the public log; the second of the log of all steps, for receipts.")


@app.command()
def witness(
    place: Annotated[str, typer.Argument(metavar="URL", help="Where the log lies.")],
    *,
    key_file: Annotated[
        Path, typer.Option(metavar="FILE", dir_okay=False, help="The witness's key; made at first use.")
    ],
    state: Annotated[Path, typer.Option(metavar="FILE", dir_okay=False, help="What was seen last; made at first use.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Where the cosigned checkpoint goes.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name of a new key, best an address of yours without https://.")] = "",
    key: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Watch a log: cosign its checkpoint, with the time, if it has only grown since the one seen last; refuse a split view.

    Exit status: 0 cosigned, 1 refused or not readable, 2 the command was misread.

    Example: aioffice ledger witness https://office.example/ledger --key-file w.key --state seen.json --out cosigned
    """
    from datetime import UTC, datetime

    from aioffice.kernel.ledger.errors import LedgerError, SplitView
    from aioffice.kernel.ledger.witnessing import Seen
    from aioffice.kernel.ledger.witnessing import witness as cosigned

    source = source_at(place)
    given = keys_given(key)
    try:
        own = _witness_key(key_file, name)
        seen = Seen.parse(state.read_bytes()) if state.exists() else None
        log_key = given[0] if given else seen.key if seen else key_named_by(source, place)
        found = cosigned(fetching(source), [log_key], seen.checkpoint if seen else None, own, datetime.now(UTC))
        # Remembered first: what was cosigned and forgotten would let another log through next time.
        state.write_bytes(Seen(log_key, bytes(found)).encode())
        if out:
            out.write_bytes(bytes(found))
    except SplitView as error:
        stop(
            Exit.FAILED, f"Refused, a split view: {_printable(str(error))}", "Keep the state file: it is the evidence."
        )
    except (LedgerError, OSError) as error:
        stop(Exit.FAILED, f"Not cosigned: {_printable(str(error))}")
    if as_json:
        print_json({"witness": str(own.verifier), "log": str(log_key), "checkpoint": bytes(found).decode()})
    else:
        if not out:
            print(bytes(found).decode(), end="")
        note(f"Cosigned as {own.verifier}")


def _witness_key(path: Path, name: str) -> SigningKey:
    """The witness's key; a new one, kept for its owner alone, where there is none yet."""
    import os
    import socket

    from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, generate_key

    if path.exists():
        return SigningKey.parse(path.read_text().strip())
    made = generate_key(name or f"{socket.gethostname()}/witness", COSIGNATURE)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{made.secret}\n")
    note(f"A new key was made in {path}.")
    return made
