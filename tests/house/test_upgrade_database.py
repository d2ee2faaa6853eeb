"""Files of another major version are refused in so many words, and loaded into new ones from a backup or by the old server."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aioffice.kernel.postgres import Cluster, ClusterError, files
from tests.house.test_backup_and_restore import command
from tests.house.test_crashes import House, finish, write_source
from tests.support import database

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A closed office in which something is registered; its logs have entries."""
    run = database.new_run()
    database.start(run)
    database.fresh("aioffice", run)
    made = House(run)
    made.do("-m", "tests.support.seeding")
    finish(made, *write_source(tmp_path, 900))
    Cluster(made.data, durable=False).stop()
    yield made
    database.remove(run)


def pretend(house: House, version: str) -> None:
    """Let the files be those of another version, by what they say of themselves."""
    (house.data / "postgres" / "PG_VERSION").write_text(f"{version}\n")


def cases(house: House) -> object:
    return house.ask("select count(*) from office.procedures_case")


def test_other_files_are_refused_and_nothing_changes(house: House) -> None:
    ours = files.major_version(files.binary("postgres"))
    pretend(house, "17")
    with pytest.raises(ClusterError, match=rf"made by PostgreSQL 17; this office comes with PostgreSQL {ours}"):
        Cluster(house.data).start()
    for words in (["up"], ["ledger", "verify"], ["backup", str(house.run / "backups")]):
        done = command(house.data, *words, PORT=str(20_000 + os.getpid() % 9_000))
        assert done.returncode == 1, words
        assert "aioffice upgrade-database --from-backup TARGET" in done.stderr, words
    assert not (house.data / "postgres" / "postmaster.pid").exists()


def test_a_backup_of_the_closed_office_is_loaded_and_the_old_files_stay(house: House) -> None:
    before, target = cases(house), house.run / "backups"
    Cluster(house.data, durable=False).stop()
    done = command(house.data, "backup", str(target))
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in command(house.data, "upgrade-database", "--from-backup", str(target)).stderr
    pretend(house, "17")
    control = house.data / "postgres" / "global" / "pg_control"
    stood = control.stat().st_mtime
    os.utime(control, (stood, time.time() + 3600))
    used = command(house.data, "upgrade-database", "--from-backup", str(target))
    assert used.returncode == 7
    assert "what was filed since then would be lost" in used.stderr
    assert Cluster(house.data).version() == "17"
    os.utime(control, (stood, stood))
    done = command(house.data, "upgrade-database", "--from-backup", str(target), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["from"], said["to"]) == ("17", Cluster(house.data).version())
    assert said["logs"].keys() == {"public", "internal"}
    assert (Path(said["kept"]) / "PG_VERSION").read_text() == "17\n"
    assert cases(house) == before
    assert not (house.data / "postgres-new").exists()


def test_the_old_server_is_dumped_with_its_own_programs(house: House, tmp_path: Path) -> None:
    before = cases(house)
    Cluster(house.data, durable=False).stop()
    pretend(house, "17")
    wrong = command(house.data, "upgrade-database", "--old-binaries", str(tmp_path))
    assert "has no `postgres` of version 17" in wrong.stderr
    done = command(house.data, "upgrade-database", "--old-binaries", str(old_programs(tmp_path, house)), "--json")
    assert done.returncode == 0, done.stderr
    assert cases(house) == before
    assert sorted(path.name for path in house.data.glob("postgres*")) == ["postgres", "postgres-17"]


def old_programs(folder: Path, house: House) -> Path:
    """Programs that pass for those of version 17, and read such files: the real ones, told otherwise."""
    place = folder / "bin"
    place.mkdir()
    version = house.data / "postgres" / "PG_VERSION"
    ours = files.major_version(files.binary("postgres"))
    (place / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 17.4'\n")
    (place / "pg_ctl").write_text(
        f'#!/bin/sh\n[ "$1" = start ] && echo {ours} > {version}\n{files.binary("pg_ctl")} "$@"\nstatus=$?\n'
        f'[ "$1" = stop ] && echo 17 > {version}\nexit $status\n'
    )
    for program in place.iterdir():
        program.chmod(0o755)
    return place
