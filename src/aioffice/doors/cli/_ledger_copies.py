"""`aioffice ledger export` and `witness`: a log kept by others than the Office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aioffice.doors.cli._ledger_saying import report_data, say
from aioffice.doors.cli._logs import Keys, fetching, key_named_by, keys_given, log_at, source_at
from aioffice.doors.cli._printing import AsJson, Exit, note, print_json, printable, stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aioffice.kernel.ledger.keys import SigningKey, VerifierKey
    from aioffice.kernel.ledger.standalone import Report


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
        say(report, as_json)
        stop(Exit.FAILED, "The copy does not fit: see above.")
    if as_json:
        print_json(report_data(report) | {"folder": str(folder)})
    else:
        print(f"{report.entries} entries and {report.documents} public documents are in {folder}; all fits.")


def _exported(fetch: Any, lines: Any, at_one_moment: Any, keys: Sequence[VerifierKey], folder: Path) -> Report:
    import time

    from rich.console import Console

    from aioffice.kernel import durable
    from aioffice.kernel.ledger import site, standalone
    from aioffice.kernel.ledger.errors import LedgerError
    from aioffice.kernel.ledger.exporting import PUBLIC, export_log
    from aioffice.kernel.ledger.periods import write_periods
    from aioffice.kernel.ledger.signing import INTERNAL

    checkers = [standalone.Key.parse(str(one)) for one in keys]
    with Console(stderr=True).status("Writing ...") as status:
        for attempt in range(standalone.TRIES + 1):
            last = attempt == standalone.TRIES
            try:
                with at_one_moment():
                    export_log(
                        fetch,
                        lambda: lines("publications"),
                        folder,
                        lambda count: status.update(f"Writing ... {count} files"),
                    )
                keys_said = write_periods([*site.log_keys(), *site.log_keys(INTERNAL)])
                durable.replace(folder / "key", keys_said, mode=PUBLIC)
            except site.TooOld as error:
                if last:
                    stop(Exit.FAILED, f"Not exported, what was in {folder} is there as before: {error}.")
                time.sleep(standalone.PAUSE)
                continue
            except (LedgerError, OSError) as error:
                stop(Exit.FAILED, str(error))
            report = standalone.verify(standalone.Directory(folder), checkers)
            if not report.findings or last:
                break
            # A document was published whose statement is not sequenced yet: the next copy has both.
            time.sleep(standalone.PAUSE)
    return report


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
    name: Annotated[
        str,
        typer.Option(
            help="Name of a new key, for everybody to see: an address of yours without https://. Needed once."
        ),
    ] = "",
    send: Annotated[
        bool, typer.Option("--send", help="Send the cosignature to the office, which has to know the witness's key.")
    ] = False,
    key: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Watch a log: cosign its checkpoint, with the time, if it has only grown since the one seen last; refuse a split view.

    Exit status: 0 cosigned, 1 refused or not taken, 2 the command was misread, 3 the log could not be read.

    Example: aioffice ledger witness https://office.example/ledger --name w.example/w1 --key-file w.key --state seen.json --out cosigned
    """
    from datetime import UTC, datetime

    from aioffice.kernel import durable
    from aioffice.kernel.ledger.errors import LedgerError, MissingTile, SplitView
    from aioffice.kernel.ledger.exporting import PUBLIC
    from aioffice.kernel.ledger.notes import Note
    from aioffice.kernel.ledger.witnessing import Seen
    from aioffice.kernel.ledger.witnessing import witness as cosigned

    source, state = source_at(place), state.resolve()
    given = keys_given(key)
    try:
        # One look after the other: of two at once, the later one has to know what the earlier one cosigned.
        with durable.locked(state.with_name(f".{state.name}.lock")):
            own = _witness_key(key_file, name)
            seen = Seen.parse(state.read_bytes()) if state.exists() else None
            log_key = given[0] if given else seen.key if seen else key_named_by(source, place)
            known = given or [log_key]
            found, log_key = cosigned(
                fetching(source), known, seen.checkpoint if seen else None, own, datetime.now(UTC)
            )
            # Remembered first, on the disk: what was cosigned and forgotten would let another log through next time.
            durable.replace(state, Seen(log_key, bytes(found)).encode(), mode=PUBLIC)
            if out:
                out.write_bytes(bytes(found))
    except SplitView as error:
        stop(Exit.FAILED, f"Refused, a split view: {printable(str(error))}", "Keep the state file: it is the evidence.")
    except MissingTile as error:
        stop(Exit.UNREADABLE, f"Not cosigned: {printable(str(error))}")
    except (LedgerError, OSError) as error:
        stop(Exit.FAILED, f"Not cosigned: {printable(str(error))}")
    if send:
        # The log's signatures and this one. Those of other witnesses are theirs to send.
        mine = [one for one in found.signatures if one.name == log_key.name or one.is_by(own.verifier)]
        _send(place, bytes(Note(found.text, tuple(mine))))
    if as_json:
        print_json(
            {"witness": str(own.verifier), "log": str(log_key), "checkpoint": bytes(found).decode(), "sent": send}
        )
    else:
        if not out:
            print(bytes(found).decode(), end="")
        note(f"Cosigned as {own.verifier}")


def _send(place: str, checkpoint: bytes) -> None:
    """Hand the cosigned checkpoint to the office. What it does not take ends the command."""
    from urllib.parse import urlsplit

    import urllib3

    if urlsplit(place).scheme not in ("http", "https"):
        stop(Exit.MISREAD, "--send needs the address of the office: a folder takes nothing.")
    address = f"{place.rstrip('/')}/cosignatures"
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        answer = urllib3.request(
            "POST", address, body=checkpoint, headers=headers, timeout=30, retries=False, redirect=False
        )
    except urllib3.exceptions.HTTPError as error:
        stop(Exit.FAILED, f"Not sent: {printable(str(error))}")
    said = printable(answer.data[:1000].decode("utf-8", "replace").strip())
    if answer.status != 200:
        stop(Exit.FAILED, f"Not taken by {address}, status {answer.status}: {said}")
    note(said)


def _witness_key(path: Path, name: str) -> SigningKey:
    """The witness's key; a new one, kept for its owner alone, where there is none yet."""
    import os

    from aioffice.kernel import durable
    from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, generate_key

    if path.exists():
        kept = SigningKey.parse(path.read_text().strip())
        if name and name != kept.name:
            stop(
                Exit.MISREAD,
                f"--name: the key in {path} is called {kept.name}, and keeps that name. Leave --name out, or name another --key-file for "
                f"a new key; whoever knows the old one then needs the new one.",
            )
        return kept
    if not name:
        stop(
            Exit.MISREAD,
            f"There is no key in {path} yet. --name says what a new one is called, and everybody sees it below the log: best an address of "
            f"yours without https://, such as w.example/w1.",
        )
    made = generate_key(name, COSIGNATURE)
    # Never over another one, which a witness of another log may have made in this moment.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(f"{made.secret}\n".encode())
        durable.settle(file)
    durable.sync(path.parent)
    note(f"A new key was made in {path}.")
    return made
