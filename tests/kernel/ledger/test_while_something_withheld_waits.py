"""Between the withholding of a value and its entry in the log: the log is checked but for that, and a static copy stays whole."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from django.utils import timezone
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.kernel.ledger import site, standalone
from aioffice.kernel.ledger.errors import LedgerError
from aioffice.kernel.ledger.exporting import export_log
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import acting_for, organisation
from tests.support.sequencing import sequence_all, settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server_stays")]


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


@pytest.fixture
def withhold(provider: Actor, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Two entries stand in the log; withhold a value of the first, and let no sequencer come by."""
    monkeypatch.setattr(standalone, "PAUSE", 0.01)
    now = timezone.now()
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=now).case
    perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name="Another"), at=now)
    settle(now)
    office = acting_for(organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU"))
    data = {"field": "provider.contact", "ground": "personal_data", "reason": "A private number"}

    def work() -> None:
        perform(RegisterExempt.withhold, case.pk, actor=office, data=data, at=timezone.now())
        deliver_pending(at=timezone.now())

    return work


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["ledger", *map(str, words)])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_the_office_checks_its_log_but_for_what_waits(withhold: Callable[[], None]) -> None:
    before = json.loads(run("verify", "--json").stdout)
    withhold()
    checked = run("verify", "--json")
    assert checked.exit_code == 0, checked.output
    said = json.loads(checked.stdout)
    assert said["findings"] == []
    waiting = before["documents"] - said["documents"]
    assert 0 < waiting < before["documents"]
    assert f"not held against the log, since statements on them wait for their place in it: {waiting}" in said["notes"]
    sequence_all(timezone.now())
    after = json.loads(run("verify", "--json").stdout)
    assert (after["findings"], after["documents"]) == ([], before["documents"])
    assert not any("wait for their place" in one for one in after["notes"])


def test_what_was_altered_is_found_meanwhile_too(withhold: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    from aioffice.kernel.ledger import standing

    real = standing.shown_now

    def altered(subjects: Any) -> dict[str, Any]:
        return {key: document | {"number": "another"} for key, document in real(subjects).items()}

    withhold()
    monkeypatch.setattr(standing, "shown_now", altered)
    checked = run("verify", "--json")
    assert checked.exit_code == 1
    assert any("number" in one for one in json.loads(checked.stdout)["findings"])


def test_a_static_copy_stays_as_it_is_until_the_new_one_is_whole(withhold: Callable[[], None], tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    assert run("export", folder).exit_code == 0
    before = contents(folder)
    assert before["publications"]
    withhold()
    refused = run("export", folder)
    assert refused.exit_code == 1
    assert "what was in" in refused.stderr
    assert "withheld" in refused.stderr
    assert isinstance(refused.exception, SystemExit)
    assert contents(folder) == before
    key = site.log_key()
    assert standalone.verify(standalone.Directory(folder), [standalone.Key.parse(str(key))]).findings == []
    sequence_all(timezone.now())
    assert run("export", folder).exit_code == 0
    assert contents(folder)["checkpoint"] != before["checkpoint"]


def test_an_export_waits_a_moment_for_the_sequencer(
    withhold: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withhold()
    monkeypatch.setattr("time.sleep", lambda _seconds: sequence_all(timezone.now()))
    assert run("export", tmp_path / "copy").exit_code == 0


def test_publications_and_checkpoint_are_replaced_in_one_moment(
    withhold: Callable[[], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader who comes while the lines are written finds the old copy whole; a tile that has not changed is not written again."""
    export_log(SITE.fetch, site.publications, tmp_path)
    before = contents(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("tile/**/*") if path.is_file()}
    withhold()
    sequence_all(timezone.now())
    seen = []

    def lines() -> Any:
        for line in site.publications():
            seen.append({name: data for name, data in contents(tmp_path).items() if name in before})
            yield line

    export_log(SITE.fetch, lines, tmp_path)
    assert seen
    assert all(one == before for one in seen)
    assert {path: path.stat().st_mtime_ns for path in times} == times
    others = stat.S_IMODE((tmp_path / "checkpoint").stat().st_mode) & 0o444
    umask_lets = stat.S_IMODE((tmp_path / "publications").stat().st_mode) & 0o444
    assert others == umask_lets != 0o400, "a server of static files may read it"


def test_that_it_cannot_be_told_is_an_error_of_the_ledger() -> None:
    assert issubclass(site.TooOld, LedgerError)
    assert "withheld" in str(site.TooOld())
