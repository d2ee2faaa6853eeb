"""What a log signs of itself, and what witnesses sign of it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from aioffice.kernel.ledger.checkpoints import (
    Checkpoint,
    cosign,
    open_checkpoint,
    same_log,
    sign_checkpoint,
    verify_cosignature,
)
from aioffice.kernel.ledger.errors import MalformedNote, NotSigned, SplitView
from aioffice.kernel.ledger.keys import COSIGNATURE, VerifierKey, generate_key
from aioffice.kernel.ledger.merkle import leaf_hash, root_of
from aioffice.kernel.ledger.notes import Note, Signature, parse_note
from aioffice.kernel.ledger.proving import prove_consistency
from tests.kernel.ledger.example_log import ORIGIN, Log

AT = datetime(2027, 3, 1, 12, 0, 0, 999, tzinfo=UTC)
ROOT = base64.b64encode(bytes(32)).decode()

# The example of C2SP tlog-checkpoint and tlog-cosignature.
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""

# A checkpoint that a certificate transparency log served in May 2026, signed by the log and by a public witness.
SERVED = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # noqa: E501
SERVED_BY = VerifierKey.parse(
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
SEEN_BY = VerifierKey.parse("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2")


def test_the_example_of_the_specification():
    note = parse_note(EXAMPLE.encode())
    assert Checkpoint.parse(note.text) == Checkpoint(
        "example.com/behind-the-sofa",
        20852163,
        bytes.fromhex("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"),
    )
    assert str(Checkpoint.parse(note.text)) == note.text
    assert int.from_bytes(note.signatures[1].value[:8], "big") == 1679315147
    assert bytes(note) == EXAMPLE.encode()


def test_a_checkpoint_of_another_log_and_its_witness():
    assert open_checkpoint(SERVED.encode(), [SERVED_BY], SERVED_BY.name).size == 1432088532
    assert verify_cosignature(parse_note(SERVED.encode()), SEEN_BY) == datetime(2026, 5, 23, 21, 50, 24, tzinfo=UTC)
    altered = parse_note(SERVED.replace("1432088532", "1432088533").encode())
    with pytest.raises(NotSigned):
        altered.verify([SERVED_BY])
    with pytest.raises(NotSigned):
        verify_cosignature(altered, SEEN_BY)


def test_signing_and_opening():
    key, checkpoint = generate_key(ORIGIN), Checkpoint(ORIGIN, 12, bytes(32))
    data = bytes(sign_checkpoint(checkpoint, key))
    assert open_checkpoint(data, [key.verifier], ORIGIN) == checkpoint
    with pytest.raises(NotSigned, match=f"of {ORIGIN}, not of other"):
        open_checkpoint(data, [key.verifier], "other")
    with pytest.raises(NotSigned):
        open_checkpoint(data, [generate_key(ORIGIN).verifier])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "three lines"),
        (f"o\n1\n{ROOT}", "three lines"),
        (f"o\n1\n{ROOT}\nmore\n", "three lines"),
        (f"\n1\n{ROOT}\n", "line 1"),
        (f"o\n01\n{ROOT}\n", "line 2"),
        (f"o\n-1\n{ROOT}\n", "line 2"),
        (f"o\n\u0661\n{ROOT}\n", "line 2"),
        (f"o\n{10**19}\n{ROOT}\n", "line 2"),
        ("o\n1\nAAAA\n", "line 3 .* 3 bytes"),
        (f"o\n1\n{ROOT[:-1]}\n", "line 3"),
    ],
)
def test_malformed_checkpoints_are_refused_with_the_line(text, said):
    with pytest.raises(MalformedNote, match=said):
        Checkpoint.parse(text)


def test_a_checkpoint_that_could_not_be_read_is_not_signed():
    for wrong in (Checkpoint("", 1, bytes(32)), Checkpoint("o", -1, bytes(32)), Checkpoint("o", 1, b"")):
        with pytest.raises(MalformedNote):
            sign_checkpoint(wrong, generate_key("o"))


class TestCosignatures:
    witness = generate_key("witness.example/w1", COSIGNATURE)
    checkpoint = Checkpoint(ORIGIN, 12, bytes(32))

    def note(self) -> Note:
        return sign_checkpoint(self.checkpoint, generate_key(ORIGIN))

    def test_a_witness_says_when_it_saw_the_log(self):
        note = parse_note(bytes(self.note().with_signatures(cosign(self.checkpoint, self.witness, AT))))
        assert verify_cosignature(note, self.witness.verifier) == AT.replace(microsecond=0)

    def test_another_checkpoint_another_time_and_no_line_are_refused(self):
        line = cosign(Checkpoint(ORIGIN, 13, bytes(32)), self.witness, AT)
        with pytest.raises(NotSigned, match="does not fit"):
            verify_cosignature(self.note().with_signatures(line), self.witness.verifier)
        good = cosign(self.checkpoint, self.witness, AT)
        later = (int.from_bytes(good.value[:8], "big") + 1).to_bytes(8, "big")
        for value in (later + good.value[8:], good.value[:-1], good.value + b"\0", b"\xff" * 72):
            with pytest.raises(NotSigned, match="does not fit"):
                verify_cosignature(
                    self.note().with_signatures(Signature(good.name, good.key_id, value)), self.witness.verifier
                )
        with pytest.raises(NotSigned, match="has not cosigned"):
            verify_cosignature(self.note(), self.witness.verifier)
        twice = Note(self.note().text, (*self.note().signatures, good, good))
        with pytest.raises(NotSigned, match="just once"):
            verify_cosignature(twice, self.witness.verifier)

    def test_a_log_key_is_no_witness_key(self):
        with pytest.raises(MalformedNote, match="type 4"):
            cosign(self.checkpoint, generate_key("w"), AT)

    def test_a_time_beyond_all_calendars_is_refused(self):
        far = 1 << 62
        signed = self.witness.sign(f"cosignature/v1\ntime {far}\n{self.checkpoint}".encode())
        line = Signature(self.witness.name, self.witness.verifier.key_id, far.to_bytes(8, "big") + signed)
        with pytest.raises(NotSigned, match="after the year 9999"):
            verify_cosignature(self.note().with_signatures(line), self.witness.verifier)


class TestSplitViews:
    def test_growth_is_no_split_view_whichever_comes_first(self, tmp_path):
        log = Log(tmp_path)
        log.append_entries(*(bytes([number]) for number in range(7)))
        before = log.checkpoint
        log.append_entries(*(bytes([number]) for number in range(300 - 7 - 100)))
        proof = prove_consistency(7, 200, log.reader().hashes)
        same_log(before, log.checkpoint, proof)
        same_log(log.checkpoint, before, proof)
        same_log(before, before, [])

    def test_two_roots_at_one_size_a_forged_past_and_another_log_are(self):
        one = Checkpoint(ORIGIN, 2, root_of([leaf_hash(b"a"), leaf_hash(b"b")]))
        other = Checkpoint(ORIGIN, 2, root_of([leaf_hash(b"a"), leaf_hash(b"c")]))
        larger = Checkpoint(ORIGIN, 3, root_of([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"d")]))
        with pytest.raises(SplitView, match="two roots for 2 entries"):
            same_log(one, other, [])
        same_log(one, larger, [leaf_hash(b"d")])
        with pytest.raises(SplitView, match="at 3 entries does not begin"):
            same_log(other, larger, [leaf_hash(b"d")])
        with pytest.raises(SplitView, match="two logs"):
            same_log(one, Checkpoint("elsewhere", 2, one.root), [])
