"""Files of another major version are refused in so many words, and loaded into new ones from a backup or by the old server."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from aioffice.kernel.postgres import Cluster, ClusterError, files
from tests.support.house import House, command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def pretend(closed_house: House, version: str) -> None:
    """Let the files be those of another version, by what they say of themselves."""
    (closed_house.data / "postgres" / "PG_VERSION").write_text(f"{version}\n")


def used(closed_house: House, query: str) -> None:
    """Start the server once more, within the same minute, for one query."""
    server = Cluster(closed_house.data, durable=False)
    server.start()
    closed_house.ask(query)
    server.stop()


def cases(closed_house: House) -> object:
    return closed_house.ask("select count(*) from office.procedures_case")


def test_other_files_are_refused_and_nothing_changes(closed_house: House) -> None:
    ours = files.major_version(files.binary("postgres"))
    pretend(closed_house, "17")
    with pytest.raises(ClusterError, match=rf"made by PostgreSQL 17; this office comes with PostgreSQL {ours}"):
        Cluster(closed_house.data).start()
    for words in (["up"], ["ledger", "verify"], ["backup", str(closed_house.run / "backups")]):
        done = command(closed_house.data, *words, PORT=str(20_000 + os.getpid() % 9_000))
        assert done.returncode == 1, words
        assert "aioffice upgrade-database --from-backup TARGET" in done.stderr, words
    assert not (closed_house.data / "postgres" / "postmaster.pid").exists()


def test_a_backup_of_the_closed_office_is_loaded_and_the_old_files_stay(closed_house: House) -> None:
    before, target = cases(closed_house), closed_house.run / "backups"
    Cluster(closed_house.data, durable=False).stop()
    done = command(closed_house.data, "backup", str(target))
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in command(closed_house.data, "upgrade-database", "--from-backup", str(target)).stderr
    used(closed_house, "select pg_current_xact_id()")
    pretend(closed_house, "17")
    refused = command(closed_house.data, "upgrade-database", "--from-backup", str(target))
    assert refused.returncode == 7
    assert "what was filed since then would be lost" in refused.stderr
    assert Cluster(closed_house.data).version() == "17"
    pretend(closed_house, files.major_version(files.binary("postgres")))
    assert command(closed_house.data, "backup", str(target)).returncode == 0
    # That it was looked at since does no harm.
    used(closed_house, "select count(*) from office.procedures_case")
    pretend(closed_house, "17")
    done = command(closed_house.data, "upgrade-database", "--from-backup", str(target), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["from"], said["to"]) == ("17", Cluster(closed_house.data).version())
    assert said["logs"].keys() == {"public", "internal"}
    assert (Path(said["kept"]) / "PG_VERSION").read_text() == "17\n"
    assert cases(closed_house) == before
    assert not (closed_house.data / "postgres-new").exists()


def test_the_old_server_is_dumped_with_its_own_programs(closed_house: House, tmp_path: Path) -> None:
    before = cases(closed_house)
    Cluster(closed_house.data, durable=False).stop()
    pretend(closed_house, "17")
    wrong = command(closed_house.data, "upgrade-database", "--old-binaries", str(tmp_path))
    assert "has no `postgres` of version 17" in wrong.stderr
    done = command(
        closed_house.data, "upgrade-database", "--old-binaries", str(old_programs(tmp_path, closed_house)), "--json"
    )
    assert done.returncode == 0, done.stderr
    assert cases(closed_house) == before
    assert sorted(path.name for path in closed_house.data.glob("postgres*")) == ["postgres", "postgres-17"]


def old_programs(folder: Path, closed_house: House) -> Path:
    """Programs that pass for those of version 17, and read such files: the real ones, told otherwise."""
    place = folder / "bin"
    place.mkdir()
    version = closed_house.data / "postgres" / "PG_VERSION"
    ours = files.major_version(files.binary("postgres"))
    (place / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 17.4'\n")
    (place / "pg_ctl").write_text(
        f'#!/bin/sh\n[ "$1" = start ] && echo {ours} > {version}\n{files.binary("pg_ctl")} "$@"\nstatus=$?\n'
        f'[ "$1" = stop ] && echo 17 > {version}\nexit $status\n'
    )
    for program in place.iterdir():
        program.chmod(0o755)
    return place
