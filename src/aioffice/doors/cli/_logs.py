"""Where a log lies that a command is asked about: this office's own, an address, or a folder; and with which keys it is checked."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from urllib.parse import urlsplit

import typer

from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import Exit, note, stop

if TYPE_CHECKING:
    from aioffice.kernel.ledger import standalone
    from aioffice.kernel.ledger.keys import VerifierKey

Place = Annotated[
    str,
    typer.Argument(
        metavar="[URL|DIR]", help="Where the log lies, or the address of an office; this office's own log if left out."
    ),
]
Keys = Annotated[
    list[str] | None, typer.Option("--key", metavar="VKEY", help="The log's verifier key; may be repeated.")
]


def keys_given(texts: Sequence[str] | None, option: str = "--key") -> list[VerifierKey]:
    """The verifier keys that were written; one that is none ends the command."""
    from aioffice.kernel.ledger.errors import MalformedNote
    from aioffice.kernel.ledger.keys import VerifierKey

    try:
        return [VerifierKey.parse(text.strip()) for text in texts or ()]
    except MalformedNote as error:
        stop(Exit.MISREAD, f"{option}: {error}")


@dataclass
class Log:
    """A log to read: its source, its keys, who named them ("given", "office" or "log"), and how to read it as of one moment."""

    source: standalone.Source
    keys: list[VerifierKey]
    keys_from: str
    at_one_moment: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
    still: bool = False
    """Whether it holds still, as a folder does, so that reading it again tells nothing new."""
    check_standing: Callable[..., standalone.Report] | None = None
    """How to check what can be checked while something withheld waits for its place, as `standing.verify_standing`; None: not here."""

    def check(self, *, since: bytes | None, witnesses: Sequence[VerifierKey]) -> standalone.Report:
        """Check all of it, a second and third time if it grew meanwhile; says on the way how far it is."""
        from rich.console import Console

        from aioffice.kernel.ledger import standalone
        from aioffice.kernel.ledger.errors import LedgerError

        keys, seen_by = ([standalone.Key.parse(str(key)) for key in these] for these in (self.keys, witnesses))
        with Console(stderr=True).status("Reading the log ...") as status:
            watched = _Watched(self.source, status.update)
            for attempt in range(standalone.TRIES + 1):
                with self.at_one_moment():
                    try:
                        report = standalone.verify(watched, keys, since=since, witnesses=seen_by)
                    except LedgerError:
                        if self.check_standing is None:
                            raise
                        # Something withheld waits for its place, for ever where the log is held: all else is checked.
                        report = self.check_standing(self.keys, since=since, witnesses=witnesses)
                if not report.findings or self.still or attempt == standalone.TRIES:
                    break
                time.sleep(standalone.PAUSE)
        return report


class _Watched:
    """A source that tells how much was read of it."""

    def __init__(self, source: standalone.Source, say: Callable[[str], Any]) -> None:
        self._source, self._say, self._files = source, say, 0

    def get(self, path: str) -> bytes | None:
        self._files += 1
        self._say(f"Reading the log ... {self._files} files")
        return self._source.get(path)

    def lines(self, path: str) -> Iterator[bytes]:
        for count, line in enumerate(self._source.lines(path), 1):
            if count % 100 == 0:
                self._say(f"Checking what is public ... {count} documents")
            yield line


@contextlib.contextmanager
def log_at(place: str, keys: Sequence[str] | None) -> Iterator[Log]:
    """The log at a place, to be read inside the block. Its keys are those given, else this office's own, else those the log names."""
    given = keys_given(keys)
    if place:
        yield _elsewhere(place, given)
        return
    with office():
        from aioffice.kernel.ledger import site
        from aioffice.kernel.ledger.standing import verify_standing
        from aioffice.kernel.ledger.store import SITE
        from aioffice.kernel.ledger.verifying import Fetched

        source = Fetched(SITE.fetch, site.publications)
        keys_from = "given" if given else "office"
        yield Log(source, given or [own_key()], keys_from, site.at_one_moment, check_standing=verify_standing)


def own_key(log: str = "public") -> VerifierKey:
    """The verifier key with which a log of this office is signed now, inside `office()`."""
    from aioffice.kernel.ledger import site
    from aioffice.kernel.ledger.signing import NoKey, verifier_key

    try:
        found = site.log_keys(log)
        return found[0].key if found else verifier_key(log)
    except NoKey as error:
        stop(Exit.FAILED, str(error))


def source_at(place: str) -> standalone.Source:
    """An address or a folder as a source. Nothing there: the command ends."""
    from aioffice.kernel.ledger import standalone

    if urlsplit(place).scheme in ("http", "https"):
        return standalone.Website(place)
    if not Path(place).is_dir():
        stop(Exit.MISREAD, f"{place} is neither an address (https://…) nor a folder.")
    return standalone.Directory(place)


def _elsewhere(place: str, given: list[VerifierKey]) -> Log:
    source = source_at(place)
    still = urlsplit(place).scheme not in ("http", "https")
    return Log(source, given or [key_named_by(source, place)], "given" if given else "log", still=still)


def key_named_by(source: standalone.Source, place: str) -> VerifierKey:
    """The key that a log names itself as the one that signs now, with a word on what that is worth."""
    from aioffice.kernel.ledger.errors import MalformedNote
    from aioffice.kernel.ledger.periods import parse_periods

    try:
        key = next((one.key for one in parse_periods(fetching(source)("key") or b"")), None)
    except MalformedNote as error:
        stop(Exit.FAILED, f"{place}: {error}")
    if key is None:
        stop(Exit.MISREAD, f"{place} names no key: give --key, as you have it from the office itself.")
    note(f"No --key: taking the one that the log names, {key}. Whoever puts up a false log names a key of its own.")
    return key


def kept_before(path: Path, option: str = "--since") -> bytes:
    """The checkpoint in a file that was kept from before, as it was served or in the state of a witness; else the command ends."""
    from aioffice.kernel.ledger import standalone

    try:
        return standalone.kept_checkpoint(path.read_bytes())
    except (standalone.Unfit, OSError) as error:
        stop(Exit.MISREAD, f"{option} {path}: {error}.")


def fetching(source: standalone.Source) -> Callable[[str], bytes | None]:
    """Read from a source; where it cannot be read, the command ends."""
    from http.client import HTTPException

    from aioffice.kernel.ledger.standalone import Unfit

    def fetch(path: str) -> bytes | None:
        try:
            return source.get(path)
        except (OSError, HTTPException, Unfit) as error:
            unreadable(error)

    return fetch


def unreadable(error: Exception) -> NoReturn:
    """End the command: the log cannot be read."""
    stop(Exit.UNREADABLE, f"The log could not be read: {error}")
