"""The stand-alone verifier over a folder in which one thing at a time was altered: it names what, and does not pass it."""

from __future__ import annotations

import json
import re

import pytest

from aioffice.kernel.canonical import canonical, leaves
from aioffice.kernel.ledger import standalone
from aioffice.kernel.ledger.checkpoints import sign_checkpoint
from aioffice.kernel.ledger.keys import generate_key
from aioffice.kernel.ledger.tiles import pack_entries, parse_path, unpack_entries
from tests.kernel.ledger.example_log import DOCUMENT, ORIGIN, Log, example_log, subject


@pytest.fixture
def log(tmp_path):
    return example_log(tmp_path)


def lines_of(log):
    return [json.loads(line) for line in log.fetch("publications").splitlines()]


def serve(log, lines):
    log.write("publications", b"".join(canonical(line) + b"\n" for line in lines))


def test_what_was_not_altered_fits(log):
    report = standalone.verify(standalone.Directory(log.folder), [standalone.Key.parse(log.vkey)])
    assert report.findings == []
    assert (report.entries, report.tiles, report.documents) == (7, 1, 4)


def test_a_larger_log_fits_too(tmp_path):
    log = example_log(tmp_path, 600)
    report = standalone.verify(standalone.Directory(log.folder), [standalone.Key.parse(log.vkey)])
    assert (report.findings, report.entries, report.tiles, report.documents) == ([], 604, 4, 601)


def test_an_empty_log_fits(tmp_path):
    log = Log(tmp_path)
    log.seal()
    assert log.findings() == []


def test_each_public_field_altered_is_named_with_its_subject(log):
    for number, line in enumerate(lines_of(log)):
        who = standalone.name_of(line["subject"])
        for pointer, value in leaves(line["document"]):
            lines = lines_of(log)
            place = lines[number]["document"]
            *path, last = (int(name) if name.isdigit() else name for name in pointer[1:].split("/"))
            for name in path:
                place = place[name]
            place[last] = "altered" if value != "altered" else "again"
            serve(log, lines)
            (finding,) = log.findings()
            assert finding.startswith(f"{who}: {pointer} ")
            serve(log, [*lines[:number], line, *lines[number + 1 :]])


def test_each_salt_altered_is_named_with_its_subject(log):
    for number, line in enumerate(lines_of(log)):
        for pointer in line["salts"]:
            lines = lines_of(log)
            lines[number]["salts"][pointer] = "0" * 32
            serve(log, lines)
            (finding,) = log.findings()
            assert finding.startswith(f"{standalone.name_of(line['subject'])}: {pointer} differs")
            serve(log, [*lines[:number], line, *lines[number + 1 :]])


def test_each_entry_altered_is_named_with_its_subject(log):
    path = "tile/entries/000.p/7"
    entries = unpack_entries(log.fetch(path))
    for index, entry in enumerate(entries):
        other = entry.replace(b'"2027-', b'"2028-', 1) if b'"2027-' in entry else b""
        said = json.loads(entry)
        log.write(path, pack_entries([*entries[:index], other, *entries[index + 1 :]]))
        findings = log.findings()
        assert any(f"entry {index} ({standalone.name_of(said['subject'])})" in finding for finding in findings)
        assert any("the checkpoint signs" in finding for finding in findings)


@pytest.mark.parametrize(
    "alter", [lambda entries: entries[::-1], lambda entries: entries[:-1], lambda entries: [*entries, b"{}"]]
)
def test_entries_moved_taken_away_or_added_are_noticed(log, alter):
    path = "tile/entries/000.p/7"
    log.write(path, pack_entries(alter(unpack_entries(log.fetch(path)))))
    assert any(path in finding or "entry 0" in finding for finding in log.findings())


def test_bundles_cut_short_or_gone_are_named(log):
    path = "tile/entries/000.p/7"
    whole = log.fetch(path)
    log.write(path, whole[:-1])
    assert log.findings() == [f"{path} ends within entry 6"]
    (log.folder / path).unlink()
    assert log.findings() == [f"{path} is not there: the entries 0 to 6 cannot be checked"]


def test_each_tile_altered_cut_or_gone_is_named(tmp_path):
    log = example_log(tmp_path, 600)
    paths = ["tile/0/000", "tile/0/001", "tile/0/002.p/92", "tile/1/000.p/2"]
    for path in paths:
        whole = log.fetch(path)
        level = parse_path(path)[0]
        for at in {0, len(whole) // 64 * 32, len(whole) - 32}:
            log.write(path, whole[:at] + bytes(32) + whole[at + 32 :])
            (finding,) = log.findings()
            assert f"hash {at // 32} of {path}" in finding
            assert level or re.search(r"entry \d+ \(.+\)$", finding)
        log.write(path, whole[:-1])
        assert any(path in finding for finding in log.findings())
        (log.folder / path).unlink()
        assert log.findings() == [f"{path} is not there"]
        log.write(path, whole)
    assert log.findings() == []


def test_an_entry_and_its_tile_altered_together_lead_to_another_root(log):
    entries = [entry.replace(b"000006Z", b"000007Z") for entry in log.entries]
    log.write("tile/entries/000.p/7", pack_entries(entries))
    log.write("tile/0/000.p/7", b"".join(standalone.hashlib.sha256(b"\0" + entry).digest() for entry in entries))
    assert any("the entries lead to the root" in finding for finding in log.findings())


def test_each_bit_of_the_checkpoint_counts(log):
    whole = log.fetch("checkpoint")
    for at in range(len(whole)):
        log.write("checkpoint", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert log.findings(), f"byte {at}"
    for data in (b"", whole[:-1], whole + whole, whole + whole.splitlines(keepends=True)[-1]):
        log.write("checkpoint", data)
        assert log.findings()


def test_a_checkpoint_of_somebody_else_is_refused(log):
    log.write("checkpoint", bytes(sign_checkpoint(log.checkpoint, generate_key(ORIGIN))))
    (finding,) = log.findings()
    assert "not signed by any key given" in finding


def test_a_document_left_out_is_named_unless_withdrawn(log):
    lines = lines_of(log)
    serve(log, lines[1:])
    who = standalone.name_of(lines[0]["subject"])
    assert log.findings() == [
        f"{who}: in the log (entry {lines[0]['index']}), not among the publications, and not withdrawn"
    ]
    serve(log, [])
    assert len(log.findings()) == 4


def test_a_withdrawn_document_may_be_left_out(log):
    log.redact(subject(3), "")
    log.seal()
    assert log.findings() == []
    serve(log, [line for line in lines_of(log) if line["subject"] != subject(3)])
    assert log.findings() == []


def test_an_older_publication_of_a_subject_does_not_pass_for_the_newest(log):
    before = lines_of(log)
    log.publish(subject(3), DOCUMENT | {"name": "Corrected"})
    log.seal()
    assert log.findings() == []
    serve(log, [*before[:2], before[2], *before[3:]])
    (finding,) = log.findings()
    assert (
        finding == "entry EU-2027-000003, version 1: published as entry 2, but the newest on it in the log is entry 7"
    )


FILED = {
    "fields": {"name": "System", "provider": {"name": "Ada", "seat": "PT"}, "states": ["AT"]},
    "reason": "",
    "points": {"name": "A.4"},
}


def restated(log, *gone, version=4):
    """A version published, then published again without some of what was filed."""
    log.publish(subject(9, version), FILED)
    log.redact(subject(9, version), *gone) if gone else None
    without = {**FILED, "fields": {"provider": {"seat": "PT"}, "states": ["AT"]}, "points": {}}
    log.publish(subject(9, version), without)
    log.seal()


def test_what_goes_from_a_version_goes_by_a_redaction_or_is_named(log):
    restated(log)
    assert log.findings() == [
        f"entry EU-2027-000009, version 4: {pointer} is stated no longer in entry 8, and no redaction says so"
        for pointer in ("/fields/name", "/fields/provider/name")
    ]


def test_a_lawful_redaction_is_counted_and_fits(log):
    restated(log, "/fields/name", "/fields/provider/name")
    report = standalone.verify(standalone.Directory(log.folder), [standalone.Key.parse(log.vkey)])
    assert (report.findings, report.redacted) == ([], 3)
    assert "2 redactions in the log, of 2 subjects: 3 values erased or withheld, as the log says" in report.notes


def test_a_redaction_of_something_else_excuses_nothing(log):
    restated(log, "/fields/name")
    assert log.findings() == [
        "entry EU-2027-000009, version 4: /fields/provider/name is stated no longer in entry 9, and no redaction says so"
    ]


def test_an_earlier_redaction_does_not_excuse_what_was_stated_after_it(log):
    restated(log, "/fields/name", "/fields/provider/name")
    log.publish(subject(9, 4), FILED)
    log.publish(subject(9, 4), {**FILED, "fields": {}})
    log.seal()
    assert [finding.split(": ")[1].split()[0] for finding in log.findings()] == [
        "/fields/name",
        "/fields/provider/name",
        "/fields/provider/seat",
        "/fields/states/0",
    ]


def test_an_entry_as_it_stands_follows_its_newest_version(log):
    """Only what a version says is there for good: the filer may leave a field out of the next."""
    entry = {"entry": "EU-2027-000009"}
    log.publish(entry, FILED)
    log.publish(entry, {**FILED, "fields": {}})
    log.seal()
    assert log.findings() == []


def test_a_publication_after_a_redaction_starts_anew(log):
    log.publish(subject(2), DOCUMENT)
    log.seal()
    assert log.findings() == []


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda line: line | {"index": 1}, "published as entry 1"),
        (lambda line: line | {"index": False}, "published as entry False"),
        (lambda line: line | {"subject": {"entry": "EU-2027-999999", "version": 1}}, "the log says nothing of it"),
        (lambda line: line | {"subject": None}, "the log says nothing of it"),
        (lambda line: line | {"salts": []}, "no salts by pointer"),
        (lambda line: line | {"more": 1}, "has not subject, index, document and salts"),
        (lambda line: [line], "has not subject, index, document and salts"),
        (lambda line: line | {"document": line["document"] | {"more": 1}}, "/more is nothing that the log speaks of"),
    ],
)
def test_lines_that_do_not_fit_are_named(log, alter, said):
    lines = lines_of(log)
    serve(log, [alter(lines[0]), *lines[1:]])
    assert any(said in finding for finding in log.findings())


@pytest.mark.parametrize(
    "line", [b"", b"{", b'{"a":1,"a":1}', b'{"a":1.5}', b'{"a":NaN}', b"\xff", b"[" * 100_000, b'"\\ud800"']
)
def test_lines_that_are_no_json_are_findings_and_nothing_worse(log, line):
    log.write("publications", log.fetch("publications") + line + b"\n")
    assert len(log.findings()) == 1


def test_a_document_published_twice_is_named(log):
    lines = lines_of(log)
    serve(log, [lines[0], *lines])
    assert log.findings() == [f"{standalone.name_of(lines[0]['subject'])}: published twice"]


def test_an_entry_that_is_no_statement_is_named(log):
    log.append_entries(b"gossip", b"[" * 50_000, b'{"a":"\\ud800"}')
    log.seal()
    assert [finding.partition(" is not")[0] for finding in log.findings()] == ["entry 7", "entry 8", "entry 9"]
