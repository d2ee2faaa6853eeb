"""Keeping the server up as long as someone needs it."""

from __future__ import annotations

import contextlib
import fcntl
from typing import TYPE_CHECKING

from aioffice.kernel import secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aioffice.kernel.postgres.cluster import Cluster


@contextlib.contextmanager
def running(cluster: Cluster) -> Iterator[None]:
    """Start the server if need be, and stop it on leaving if nobody else holds it.

    Holders share a lock file, which the operating system releases even when a holder is killed: a server that outlives its holders is
    stopped by the next one that leaves.
    """
    folder = secrets.folder(cluster.data_dir)
    with (folder / ".postgres.start").open("w") as turn, (folder / ".postgres.held").open("w") as held:
        fcntl.flock(turn, fcntl.LOCK_EX)
        fcntl.flock(held, fcntl.LOCK_SH)
        try:
            cluster.start()
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(turn, fcntl.LOCK_EX)
            fcntl.flock(held, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()
