"""The embedded server: it starts on nothing, survives a crash, lets nobody in without a password and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from aioffice.kernel.postgres import Cluster, ClusterError, files, running


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "data", durable=False)
    yield made
    made.stop()


def _gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "\nState:\tZ" in status.read_text()


def test_first_start_makes_a_server_that_answers_and_stop_ends_it(cluster: Cluster) -> None:
    cluster.start()
    postmaster = cluster.postmaster()
    assert postmaster is not None
    assert postmaster.ready
    with psycopg.connect(**cluster.conninfo()) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
    cluster.stop()
    assert cluster.postmaster() is None
    assert _gone(postmaster.pid)


def test_starting_twice_and_stopping_twice_is_harmless(cluster: Cluster) -> None:
    cluster.start()
    first = cluster.postmaster()
    cluster.start()
    assert cluster.postmaster() == first
    cluster.stop()
    cluster.stop()


def test_every_way_in_asks_for_the_password(cluster: Cluster) -> None:
    cluster.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**cluster.conninfo() | {"password": "guess"})
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(**{name: value for name, value in cluster.conninfo().items() if name != "password"})


def test_files_are_closed_to_others(cluster: Cluster) -> None:
    cluster.start()
    for folder in (cluster.data_dir, cluster.files, cluster.sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.data_dir / "secrets.json").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_started_by_root_the_server_runs_without_roots_rights(cluster: Cluster) -> None:
    cluster.start()
    postmaster = cluster.postmaster()
    assert postmaster is not None
    assert Path(f"/proc/{postmaster.pid}").stat().st_uid != 0


def test_a_committed_row_survives_the_server_being_killed(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "data")
    cluster.start()
    try:
        with psycopg.connect(**cluster.conninfo(), autocommit=True) as connection:
            connection.execute("create table filing (number text)")
            connection.execute("insert into filing values ('EU-A-2026-000001')")
        postmaster = cluster.postmaster()
        assert postmaster is not None
        os.kill(postmaster.pid, signal.SIGKILL)
        while not _gone(postmaster.pid):
            time.sleep(0.01)
        cluster.start()
        with psycopg.connect(**cluster.conninfo()) as connection:
            assert connection.execute("select number from filing").fetchall() == [("EU-A-2026-000001",)]
    finally:
        cluster.stop()


def test_a_number_left_by_a_dead_server_that_now_belongs_to_a_stranger_does_not_stop_the_start(
    cluster: Cluster,
) -> None:
    cluster.start()
    left = (cluster.files / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    (cluster.files / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:]]))
    cluster.start()
    postmaster = cluster.postmaster()
    assert postmaster is not None
    assert postmaster.pid != os.getpid()


def test_a_first_start_that_was_interrupted_begins_again(cluster: Cluster) -> None:
    cluster.data_dir.mkdir(mode=0o700)
    (cluster.files / "base").mkdir(parents=True)
    (cluster.files / "global").touch()
    cluster.start()
    assert cluster.postmaster() is not None


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60) / "data"
    cluster = Cluster(deep, durable=False)
    assert not cluster.sockets.is_relative_to(deep)
    assert len(os.fsencode(cluster.sockets / f".s.PGSQL.{files.PORT}")) < files.SOCKET_PATH_LIMIT
    try:
        cluster.start()
        with psycopg.connect(**cluster.conninfo()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
    finally:
        cluster.stop()
        cluster.sockets.rmdir()


def test_a_socket_folder_of_someone_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = tmp_path / "trap"
    (tmp_path / "elsewhere").mkdir()
    trap.symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(files, "socket_folder", lambda _: trap)
    with pytest.raises(ClusterError, match="belongs to someone else"):
        Cluster(tmp_path / "data", durable=False).start()


def test_a_server_that_cannot_start_says_why(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "configuration", lambda *_, **__: "no_such_setting = 'on'\n")
    with pytest.raises(ClusterError, match="no_such_setting"):
        cluster.start()


def test_the_last_holder_out_stops_the_server(cluster: Cluster) -> None:
    with running(cluster):
        with running(Cluster(cluster.data_dir, durable=False)):
            assert cluster.postmaster() is not None
        assert cluster.postmaster() is not None
    assert cluster.postmaster() is None


def test_the_lock_of_a_killed_holder_does_not_keep_the_server_up(cluster: Cluster) -> None:
    child = os.fork()
    if child == 0:
        with running(cluster):
            time.sleep(60)
        os._exit(0)
    with running(cluster):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert cluster.postmaster() is None
