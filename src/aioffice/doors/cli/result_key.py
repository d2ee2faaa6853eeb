"""`aioffice result-key`: keys that sign results of classifications, an organisation's own and this office's."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aioffice.doors.cli._printing import Exit, note, stop

if TYPE_CHECKING:
    from aioffice.kernel.results.keys import CheckingKey

app = typer.Typer(
    name="result-key", help="Keys that sign results of classifications.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def make(
    file: Annotated[Path, typer.Argument(metavar="KEYFILE", help="Where the new key goes; it must not be there yet.")],
) -> None:
    """Make a key of your own to sign results with, and print its public half: give that to whoever shall check them.

    Exit status: 0 done, 1 the file cannot be written.

    Example: aioffice result-key make our-key.json > our-public-keys.json
    """
    from aioffice.kernel.results.keys import make as new

    key = new()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(key.secret + "\n")
    except FileExistsError:
        stop(Exit.FAILED, f"{file} is there already: a key is never written over. Choose another name.")
    except OSError as error:
        stop(Exit.FAILED, f"{file} cannot be written: {error.strerror}.")
    note(f"The key {key.checking.id} is in {file}, readable by you alone. What follows is its public half.")
    _print([key.checking])


@app.command()
def show(
    file: Annotated[
        Path | None, typer.Argument(metavar="[KEYFILE]", help="A key file; this office's keys if left out.")
    ] = None,
) -> None:
    """Print the public keys that results are checked with, the one that signs now first, as a JSON Web Key Set.

    Exit status: 0 done, 1 there is no office here, 6 the file holds no key.

    Example: aioffice result-key show our-key.json
    """
    if file is not None:
        from aioffice.doors.cli._results import key_in

        _print([key_in(file).checking])
        return
    from aioffice.kernel.results.signing import NoKey, checking_keys

    try:
        _print(checking_keys())
    except NoKey as error:
        stop(Exit.FAILED, str(error))


@app.command()
def change() -> None:
    """Make a new key for this office. The public half of the old one stays published, so that its results can still be checked.

    Exit status: 0 done, 1 there is no office here, or its key is set in the environment.

    Example: aioffice result-key change
    """
    from aioffice.kernel.results.signing import KeptElsewhere, NoKey, change_key, checking_keys

    try:
        new = change_key()
    except (NoKey, KeptElsewhere) as error:
        stop(Exit.FAILED, str(error))
    note(f"Results are signed with the key {new.id} from now on. Back secrets.json up again.")
    _print(checking_keys())


def _print(keys: list[CheckingKey]) -> None:
    from aioffice.kernel.results.keys import key_set

    print(json.dumps(key_set(keys), indent=2))
