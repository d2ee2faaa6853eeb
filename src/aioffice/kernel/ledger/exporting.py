"""A log as files in a folder, which any server of static files can carry, and any verifier can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from aioffice.kernel import durable
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.errors import MissingTile
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.reading import Fetch
from aioffice.kernel.ledger.tiles import changed_bundles, changed_tiles, entries_path, tile_path

PUBLIC = 0o666
"""These files are for everybody to read, as far as the process lets others."""


def export_log(
    fetch: Fetch,
    publications: Callable[[], Iterable[bytes]],
    folder: Path,
    step: Callable[[int], None] = lambda _: None,
) -> Checkpoint:
    """Write the log that `fetch` and `publications` give as of one moment; return the checkpoint it leads to.

    What lies in the folder already stays until all of it is there; then the publications take their place, and the checkpoint right after
    them: whoever reads the folder meanwhile, or after an export that failed, finds what fits. `step` is called with the number of files
    looked at so far. MissingTile if there is no log, or a part of it is not there; whatever `publications` raises; OSError.
    """
    note = fetch("checkpoint")
    if note is None:
        raise MissingTile("the log is empty: nothing has been published yet")
    checkpoint = Checkpoint.parse(parse_note(note).text)
    paths = [tile_path(*one) for one in changed_tiles(0, checkpoint.size)]
    paths += [entries_path(*one) for one in changed_bundles(0, checkpoint.size)]
    for count, path in enumerate(paths, 1):
        found = fetch(path)
        if found is None:
            raise MissingTile(f"{path} is not there")
        _write(folder / path, found)
        step(count)
    with (
        durable.replacing(folder / "checkpoint", mode=PUBLIC) as last,
        durable.replacing(folder / "publications", mode=PUBLIC) as first,
    ):
        first.writelines(publications())
        last.write(note)
    return checkpoint


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_bytes() != data:
        durable.replace(path, data, mode=PUBLIC)
