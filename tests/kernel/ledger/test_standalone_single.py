"""One proof or receipt is checked by the verifier in one file, which agrees with the Office's own code wherever either is asked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.canonical import digest, salted_digests
from aioffice.kernel.ledger import standalone
from aioffice.kernel.ledger.checkpoints import cosign
from aioffice.kernel.ledger.errors import LedgerError, ProofFailed
from aioffice.kernel.ledger.evidence import Evidence, parse_evidence
from aioffice.kernel.ledger.keys import COSIGNATURE, VerifierKey, generate_key
from aioffice.kernel.ledger.merkle import leaf_hash, verify_inclusion
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.proving import prove_inclusion, root
from aioffice.kernel.ledger.statements import Statement
from aioffice.kernel.ledger.verifying import Receipt
from tests.kernel.ledger.example_log import DOCUMENT, ORIGIN, T0, example_log
from tests.kernel.ledger.test_proofs_hold import reader, sizes

FILE = standalone.__file__


@pytest.fixture
def log(tmp_path):
    return example_log(tmp_path / "log", 5)


def added(log, document, *, digests=None, salts=None):
    """The evidence of a statement on this document, which the log takes in."""
    stated, made = salted_digests(document)
    folded = {"": digest(digests)} if digests else stated
    log.append(Statement("step", {"case": "17", "sequence": 1}, T0, digests=folded))
    log.seal()
    return evidence(log, document, made if salts is None else salts, digests or {})


def evidence(log, document, salts, digests=None):
    index = log.edge.size - 1
    proof = tuple(prove_inclusion(index, log.edge.size, log.reader().hashes))
    return Evidence(document, salts, Receipt(log.entries[index], index, proof, log.fetch("checkpoint")), digests or {})


def status(found, key, folder):
    """With what the verifier ends for this file, once the Office's own code has come to the same."""
    path = folder / "file.json"
    data = json.dumps(found).encode()
    path.write_bytes(data)
    try:
        own = int(bool(parse_evidence(data).check([VerifierKey.parse(key)]).differences))
    except LedgerError:
        own = 1
    said = standalone.main([str(path), "--key", key])
    assert said == own
    return said


def test_it_holds_and_says_what_was_recorded_and_what_is_not_shown(log, tmp_path, capsys):
    whole = added(log, DOCUMENT)
    assert status(whole.data(), log.vkey, tmp_path) == 0
    said = capsys.readouterr()
    assert f"it holds: case 17, sequence 1, recorded {T0.isoformat()[:19]}" in said.out
    less = evidence(log, DOCUMENT | {"name": None}, {p: s for p, s in whole.salts.items() if p != "/name"})
    assert status(less.data(), log.vkey, tmp_path) == 0
    assert "not shown here: /name" in capsys.readouterr().out


@pytest.mark.parametrize(
    "alter",
    [
        lambda one: one | {"document": one["document"] | {"name": "Sorting people"}},
        lambda one: one | {"document": {k: v for k, v in one["document"].items() if k != "name"}},
        lambda one: one | {"document": one["document"] | {"more": 1}},
        lambda one: one | {"salts": one["salts"] | {"/name": "00" * 16}},
        lambda one: one | {"salts": one["salts"] | {"/name": "zz"}},
        lambda one: one | {"salts": []},
        lambda one: one | {"salts": one["salts"] | {"/name": 3}},
        lambda one: one | {"digests": {"/name": "00"}},
        lambda one: one | {"index": one["index"] - 1},
        lambda one: one | {"index": True},
        lambda one: one | {"index": -1},
        lambda one: one | {"proof": one["proof"][1:]},
        lambda one: one | {"proof": [*one["proof"], "00" * 32]},
        lambda one: one | {"proof": ["AA" * 32, *one["proof"][1:]]},
        lambda one: one | {"entry": one["entry"].replace("17", "18")},
        lambda one: one | {"entry": "gossip"},
        lambda one: one | {"checkpoint": one["checkpoint"].replace(ORIGIN, "other.example/ledger", 1)},
        lambda one: one | {"checkpoint": None},
        lambda one: {name: value for name, value in one.items() if name != "document"},
        lambda one: [],
    ],
)
def test_altered_in_any_part_it_does_not_hold(log, tmp_path, alter):
    good = added(log, DOCUMENT).data()
    assert status(good, log.vkey, tmp_path) == 0
    assert status(alter(good), log.vkey, tmp_path) == 1


def test_signed_by_another_it_does_not_hold(log, tmp_path):
    assert status(added(log, DOCUMENT).data(), str(generate_key(ORIGIN).verifier), tmp_path) == 1


def test_where_an_entry_states_the_digest_of_all_digests_these_are_checked(log, tmp_path):
    stated, salts = salted_digests(DOCUMENT)
    found = added(log, DOCUMENT, digests=stated, salts=salts).data()
    assert status(found, log.vkey, tmp_path) == 0
    assert status(found | {"document": DOCUMENT | {"name": "x"}}, log.vkey, tmp_path) == 1
    assert status(found | {"digests": stated | {"/name": "00" * 32}}, log.vkey, tmp_path) == 1


def test_a_step_taken_with_an_empty_form_holds(log, tmp_path):
    stated, salts = salted_digests({})
    beside, own = salted_digests({"@record": {"to": "open"}})
    log.append(Statement("step", {"case": "17", "sequence": 2}, T0, digests=stated | beside))
    log.seal()
    found = evidence(log, {"@record": {"to": "open"}}, salts | own).data()
    assert status(found, log.vkey, tmp_path) == 0
    assert status(found | {"salts": found["salts"] | {"": "00" * 16}}, log.vkey, tmp_path) == 1


def test_a_witness_that_is_asked_for_must_have_cosigned(log, tmp_path, capsys):
    found, key = added(log, DOCUMENT).data(), generate_key("w.example/w1", COSIGNATURE)
    path, words = tmp_path / "file.json", ["--key", log.vkey, "--witness", str(key.verifier)]
    path.write_text(json.dumps(found))
    assert standalone.main([str(path), *words]) == 1
    assert "not cosigned by w.example/w1" in capsys.readouterr().err
    line = cosign(log.checkpoint, key, datetime(2027, 1, 3, tzinfo=UTC))
    found["checkpoint"] = bytes(parse_note(found["checkpoint"].encode()).with_signatures(line)).decode()
    path.write_text(json.dumps(found))
    assert standalone.main([str(path), *words]) == 0


def test_it_needs_nothing_but_the_file_the_package_and_the_key(log, tmp_path):
    (tmp_path / "proof.json").write_text(json.dumps(added(log, DOCUMENT).data()))
    (tmp_path / "receipt.pdf").write_bytes(b"%PDF-1.7")
    shutil.copy(FILE, tmp_path / "verifier.py")

    def run(*words):
        return subprocess.run(
            [sys.executable, "-I", "verifier.py", *words, "--key", log.vkey], cwd=tmp_path, capture_output=True, text=True, check=False
        )  # fmt: skip

    held = run("proof.json")
    assert (held.returncode, held.stderr) == (0, "")
    pdf = run("receipt.pdf")
    assert (pdf.returncode, "save the file receipt.json that is attached to it" in pdf.stderr) == (2, True)
    assert run("proof.json", "--since", "proof.json").returncode == 2
    assert run("nowhere").returncode == 3


@given(sizes, st.data())
def test_the_root_above_an_entry_is_found_as_the_ledger_finds_it(size, data):
    index = data.draw(st.integers(0, size - 1))
    entry, above = str(index).encode(), root(size, reader(size).hashes)
    proof = prove_inclusion(index, size, reader(size).hashes)
    assert standalone.root_above(entry, index, size, proof) == above
    for spoilt in ([*proof, bytes(32)], proof[:-1], [bytes(32), *proof[1:]]):
        if len(proof) == 0 and spoilt == proof:
            continue
        with pytest.raises(ProofFailed):
            verify_inclusion(leaf_hash(entry), index, size, spoilt, above)
        assert standalone.root_above(entry, index, size, spoilt) != above
    assert standalone.root_above(entry, size, size, proof) is None
