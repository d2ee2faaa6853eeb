"""One embedded PostgreSQL server: its files, its start and its end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aioffice.kernel import secrets
from aioffice.kernel.postgres import files
from aioffice.kernel.postgres.account import Account, account

SUPERUSER = "aio_super"
START_SECONDS = 120
"""Recovery after a crash replays the log since the last checkpoint; that can take a while on a slow disk."""

LEAVING_SECONDS = 20
"""How long the workers of a server whose head was killed may take to leave."""

NOBODY = 99_999_999
"""A process number beyond what any system gives out."""


class ClusterError(Exception):
    """The server could not be made, started or stopped; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What postmaster.pid says about a server."""

    pid: int
    sockets: Path
    ready: bool


class Cluster:
    """A PostgreSQL server under `data_dir`: files in `postgres/`, socket in `run/`.

    Args:
        data_dir: the office's data folder.
        durable: a commit survives a power cut. Only tests turn that off.
        folder: name of the folder of the server's files; another one while an upgrade is made.
        programs: folder of the programs of another version of PostgreSQL, for files that it made.
    """

    def __init__(
        self, data_dir: Path, *, durable: bool = True, folder: str = "postgres", programs: Path | None = None
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.files = self.data_dir / folder
        self.programs = programs
        self.sockets = files.socket_folder(self.data_dir)
        self.durable = durable
        self._account: Account | None = None

    @property
    def account(self) -> Account:
        """The operating system account that runs the server."""
        if self._account is None:
            try:
                self._account = account()
            except (PermissionError, subprocess.CalledProcessError) as error:
                raise ClusterError(str(error)) from error
        return self._account

    def conninfo(self, database: str = "postgres", user: str = SUPERUSER) -> dict[str, Any]:
        """Keyword arguments for `psycopg.connect`, as superuser or one of the office's roles."""
        known = secrets.ensure(self.data_dir)
        password = known["superuser" if user == SUPERUSER else user]
        return {"host": str(self.sockets), "port": files.PORT, "dbname": database, "user": user, "password": password}

    def postmaster(self) -> Postmaster | None:
        """The server that runs on these files now, or None (a file left by a dead server counts as none)."""
        try:
            lines = (self.files / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        if not lines or not lines[0].strip().isdigit() or not _is_postgres(pid := int(lines[0])):
            return None
        sockets = Path(lines[4]) if len(lines) > 4 and lines[4] else self.sockets
        return Postmaster(pid, sockets, ready=len(lines) > 7 and lines[7].strip() == "ready")

    def version(self) -> str | None:
        """The major version of PostgreSQL that made the files; None when there are none."""
        try:
            return (self.files / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def start(self) -> None:
        """Make the files if there are none and start the server; does nothing when it already runs.

        Raises:
            ClusterError: it did not come up; the message ends with the last lines of its log.
        """
        self._prepare()
        running = self.postmaster()
        if running is not None:
            self._await(running)
            return
        self._forget_dead_server()
        self._write("postgresql.conf", files.configuration(self.sockets, durable=self.durable))
        self._write("pg_hba.conf", files.HBA)
        log = self.files / "start.log"
        patience = time.monotonic() + LEAVING_SECONDS
        while True:
            self._write("start.log", "")
            try:
                self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", log, "-D", self.files, log=log)
            except ClusterError as error:
                # The head was killed and its workers have not noticed yet; they leave by themselves.
                if "shared memory block" not in str(error) or time.monotonic() > patience:
                    raise
                time.sleep(0.1)
            else:
                return

    def _forget_dead_server(self) -> None:
        """After a crash, make the lock files name nobody, since their number may belong to a stranger (or a zombie) by now.

        The file itself stays: by the shared memory it names, PostgreSQL makes sure that no worker of the dead server still writes.
        """
        left = self.files / "postmaster.pid"
        if left.exists():
            _, _, rest = left.read_text(encoding="utf-8").partition("\n")
            self._write("postmaster.pid", f"{NOBODY}\n{rest}")
        for name in (f".s.PGSQL.{files.PORT}", f".s.PGSQL.{files.PORT}.lock"):
            (self.sockets / name).unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back. Does nothing when it does not run."""
        running = self.postmaster()
        if running is None:
            return
        try:
            self._run("pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", self.files)
        except ClusterError:
            # It ended by itself between the look and the call, or it hangs: either way it must be gone when we return.
            with contextlib.suppress(ProcessLookupError):
                os.kill(running.pid, signal.SIGQUIT)
            end = time.monotonic() + 10
            while self.postmaster() is not None:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _prepare(self) -> None:
        password = secrets.ensure(self.data_dir)["superuser"]
        for folder in (self.files, self.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.account.uid}:
                raise ClusterError(f"{folder} belongs to someone else: remove it or choose another AIOFFICE_DATA_DIR.")
            folder.chmod(0o700)
            self.account.own(folder)
        made_by = self.version()
        if made_by is not None:
            self._refuse_other_version(made_by)
            return
        for (
            rest
        ) in self.files.iterdir():  # a first start that was interrupted; without PG_VERSION nothing of value is here
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        with tempfile.NamedTemporaryFile("w", dir=self.sockets) as secret:
            secret.write(password)
            secret.flush()
            self.account.own(Path(secret.name))
            extra = () if self.durable else ("--no-sync", "--wal-segsize=4")
            self._run(
                "initdb", "--pgdata", self.files, f"--username={SUPERUSER}", f"--pwfile={secret.name}", "--auth=scram-sha-256",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", *extra,
            )  # fmt: skip

    def _refuse_other_version(self, made_by: str) -> None:
        ours = files.major_version(self._program("postgres"))
        if made_by != ours:
            raise ClusterError(
                f"The database in {self.files} was made by PostgreSQL {made_by}; this office comes with PostgreSQL {ours}, which cannot "
                f"open it. Nothing was changed. Run `aioffice upgrade-database --from-backup TARGET` with a backup that was made before, "
                f"or `aioffice upgrade-database --old-binaries DIR` with the folder of the programs of PostgreSQL {made_by}."
            )

    def _program(self, name: str) -> Path:
        return self.programs / name if self.programs else files.binary(name)

    def _write(self, name: str, text: str) -> None:
        path = self.files / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        self.account.own(path)

    def _await(self, running: Postmaster) -> None:
        if running.sockets != self.sockets:
            raise ClusterError(
                f"A database already runs on {self.files} with its socket in {running.sockets}: stop it first."
            )
        end = time.monotonic() + START_SECONDS
        while (now := self.postmaster()) is not None and time.monotonic() < end:
            if now.ready:
                return
            time.sleep(0.05)
        raise ClusterError(f"The database on {self.files} did not become ready within {START_SECONDS} seconds.")

    def _run(self, program: str, *args: str | Path, log: Path | None = None) -> None:
        path = self._program(program)
        try:
            line = self.account.command(
                path, *args, reaching=(path, path.parents[1] / "share", self.files, self.sockets)
            )
        except PermissionError as error:
            raise ClusterError(str(error)) from error
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LD_"))}
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603
                line, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, cwd="/", env=clean | {"LC_ALL": "C"}, check=False,
            )  # fmt: skip
            if done.returncode == 0:
                return
            said.seek(0)
            tail = said.read().strip().splitlines()[-5:]
        for source in (log, *sorted((self.files / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)[-1:]):
            if source is not None and source.exists():
                tail += source.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
        raise ClusterError(f"PostgreSQL's {program} failed: " + "\n".join(tail))


def _is_postgres(pid: int) -> bool:
    """Whether a live process with this number is a PostgreSQL server."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        text = status.read_text(encoding="utf-8")
        return text.startswith("Name:\tpostgres\n") and "\nState:\tZ" not in text
    told = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    return "postgres" in told.stdout
