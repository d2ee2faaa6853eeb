"""A receipt is checked without the Office and without its log."""

from __future__ import annotations

import json

import pytest

from aioffice.kernel.ledger.errors import LedgerError, MalformedStatement, NotSigned, ProofFailed
from aioffice.kernel.ledger.keys import generate_key
from aioffice.kernel.ledger.proving import prove_inclusion
from aioffice.kernel.ledger.verifying import Receipt, parse_receipt
from tests.kernel.ledger.example_log import ORIGIN, example_log, subject


@pytest.fixture
def log(tmp_path):
    return example_log(tmp_path, 300)


def receipt_of(log, index):
    proof = prove_inclusion(index, log.edge.size, log.reader().hashes)
    return Receipt(log.reader().entry(index), index, tuple(proof), log.fetch("checkpoint"))


def test_it_says_what_was_recorded_and_in_which_log(log):
    for index in (0, 255, 256, 303):
        said, checkpoint = parse_receipt(receipt_of(log, index).encode()).verify([log.key.verifier])
        assert (said.encode(), checkpoint) == (log.entries[index], log.checkpoint)
    assert receipt_of(log, 7).verify([log.key.verifier])[0].subject == subject(8)


def test_altered_in_any_part_it_does_not_hold(log):
    good = receipt_of(log, 7)
    keys = [log.key.verifier]
    for wrong in (
        Receipt(log.entries[8], 7, good.proof, good.checkpoint),
        Receipt(good.entry, 8, good.proof, good.checkpoint),
        Receipt(good.entry, 7, good.proof[1:], good.checkpoint),
        Receipt(good.entry, 7, (bytes(32), *good.proof[1:]), good.checkpoint),
    ):
        with pytest.raises(ProofFailed):
            wrong.verify(keys)
    with pytest.raises(NotSigned):
        good.verify([generate_key(ORIGIN).verifier])


@pytest.mark.parametrize(
    "alter",
    [
        lambda found: [],
        lambda found: found | {"more": 1},
        lambda found: found | {"index": "7"},
        lambda found: found | {"index": True},
        lambda found: found | {"proof": ["zz"]},
        lambda found: found | {"proof": ["AA" * 32]},
        lambda found: found | {"entry": "gossip"},
        lambda found: found | {"checkpoint": None},
    ],
)
def test_what_is_no_receipt_is_refused(log, alter):
    with pytest.raises(LedgerError):
        parse_receipt(json.dumps(alter(json.loads(receipt_of(log, 7).encode()))).encode()).verify([log.key.verifier])
    with pytest.raises(MalformedStatement):
        parse_receipt(b"{")
