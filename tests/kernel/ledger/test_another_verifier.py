"""A verifier written by someone else (aics-tlog) takes what we write, and refuses it altered; we take what it writes."""

from __future__ import annotations

import aics_tlog as other
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aioffice.kernel.ledger.checkpoints import cosign, open_checkpoint, verify_cosignature
from aioffice.kernel.ledger.keys import COSIGNATURE, VerifierKey, generate_key
from aioffice.kernel.ledger.merkle import leaf_hash, verify_consistency, verify_inclusion
from aioffice.kernel.ledger.notes import Signature, parse_note
from aioffice.kernel.ledger.proving import prove_consistency, prove_inclusion
from aioffice.kernel.ledger.tiles import tile_path
from tests.kernel.ledger.example_log import ORIGIN, T0, Log

SIZES = [1, 2, 255, 256, 257, 700]
ENTRIES = [f'{{"entry":{number}}}'.encode() for number in range(700)]


@pytest.fixture(params=SIZES)
def log(tmp_path, request):
    """Grown in three batches, so that partial tiles were left behind."""
    log = Log(tmp_path)
    for start, end in (
        (0, request.param // 3),
        (request.param // 3, request.param // 2),
        (request.param // 2, request.param),
    ):
        log.append_entries(*ENTRIES[start:end])
    log.seal()
    return log


def test_it_takes_our_tiles_and_bundles_and_finds_our_root(log):
    reader, size = other.FileSystemTileReader(log.folder), log.edge.size
    assert other.tree_root_from_tiles(reader, size) == log.edge.root()
    other.audit_tiles(reader, size, log.edge.root(), entries=True)
    assert [other.read_entry(reader, index, size) for index in (0, size // 2, size - 1)] == [
        ENTRIES[index] for index in (0, size // 2, size - 1)
    ]
    for path, data in other.TileWriter(ENTRIES[:size]).materialise().items():
        assert log.fetch(path) == data, path


def test_it_refuses_our_tiles_altered(log):
    path = tile_path(0, 0, min(log.edge.size, 256))
    log.write(path, bytes(32) + log.fetch(path)[32:])
    with pytest.raises(other.TileVerificationError):
        other.audit_tiles(other.FileSystemTileReader(log.folder), log.edge.size, log.edge.root())


def test_it_makes_and_takes_the_same_proofs(log):
    reader, size, read = other.FileSystemTileReader(log.folder), log.edge.size, log.reader().hashes
    for index in {0, size // 2, size - 1}:
        proof = prove_inclusion(index, size, read)
        assert proof == other.inclusion_proof_from_tiles(reader, index, size)
        assert other.verify_leaf_inclusion(ENTRIES[index], index, size, proof, log.edge.root())
        assert not other.verify_leaf_inclusion(ENTRIES[index] + b" ", index, size, proof, log.edge.root())
        verify_inclusion(leaf_hash(ENTRIES[index]), index, size, proof, log.edge.root())
    tree = other.MerkleTree(ENTRIES[:size])
    for old in {1, size // 2 or 1, size}:
        proof = prove_consistency(old, size, read)
        assert proof == other.consistency_proof_from_tiles(reader, old, size)
        assert other.verify_consistency(old, size, tree.root(old), log.edge.root(), proof)
        assert not other.verify_consistency(old, size, bytes(32), log.edge.root(), proof)
        verify_consistency(old, size, proof, tree.root(old), log.edge.root())


def test_it_takes_our_checkpoint_with_its_cosignature_and_refuses_it_altered(log):
    witness = generate_key("witness.example/w1", COSIGNATURE)
    data = bytes(parse_note(log.fetch("checkpoint")).with_signatures(cosign(log.checkpoint, witness, T0)))
    log_key, witness_key = other.parse_vkey(log.vkey), other.parse_vkey(str(witness.verifier))
    found = other.verify_checkpoint(other.parse_note(data), log_key, [witness_key], 1, expected_origin=ORIGIN)
    assert (found.ok, found.size) == (True, log.edge.size)
    size = f"\n{log.edge.size}\n".encode()
    altered = other.parse_note(data.replace(size, b"\n9999\n", 1))
    assert not other.verify_checkpoint(altered, log_key, [witness_key], 1).ok
    assert not other.verify_checkpoint(other.parse_note(log.fetch("checkpoint")), log_key, [witness_key], 1).ok


def test_we_take_its_checkpoint_and_cosignature():
    log_key, witness_key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    root = other.MerkleTree(ENTRIES[:5]).root()
    note = other.sign_checkpoint(other.Checkpoint("log.example", 5, root), log_key, "log.example")
    _, line = other.sign_cosignature(witness_key, "wit.example", 1_800_000_000, "log.example", 5, root)
    vkey = VerifierKey("log.example", log_key.public_key().public_bytes_raw())
    assert str(vkey) == other.format_vkey(other.vkey_from_ed25519("log.example", log_key.public_key()))
    whole = other.Note(text=note.text, signatures=(*note.signatures, line))
    data = f"{whole.text}\n{''.join(str(one) for one in parse_lines(whole))}".encode()
    assert open_checkpoint(data, [vkey]).root == root
    seen = verify_cosignature(
        parse_note(data), VerifierKey("wit.example", witness_key.public_key().public_bytes_raw(), COSIGNATURE)
    )
    assert seen.timestamp() == 1_800_000_000


def parse_lines(note):
    return [Signature(one.name, one.key_id, one.signature) for one in note.signatures]
