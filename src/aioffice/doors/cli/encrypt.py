"""`aioffice encrypt-documents` seals what lies in the clear."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, Exit, print_json, quiet, stop

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
