"""Which operating system account runs the server.

PostgreSQL refuses to run as root. Started by root (a container, a test machine), the server is given to an account without any
rights: `postgres` where the system has one, else `aioffice`, made on first use.

Root's folders are often closed to others, and we do not loosen them. Where a folder on the way is closed, the server gets the one
capability that lets it pass closed folders, and nothing else of root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMES = ("postgres", "aioffice")


@dataclass(frozen=True, slots=True)
class Account:
    """The account that owns the server's files and processes; ids are None when that is simply us."""

    uid: int | None = None
    gid: int | None = None

    def own(self, path: Path) -> None:
        """Give a file or folder to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def command(self, *args: str | Path, reaching: tuple[Path, ...]) -> list[str]:
        """The command line that runs `args` as this account.

        Args:
            reaching: folders and binaries the command must be able to enter, read or run.

        Raises:
            PermissionError: a folder is closed to the account and `setpriv` is not there to open the way.
        """
        line = [os.fspath(arg) for arg in args]
        if self.uid is None:
            return line
        setpriv = shutil.which("setpriv")
        closed = next((folder for path in reaching if (folder := _closed(path, self.uid))), None)
        if setpriv is None:
            if closed:
                raise PermissionError(
                    f"PostgreSQL cannot run as root, and {closed} is closed to others: run as an ordinary user."
                )
            raise PermissionError(
                "PostgreSQL cannot run as root, and `setpriv` is missing: install util-linux or run as an ordinary user."
            )
        drop = [setpriv, f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if closed:
            # no_setuid_fixup: PostgreSQL's programs look for each other with access(2), which otherwise asks without capabilities
            drop += ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        return [*drop, "--", *line]


def _closed(path: Path, uid: int) -> Path | None:
    """The first folder (or the file itself) on the way to `path` that the account could not pass by its permission bits."""
    for step in [*reversed(path.resolve().parents), path]:
        if not step.exists():
            return None
        info = step.stat()
        needed = 0o500 if info.st_uid == uid else 0o005 if step == path else 0o001
        if info.st_mode & needed != needed:
            return step
    return None


def account() -> Account:
    """The account for this process: ourselves, or for root an account without rights."""
    if os.geteuid() != 0:
        return Account()
    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    if not Path(useradd).exists():
        raise PermissionError(
            "PostgreSQL cannot run as root: run as an ordinary user, or add a system account named `aioffice`."
        )
    subprocess.run([useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAMES[-1]], check=True)  # noqa: S603
    entry = pwd.getpwnam(NAMES[-1])
    return Account(entry.pw_uid, entry.pw_gid)
