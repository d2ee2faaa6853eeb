"""`change_key`: the log records its new key and goes on with it; what was signed before holds, and so do the names of the kept keys."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.doors.proofs import step_receipt
from aioffice.kernel import secrets
from aioffice.kernel.db import acting
from aioffice.kernel.ledger import site, standalone
from aioffice.kernel.ledger.changing_keys import Changed, KeyToSet, UnfitKey, change_key, tidy
from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, VerifierKey, generate_key
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.receipts import step_evidence
from aioffice.kernel.ledger.sequencer import StaleRotation, anchor, rotate, sequence, state_keys
from aioffice.kernel.ledger.signing import INTERNAL, LOGS, PUBLIC, NoKey, verifier_key
from aioffice.kernel.ledger.store import SITE, STORES
from aioffice.kernel.ledger.verifying import verify_log
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.models import AuditEntry
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.performing import perform
from aioffice.kernel.settings import Settings, settings
from aioffice.register.procedure import RegisterExempt
from tests.support.filings import section_b
from tests.support.parties import NOW, acting_for, organisation
from tests.support.sequencing import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_secrets", "server_stays")]

OPERATOR = service("operator")
GRACE = timedelta(days=30)


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


def file(provider: Actor, name: str = "Essay Formatter", at: datetime = NOW) -> Any:
    case = perform(RegisterExempt.file, None, actor=provider, data=section_b(trade_name=name), at=at).case
    settle(at)
    return case


def change(log: str = PUBLIC, at: datetime = NOW, **how: Any) -> Changed:
    return change_key(log, actor=OPERATOR, at=at, **how)


def findings(*keys: VerifierKey) -> list[str]:
    return verify_log(SITE.fetch, site.publications, keys).findings


def signers() -> list[str]:
    note = SITE.newest()
    assert note is not None
    return [one.key_id.hex() for one in parse_note(note).signatures]


def ids(*keys: VerifierKey) -> list[str]:
    return [key.key_id.hex() for key in keys]


def receipt_of(case: Any, provider: Actor) -> dict[str, Any]:
    with acting(provider, NOW):
        record = StepRecord.objects.select_related("payload").get(case=case, sequence=1)
    evidence = step_evidence(record, reader=provider, at=NOW)
    assert evidence is not None
    return step_receipt(evidence)


def check_receipt(receipt: dict[str, Any], folder: Path, key: VerifierKey) -> int:
    path = folder / "receipt.json"
    path.write_text(json.dumps(receipt))
    said = CliRunner().invoke(app, ["ledger", "check-receipt", str(path), "--key", str(key)]).exit_code
    assert standalone.main([str(path), "--key", str(key)]) == said, "the verifier in one file comes to the same end"
    return said


def test_the_log_goes_on_with_the_new_key_and_verifies_with_either(provider: Actor) -> None:
    file(provider)
    first = verifier_key()
    changed = change()
    assert (changed.old, changed.new, changed.both_until) == (first, verifier_key(), NOW + GRACE)
    assert first != changed.new
    assert signers() == ids(changed.new, first)
    file(provider, "Another")
    assert signers() == ids(changed.new, first)
    file(provider, "A third", at=NOW + GRACE)
    assert signers() == ids(changed.new), "the grace has ended"
    assert findings(first) == []
    assert findings(changed.new) == []
    assert findings(generate_key(first.name).verifier) != []
    assert [(one.key, one.until) for one in site.log_keys()] == [(changed.new, None), (first, NOW)]
    with acting(OPERATOR, NOW):
        trail = AuditEntry.objects.get(action="ledger.rotate-key")
    assert trail.detail == {"old": str(first), "new": str(changed.new)}


def test_keys_change_again_and_again(provider: Actor) -> None:
    file(provider)
    known = [verifier_key()]
    known += [change(at=NOW + timedelta(days=day)).new for day in range(3)]
    assert len(set(known)) == 4
    assert signers() == ids(known[-1], known[-2])
    for key in known:
        assert findings(key) == []


def test_without_grace_the_old_key_is_gone(provider: Actor) -> None:
    file(provider)
    first = verifier_key()
    changed = change(grace=False)
    assert changed.both_until is None
    file(provider, "Another")
    assert signers() == ids(changed.new)
    assert findings(first) == []
    assert first not in [SigningKey.parse(text).verifier for text in keys_kept()]


def keys_kept(log: str = "ledger_key") -> list[str]:
    return [text for name, text in secrets.read(settings().data_dir).items() if name.startswith(log)]


def test_the_old_key_is_thrown_away_when_its_grace_has_ended(provider: Actor) -> None:
    file(provider)
    change()
    assert len(keys_kept()) == 2
    tidy(PUBLIC, at=NOW + GRACE - timedelta(seconds=1))
    assert len(keys_kept()) == 2
    tidy(PUBLIC, at=NOW + GRACE)
    assert [SigningKey.parse(one).verifier for one in keys_kept()] == [verifier_key()]


def test_a_log_without_entries_gets_a_new_key_too(provider: Actor) -> None:
    first = verifier_key()
    changed = change()
    file(provider)
    assert findings(first) == []
    assert findings(changed.new) == []


def test_receipts_hold_with_the_key_of_their_time_and_new_ones_with_any_before(provider: Actor, tmp_path: Path) -> None:
    case = file(provider)
    first, old = verifier_key(INTERNAL), receipt_of(case, provider)
    assert old["key"] == str(first)
    assert old["rotations"] == []
    changed = change(INTERNAL)
    settle(NOW)
    new = receipt_of(case, provider)
    assert new["key"] == str(changed.new)
    assert check_receipt(old, tmp_path, first) == 0
    assert check_receipt(new, tmp_path, changed.new) == 0
    change(INTERNAL, at=NOW + timedelta(seconds=1), grace=False)
    settle(NOW)
    newest = receipt_of(case, provider)
    for key in (first, changed.new, verifier_key(INTERNAL)):
        assert check_receipt(newest, tmp_path, key) == 0, "led on by the records in the receipt"
    assert check_receipt(newest, tmp_path, generate_key(first.name).verifier) == 1
    newest["rotations"] = [one.replace(first.key_id.hex(), "00000000") for one in newest["rotations"]]
    assert check_receipt(newest, tmp_path, first) == 1
    assert check_receipt(old, tmp_path, first) == 0


def test_the_public_log_says_with_which_key_the_internal_one_is_signed(provider: Actor) -> None:
    file(provider)
    state_keys(NOW)
    state_keys(NOW)
    sequence(PUBLIC, NOW)
    (only,) = site.log_keys(INTERNAL)
    assert (only.key, only.entry) == (verifier_key(INTERNAL), 3)
    changed = change(INTERNAL)
    sequence(PUBLIC, NOW)
    anchor(NOW)
    sequence(PUBLIC, NOW)
    assert [(one.key, one.entry) for one in site.log_keys(INTERNAL)] == [(changed.new, 4), (changed.old, 3)]
    report = verify_log(SITE.fetch, site.publications, [verifier_key()])
    assert report.findings == []
    assert f"entry 3 makes {changed.old} the key of {changed.old.name}" in report.notes
    assert f"entry 4 replaces {changed.old} by {changed.new} as the key of {changed.old.name}" in report.notes


def test_a_key_that_was_swapped_by_hand_signs_nothing(provider: Actor) -> None:
    file(provider)
    for log, name in ((PUBLIC, "ledger_key"), (INTERNAL, "ledger_internal_key")):
        stranger = generate_key(verifier_key(log).name)
        kept = secrets.change(settings().data_dir, lambda held, n=name, k=stranger: held | {n: k.secret})
        assert kept[name] == stranger.secret
    perform(RegisterExempt.file, None, actor=provider, data=section_b(), at=NOW)
    with pytest.raises(NoKey, match="this process has not got that key"):
        sequence(INTERNAL, NOW)
    with pytest.raises(UnfitKey, match="only its holder can hand over"):
        change(INTERNAL)


def test_two_changes_at_once_end_as_one(provider: Actor) -> None:
    file(provider)
    from aioffice.kernel.ledger.rotating import rotation
    from aioffice.kernel.ledger.signing import signing_key

    late = rotation(signing_key(PUBLIC), generate_key(verifier_key().name), NOW)
    changed = change()
    with pytest.raises(StaleRotation):
        rotate(PUBLIC, late, actor=OPERATOR, at=NOW)
    assert findings(changed.new) == []


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, SigningKey]:
    """Keys set in the environment in place of those in the data folder; changed by the test as an operator would."""
    held = {"ledger_key": SigningKey.parse(secrets.read(settings().data_dir)["ledger_key"])}

    def now() -> Settings:
        return base.model_copy(update={name: SecretStr(key.secret) for name, key in held.items()})

    base = settings()
    for module in ("signing", "keychain", "changing_keys"):
        monkeypatch.setattr(f"aioffice.kernel.ledger.{module}.settings", now)
    return held


def test_with_keys_from_the_environment_nothing_happens_until_the_new_one_is_set(
    provider: Actor, environment: dict[str, SigningKey]
) -> None:
    file(provider)
    first = environment["ledger_key"]
    size = site.newest_size()
    with pytest.raises(KeyToSet) as asked:
        change()
    assert asked.value.variable == "AIOFFICE_LEDGER_KEY_NEXT"
    assert (site.newest_size(), secrets.read(settings().data_dir).get("ledger_key_next")) == (size, None)
    for unfit in (first, generate_key("elsewhere"), generate_key(first.name, COSIGNATURE)):
        environment["ledger_key_next"] = unfit
        with pytest.raises(UnfitKey, match="AIOFFICE_LEDGER_KEY_NEXT"):
            change()
    environment["ledger_key_next"] = asked.value.key
    changed = change()
    assert changed.new == asked.value.key.verifier
    assert signers() == ids(changed.new, first.verifier)
    file(provider, "Another")
    # Set as the command says.
    environment |= {"ledger_key": environment.pop("ledger_key_next"), "ledger_key_before": first}
    file(provider, "A third")
    assert signers() == ids(changed.new, first.verifier)
    del environment["ledger_key_before"]
    file(provider, "A fourth")
    assert signers() == ids(changed.new)
    assert findings(first.verifier) == []


def test_the_command_says_what_to_set_and_what_was_done(
    provider: Actor, environment: dict[str, SigningKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    file(provider)
    monkeypatch.setattr(standalone, "PAUSE", 0.01)
    asked = CliRunner().invoke(app, ["ledger", "rotate-key"])
    assert asked.exit_code == 1
    variable, _, secret = asked.stderr.strip().splitlines()[-1].partition("=")
    assert variable == "AIOFFICE_LEDGER_KEY_NEXT"
    environment["ledger_key_next"] = SigningKey.parse(secret)
    done = CliRunner().invoke(app, ["ledger", "rotate-key", "--json"])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["new"] == str(SigningKey.parse(secret).verifier)
    assert "AIOFFICE_LEDGER_KEY_BEFORE" in done.stderr
    assert secret not in done.stdout + done.stderr


def test_every_log_has_a_name_of_its_own() -> None:
    names = [verifier_key(log).name for log in LOGS]
    assert len(set(names)) == len(names)
    assert set(STORES) == set(LOGS)
