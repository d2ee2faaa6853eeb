"""One key takes the place of another: whoever knows any of them checks the whole log, and nobody else's key gets in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aioffice.kernel.ledger import standalone, statements
from aioffice.kernel.ledger.checkpoints import sign_checkpoint
from aioffice.kernel.ledger.errors import LedgerError, MalformedNote, MalformedStatement, NotSigned
from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, generate_key
from aioffice.kernel.ledger.periods import KeyPeriod, parse_periods, write_periods
from aioffice.kernel.ledger.rotating import check_rotation, follow, rotation
from aioffice.kernel.ledger.statements import Statement, parse_statement
from aioffice.kernel.ledger.witnessing import witness
from tests.kernel.ledger.example_log import ORIGIN, T0, Log, subject

FIRST, SECOND, THIRD = (generate_key(ORIGIN) for _ in range(3))
STRANGER = generate_key(ORIGIN)


def grown(folder: Path, *, both: bool = False) -> Log:
    """A log whose first key signs two entries, whose second one two more, and whose third one the rest."""
    log = Log(folder, FIRST)
    log.append(statements.key(ORIGIN, str(FIRST.verifier), T0))
    log.publish(subject(1), {"name": "One"})
    log.seal()
    shutil.copy(folder / "checkpoint", folder / "by-first")
    hand_over(log, FIRST, SECOND)
    log.publish(subject(2), {"name": "Two"})
    log.seal()
    shutil.copy(folder / "checkpoint", folder / "by-second")
    hand_over(log, SECOND, THIRD)
    log.publish(subject(3), {"name": "Three"})
    log.seal()
    if both:
        log.write("checkpoint", bytes(sign_checkpoint(log.checkpoint, THIRD, SECOND)))
    return log


def hand_over(log: Log, old: SigningKey, new: SigningKey, record: Statement | None = None) -> None:
    log.append(record or rotation(old, new, T0 + timedelta(days=log.edge.size)))
    log.key = new


def check(log: Log, *keys: SigningKey, **given: Any) -> standalone.Report:
    texts = [standalone.Key.parse(str(key.verifier)) for key in keys]
    return standalone.verify(standalone.Directory(log.folder), texts, **given)


@pytest.mark.parametrize("known", [FIRST, SECOND, THIRD])
def test_any_key_that_it_ever_had_leads_to_the_end(tmp_path: Path, known: SigningKey) -> None:
    for log in (grown(tmp_path / "one"), grown(tmp_path / "both", both=True)):
        report = check(log, known)
        assert report.findings == []
        assert (report.entries, report.documents) == (6, 3)
        assert f"entry 2 replaces {FIRST.verifier} by {SECOND.verifier} as the key of {ORIGIN}" in report.notes


@pytest.mark.parametrize("known", [FIRST, SECOND, THIRD])
@pytest.mark.parametrize("kept", ["by-first", "by-second"])
def test_checkpoints_kept_from_before_are_checked_with_the_key_of_their_time(
    tmp_path: Path, known: SigningKey, kept: str
) -> None:
    log = grown(tmp_path)
    assert check(log, known, since=(tmp_path / kept).read_bytes()).findings == []
    forged = bytes(sign_checkpoint(log.checkpoint, STRANGER))
    assert any("the earlier checkpoint is not signed" in one for one in check(log, known, since=forged).findings)


def test_the_file_alone_does_so_too(tmp_path: Path) -> None:
    log = grown(tmp_path)
    kept = ["--since", str(tmp_path / "by-first")]
    assert standalone.main([str(log.folder), "--key", str(FIRST.verifier), *kept]) == 0
    assert standalone.main([str(log.folder), "--key", str(STRANGER.verifier), *kept]) == 1


def test_a_key_that_it_never_had_leads_nowhere(tmp_path: Path) -> None:
    log = grown(tmp_path)
    (finding,) = check(log, STRANGER).findings
    assert "is not signed by any key given" in finding
    assert "the log leads from none given to one that did" in finding


def test_an_old_key_alone_cannot_sign_on(tmp_path: Path) -> None:
    log = grown(tmp_path)
    log.write("checkpoint", bytes(sign_checkpoint(log.checkpoint, FIRST)))
    (finding,) = check(log, FIRST).findings
    assert (
        finding == f"the checkpoint is not signed with {THIRD.verifier}, which the log names as its key since entry 4"
    )
    assert check(log, THIRD).findings


def test_a_key_that_was_not_handed_the_log_is_named(tmp_path: Path) -> None:
    log = Log(tmp_path, FIRST)
    log.append(statements.key(ORIGIN, str(FIRST.verifier), T0))
    log.append(statements.key(ORIGIN, str(STRANGER.verifier), T0))
    log.key = STRANGER
    log.seal()
    findings = " ".join(check(log, STRANGER).findings)
    assert f"entry 1 gives {ORIGIN} the key {STRANGER.verifier}" in findings
    assert "handed over to none" in findings


@pytest.mark.parametrize("spoil", ["by_old", "by_new", "old", "verifier"])
def test_a_record_that_is_not_signed_by_both_hands_nothing_over(tmp_path: Path, spoil: str) -> None:
    good = rotation(FIRST, SECOND, T0)
    says = dict(good.says)
    says[spoil] = "00" * 64 if spoil.startswith("by_") else str(STRANGER.verifier)
    bad = Statement(good.kind, good.subject, good.recorded_at, says=says)
    with pytest.raises(NotSigned):
        check_rotation(bad)
    log = Log(tmp_path, FIRST)
    log.append(statements.key(ORIGIN, str(FIRST.verifier), T0))
    hand_over(log, FIRST, SECOND, bad)
    log.seal()
    for known in (FIRST, SECOND):
        findings = check(log, known).findings
        assert findings
        assert known is FIRST or any("entry 1 replaces" in one and "is not signed by" in one for one in findings)


def test_a_record_cannot_be_used_again_for_a_key_that_signs_no_more(tmp_path: Path) -> None:
    log = grown(tmp_path)
    log.append(rotation(FIRST, STRANGER, T0))
    log.key = STRANGER
    log.seal()
    findings = " ".join(check(log, STRANGER).findings)
    assert f"but the key of {ORIGIN} is {THIRD.verifier}" in findings


def test_keys_that_cannot_follow_each_other_are_refused() -> None:
    for new in (FIRST, generate_key("elsewhere.example"), generate_key(ORIGIN, COSIGNATURE)):
        with pytest.raises(MalformedNote, match="cannot take the place"):
            rotation(FIRST, new, T0)
    with pytest.raises(MalformedNote, match="is no record of a new key"):
        check_rotation(statements.key(ORIGIN, str(FIRST.verifier), T0))
    elsewhere = Statement("rotation", {"log": "elsewhere"}, T0, says=rotation(FIRST, SECOND, T0).says)
    with pytest.raises(MalformedNote, match="the record is of elsewhere"):
        check_rotation(elsewhere)
    with pytest.raises(MalformedStatement):
        Statement("rotation", {"log": ORIGIN}, T0, says={**rotation(FIRST, SECOND, T0).says, "by_old": "short"})


def test_records_are_followed_in_their_order_and_read_back_as_they_were_written() -> None:
    records = [rotation(FIRST, SECOND, T0), rotation(SECOND, THIRD, T0 + timedelta(days=1))]
    assert [parse_statement(one.encode()) for one in records] == records
    assert follow([FIRST.verifier], records) == [FIRST.verifier, SECOND.verifier, THIRD.verifier]
    assert follow([SECOND.verifier], records) == [SECOND.verifier, THIRD.verifier]
    assert follow([STRANGER.verifier], records) == [STRANGER.verifier]


def test_the_key_of_the_other_log_is_stated_once_and_handed_over_like_this_one(tmp_path: Path) -> None:
    inner, next_inner = generate_key("office.example/internal"), generate_key("office.example/internal")
    log = grown(tmp_path)
    log.append(statements.key(inner.name, str(inner.verifier), T0), rotation(inner, next_inner, T0))
    log.seal()
    report = check(log, FIRST)
    assert report.findings == []
    assert f"entry 6 makes {inner.verifier} the key of {inner.name}" in report.notes
    log.append(statements.key(inner.name, str(generate_key(inner.name).verifier), T0))
    log.seal()
    assert any("entry 8 gives office.example/internal the key" in one for one in check(log, FIRST).findings)


def listed(log: Log) -> None:
    periods = [KeyPeriod(key.verifier, T0, None, entry) for key, entry in ((THIRD, 4), (SECOND, 2), (FIRST, 0))]
    log.write("key", write_periods(periods))


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., Any]:
    """A witness that knows one key and looks at the log."""
    own = generate_key("witness.example/w", COSIGNATURE)

    def look(log: Log, key: SigningKey, seen: str = "") -> Any:
        before = (log.folder / seen).read_bytes() if seen else None
        return witness(log.fetch, [key.verifier], before, own, datetime(2027, 6, 1, tzinfo=UTC))

    return look


@pytest.mark.parametrize("known", [FIRST, SECOND, THIRD])
def test_a_witness_goes_on_over_a_change_of_keys(tmp_path: Path, look: Callable[..., Any], known: SigningKey) -> None:
    log = grown(tmp_path)
    listed(log)
    for seen in ("", "by-second", "by-first"):
        if known is THIRD and seen:
            continue  # it never knew the keys of that time
        if known is SECOND and seen == "by-first":
            continue
        note, now = look(log, known, seen)
        assert now == THIRD.verifier
        assert note.text.splitlines()[1] == "6"


def test_a_witness_believes_nothing_that_the_list_of_keys_says(tmp_path: Path, look: Callable[..., Any]) -> None:
    log = grown(tmp_path)
    with pytest.raises(NotSigned):
        look(log, FIRST)  # there is no list
    listed(log)
    with pytest.raises(NotSigned):
        look(log, STRANGER)
    path = "tile/entries/000.p/6"
    log.write(path, log.fetch(path).replace(FIRST.verifier.name.encode(), b"office.elsewhere/ledg"[: len(ORIGIN)]))
    with pytest.raises(LedgerError):
        look(log, FIRST)


def test_the_list_of_keys_reads_as_it_is_written() -> None:
    periods = [KeyPeriod(SECOND.verifier, T0, None, None), KeyPeriod(FIRST.verifier, T0, T0 + timedelta(days=3), 7)]
    assert parse_periods(write_periods(periods)) == periods
    assert parse_periods(f"{FIRST.verifier}\n".encode())[0].key == FIRST.verifier
    assert parse_periods(b"") == []
    for data in (b"\xff", b"a\tb\n", f"{FIRST.verifier}\tnever\t-\t-\n".encode(), b"nonsense\n"):
        with pytest.raises(MalformedNote):
            parse_periods(data)
