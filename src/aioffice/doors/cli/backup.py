"""`aioffice backup`, `backup-check`, `restore` and `rehearse-restore`: what keeps a disk that breaks from being the end of the register."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import psycopg
import typer

from aioffice.doors.cli._office import checked_settings, office, only_one
from aioffice.doors.cli._printing import AsJson, Exit, counted, note, print_json, quiet, stop
from aioffice.doors.cli._restoring import Restored, restore_into
from aioffice.kernel import durable
from aioffice.kernel.backup import checking, folders, making
from aioffice.kernel.backup.errors import BackupError
from aioffice.kernel.backup.manifest import SECRETS
from aioffice.kernel.documents.sealing import SealError
from aioffice.kernel.ledger.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.kernel.settings import Settings

app = typer.Typer()

Target = Annotated[Path, typer.Argument(metavar="TARGET", file_okay=False, help="The folder that holds the backups.")]
Source = Annotated[
    Path,
    typer.Argument(metavar="SOURCE", exists=True, file_okay=False, help="A backup, or their folder: the newest in it."),
]


@app.command()
def backup(
    target: Target,
    *,
    keep: Annotated[int | None, typer.Option(min=1, help="Keep so many and remove the oldest; all without it.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every document again that an earlier backup holds, not only a share.")
    ] = False,
    without_secrets: Annotated[
        bool, typer.Option("--without-secrets", help="Leave secrets.json out: you keep the keys elsewhere.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Back the office up, open or closed: database, documents, keys, and a manifest with the hash of each part.

    Documents that an earlier backup in TARGET holds are not copied again; a share of them is read against its hashes each time, so that all
    are within thirty days. Exit status: 0 there is a whole backup, 1 there is none.

    Example: aioffice backup /mnt/backups/office --keep 30
    """
    begin = time.monotonic()
    with office() as found, _or_fail("No backup was made"):
        from aioffice.kernel.documents.storage import storage

        with _whether_closed(found) as closed:
            made = making.make(
                target,
                found,
                storage(),
                at=datetime.now(UTC),
                secrets=not without_secrets,
                keep=keep,
                closed=closed,
                verify=verify,
            )
    manifest, seconds = made.manifest, round(time.monotonic() - begin, 1)
    if as_json:
        print_json(
            {
                "backup": str(made.folder), "at": manifest.at, "rows": sum(manifest.rows.values()), "documents": manifest.documents,
                "copied": made.copied, "read_again": made.read_again, "mended": made.mended, "removed": made.removed,
                "secrets": SECRETS in manifest.parts, "seconds": seconds,
            }
        )  # fmt: skip
        return
    print(f"{made.folder}")
    note(
        f"{sum(manifest.rows.values())} rows, {manifest.documents} documents ({made.copied} new, {made.read_again} read again), "
        f"in {seconds} s."
        + (
            f" {made.mended} copies had changed on their disk and were brought again: look at it."
            if made.mended
            else ""
        )
        + (f" Removed: {', '.join(made.removed)}." if made.removed else "")
        + ("" if SECRETS in manifest.parts else " Without the keys: nobody restores it without secrets.json.")
    )


@contextlib.contextmanager
def _whether_closed(found: Settings) -> Iterator[bool]:
    """Whether no office is open on this data folder; then none opens inside the block either."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(only_one(found, doing="A backup is being made"))
        except SystemExit:
            yield False
            return
        yield found.embedded


@app.command("backup-check")
def backup_check(source: Source, *, as_json: AsJson = False) -> None:
    """Read a backup and compare every part and every document with its hash, without restoring anything.

    Exit status: 0 it is whole, 1 it is not.

    Example: aioffice backup-check /mnt/backups/office
    """
    with _or_fail("The backup cannot be read"):
        folder = folders.find(source)
        manifest, findings = checking.check(folder)
    if as_json:
        print_json({"backup": str(folder), "at": manifest.at, "whole": not findings, "findings": findings})
    if findings:
        stop(Exit.FAILED, *findings, f"{counted(len(findings), 'finding')}: {folder} is not whole.")
    if not as_json:
        print(f"{folder} is whole: {len(manifest.parts)} parts and {manifest.documents} documents fit their hashes.")


@app.command()
def restore(
    source: Source,
    *,
    witnessed: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="A checkpoint kept outside, or a witness's state file."
        ),
    ] = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Go on though entries that were witnessed are missing.")
    ] = False,
    skip_numbers: Annotated[
        int,
        typer.Option(
            min=0,
            max=1_000_000,
            help="Leave so many numbers of every series out: more than were given out after the backup, so that none is given twice.",
        ),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty data folder (and an empty database), and check all of it.

    Give the newest checkpoint that anybody outside has of the public log: only that shows whether the backup is older than what was seen.
    Numbers that were given out after the backup are given out again, unless --skip-numbers leaves them out.
    Exit status: 0 all is there and fits, 1 it is not, 7 entries that were witnessed are missing: the logs are held.

    Example: AIOFFICE_DATA_DIR=/srv/office aioffice restore /mnt/backups/office --witnessed cosigned
    """
    found = checked_settings()
    quiet()
    with _or_fail("Not restored"), only_one(found, doing="A backup is being restored"):
        folder = folders.find(source)
        result = restore_into(
            found,
            folder,
            [path.read_bytes() for path in witnessed or ()],
            accept_loss=accept_loss,
            skip_numbers=skip_numbers,
            at=datetime.now(UTC),
        )
    if as_json:
        print_json(result.data() | {"data_dir": str(found.data_dir)})
    if result.findings:
        stop(
            Exit.FAILED,
            *result.findings,
            f"{counted(len(result.findings), 'finding')}: no office opens on {found.data_dir}.",
        )
    if not as_json:
        _tell(result, accepted=accept_loss)
        if not result.held:
            print(f"The office is restored in {found.data_dir}: open it with `aioffice up`.")
    if result.held:
        stop(
            Exit.REFUSED,
            *result.held.values(),
            f"The office is restored in {found.data_dir} all the same. It opens and can be read; nothing is added to these logs. If "
            "nothing newer can be found, restore into an empty folder again with --accept-loss, and tell whoever witnessed the log.",
        )


def _tell(result: Restored, *, accepted: bool) -> None:
    data = result.data()
    print(f"Backup of {result.manifest.at.isoformat()}, version {result.manifest.version}:")
    print(f"  {data['rows']} rows in {data['tables']} tables, as the manifest counts them")
    print(f"  {result.documents} documents, each with the hash it was filed with")
    for log, one in result.logs.items():
        waiting = f", {one.waiting} of which the log does not speak yet" if one.waiting else ""
        held = f" and {one.documents} public documents{waiting}" if log == "public" else ""
        print(f"  {log} log: {one.entries} entries{held}: all fits")
    if result.migrated:
        print(f"  {result.migrated} migrations brought the tables up to this version")
    if result.witnessed and not result.lost:
        print("  the logs have only grown from what was witnessed")
    if not result.witnessed:
        note(
            "Nothing was held against a checkpoint from outside (--witnessed): nobody can say whether this is the newest state."
        )
    for loss in result.lost if accepted else ():
        lost = "1 entry" if loss.missing == 1 else f"{loss.missing} entries"
        note(f"Accepted: {lost} of the {loss.log} log {'is' if loss.missing == 1 else 'are'} lost.")
    if result.skipped:
        print(f"  the next {result.skipped} numbers of every series are left out")
    elif result.lost:
        note(
            "Numbers that were given out after this backup will be given to other filings, and that is hard to mend. Before anything is "
            "filed, restore into an empty folder again with --skip-numbers and more than were filed since."
        )
    elif not result.witnessed:
        note(
            "If something was filed after this backup, its numbers will be given out again: --skip-numbers leaves some out."
        )


@app.command("rehearse-restore")
def rehearse_restore(
    source: Source,
    *,
    witnessed: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="As for restore."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Restore the newest backup into a temporary folder with a server of its own, check all of it, and throw it away.

    Nothing of the office is touched. Exit status: that of `aioffice restore`.

    Example: aioffice rehearse-restore /mnt/backups/office
    """
    found = checked_settings()
    with _or_fail("Not rehearsed"), tempfile.TemporaryDirectory(prefix="aioffice-rehearsal-") as place:
        folder = folders.find(source)
        data = Path(place) / "data"
        data.mkdir(mode=0o700)
        own = found.data_dir / SECRETS
        if not (folder / SECRETS).exists() and own.exists():
            durable.write(data / SECRETS, own.read_bytes())
        words = [word for path in witnessed or () for word in ("--witnessed", str(path.resolve()))]
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "aioffice.doors.cli", "restore", str(folder.resolve()), "--json", *words],
            env=_elsewhere(data), stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    said = json.loads(done.stdout) if done.stdout.strip() else {}
    if as_json and said:
        print_json({name: value for name, value in said.items() if name != "data_dir"} | {"rehearsed": str(folder)})
    if done.returncode:
        stop(Exit(done.returncode), f"{folder} does not pass: see above.")
    if not as_json:
        print(
            f"{folder} was restored and checked in {said['seconds']} s: {said['rows']} rows, {said['documents']} documents, "
            f"{said['logs']['public']['entries']} entries of the public log, {said['logs']['internal']['entries']} of the internal one."
        )
        note("The copy was thrown away.")


def _elsewhere(data: Path) -> dict[str, str]:
    """The environment of a rehearsal: an embedded server in a folder of its own, whatever the office itself uses."""
    taken = {"DATABASE_URL", "AIOFFICE_OWNER_URL", "AIOFFICE_OFFICE_URL", "AIOFFICE_SITE_URL", "AIOFFICE_DATA_DIR"}
    kept = {name: value for name, value in os.environ.items() if name not in taken}
    return kept | {"AIOFFICE_DATA_DIR": str(data), "AIOFFICE_DEMO": "false"}


@contextlib.contextmanager
def _or_fail(what: str) -> Iterator[None]:
    try:
        yield
    except (BackupError, SealError, LedgerError, OSError, psycopg.Error) as error:
        stop(Exit.FAILED, f"{what}: {error}")
