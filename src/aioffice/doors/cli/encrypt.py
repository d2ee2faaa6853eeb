"""`aioffice encrypt-documents` seals what lies in the clear; `rotate-document-key` gives what is sealed to another key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, Exit, note, print_json, quiet, stop

app = typer.Typer()


@app.command("encrypt-documents")
def encrypt_documents(*, as_json: AsJson = False) -> None:
    """Seal every uploaded file that still lies in the clear, while the office works. Files that come in are sealed anyway.

    Exit status: 0 all are sealed, 1 they are not (the command may be run again), 2 sealing is not turned on.

    Example: AIOFFICE_ENCRYPT_DOCUMENTS=true aioffice encrypt-documents
    """
    with office() as found:
        from aioffice.kernel.documents.sealing import SealError
        from aioffice.kernel.documents.service import seal_all
        from aioffice.kernel.documents.storage import SealedStorage, storage

        quiet()
        if not found.encrypt_documents:
            stop(
                Exit.MISREAD,
                "Set AIOFFICE_ENCRYPT_DOCUMENTS=true first, for the office too: what comes in is sealed then.",
            )
        try:
            store = storage()
            assert isinstance(store, SealedStorage), "sealing is turned on"
            store.check_keys()
            done = seal_all(store, at=datetime.now(UTC))
        except (SealError, OSError) as error:
            stop(Exit.FAILED, str(error))
    if as_json:
        print_json({"sealed": done})
    else:
        print(f"{done} files were sealed; none lies in the clear.")


@app.command("rotate-document-key")
def rotate_document_key(
    *,
    finish: Annotated[
        bool,
        typer.Option("--finish", help="Make no new key: bring what is left to the present one, and forget the old."),
    ] = False,
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once",
            help="Finish within the hour: you know that no upload is under way, as when the office is closed.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Seal with a new key from here on, and let it open all that is sealed, while the office works.

    Only the wrapping of each file's own key changes. Where the key is given as AIOFFICE_DOCUMENT_KEY, set the new one there first and the
    old one as AIOFFICE_DOCUMENT_OLD_KEYS. The old key stays until `--finish`, an hour later, when no upload that began under it can be
    under way; sooner it is refused, unless with --at-once. Make a backup after each. Exit status: 0 done, 1 it is not (the command may be
    run again with --finish), 2 the command was misread, 7 it is too soon.

    Example: aioffice rotate-document-key && sleep 3600 && aioffice rotate-document-key --finish
    """
    with office() as found:
        from aioffice.kernel.documents.sealing import SealError, key_id
        from aioffice.kernel.documents.service import rewrap_all
        from aioffice.kernel.documents.storage import (
            SealedStorage,
            change_key,
            folder,
            forget_old_keys,
            keyring,
            note_change,
            old_key_needed_until,
        )

        quiet()
        at = datetime.now(UTC)
        until = old_key_needed_until()
        if finish and not at_once and until and at < until:
            stop(
                Exit.REFUSED,
                f"Too soon: an upload that began under the old key may be under way until {until.astimezone():%H:%M}, and what it seals "
                "would be lost with that key. Run this again then; or add --at-once if there can be none, as when the office is closed.",
            )
        if at_once and not finish:
            stop(Exit.MISREAD, "--at-once goes with --finish: a new key begins at once anyway.")
        try:
            if not finish:
                note_change(at)
            made = not finish and change_key()
            keys = keyring()
            if keys is None:
                stop(Exit.FAILED, "There is no key yet: start the office once, or set AIOFFICE_DOCUMENT_KEY.")
            store = SealedStorage(folder(), keys, sealing=found.encrypt_documents)
            done = rewrap_all(store, at=at)
            if finish:
                store.forget_other_keys()
                forget_old_keys()
        except (SealError, OSError) as error:
            stop(Exit.FAILED, str(error))
    now = key_id(keys.keys[0]).hex()
    if as_json:
        print_json({"key": now, "new": made, "rewrapped": done, "finished": finish})
        return
    print(f"{done} files were brought to the key {now}.")
    if finish:
        note(
            "Nothing is sealed with another key."
            + (" Unset AIOFFICE_DOCUMENT_OLD_KEYS." if found.document_old_keys else "")
        )
        note("Make a backup now. Backups made before need the old key, which is in them or where you keep keys.")
    else:
        note(
            "The old key still opens what an upload under way may seal with it: run this again with --finish in an hour."
        )
        note("Make a backup now: the new key is in no backup yet, and without it nobody opens what is sealed with it.")
