"""What a stopped server's files say is read as PostgreSQL's own program reads it; whatever is not known says nothing."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from aioffice.kernel.postgres import Cluster, files
from aioffice.kernel.postgres.control import Control, control

PLACE = Path("global") / "pg_control"


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    return Cluster(tmp_path_factory.mktemp("control") / "data", durable=False)


def next_by_postgres(cluster: Cluster) -> int:
    """What `pg_controldata` says, which reads files of its own version."""
    program = files.binary("pg_controldata")
    said = subprocess.run(
        [program, cluster.files], capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "C"}
    )
    found = re.search(r"NextXID: +(\d+):(\d+)", said.stdout)
    assert found is not None
    return (int(found[1]) << 32) + int(found[2])


def test_a_stopped_server_names_the_number_that_its_next_transaction_would_have(cluster: Cluster) -> None:
    cluster.start()
    try:
        running = control(cluster.files)
        assert running is not None
        assert not running.shut_down
        with psycopg.connect(**cluster.conninfo(), autocommit=True) as connection:
            row = connection.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
    finally:
        cluster.stop()
    assert row is not None
    assert control(cluster.files) == Control(shut_down=True, next_transaction=row[0])
    assert next_by_postgres(cluster) == row[0]


@pytest.mark.parametrize(
    "data", [None, b"", bytes(40), bytes(8192), bytes(8) + (1201).to_bytes(4, "little") + bytes(8180)]
)
def test_files_that_are_not_known_say_nothing(tmp_path: Path, data: bytes | None) -> None:
    (tmp_path / "global").mkdir()
    if data is not None:
        (tmp_path / PLACE).write_bytes(data)
    assert control(tmp_path) is None
