"""Signed notes as other implementations write and read them.

The key PeterNeumann and its note are the example of Go's golang.org/x/mod/sumdb/note; example.com/foo is the key of C2SP signed-note.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.ledger.errors import MalformedNote, NotSigned
from aioffice.kernel.ledger.keys import COSIGNATURE, SigningKey, VerifierKey, generate_key
from aioffice.kernel.ledger.notes import Note, parse_note, sign_note

VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
NOTE = f"{TEXT}\n{LINE}".encode()


def test_the_example_of_go_is_read_and_written_alike():
    key = SigningKey.parse(SKEY)
    assert (str(key.verifier), key.secret) == (VKEY, SKEY)
    assert bytes(sign_note(TEXT, key)) == NOTE
    note = parse_note(NOTE)
    assert note.text == TEXT
    assert note.verify([VerifierKey.parse(VKEY)]) == [key.verifier]


@pytest.mark.parametrize(
    "vkey",
    [
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    ],
)
def test_keys_of_others_come_back_as_they_were(vkey):
    assert str(VerifierKey.parse(vkey)) == vkey


def test_new_keys_sign_and_can_be_kept():
    key = generate_key("office.example/ledger")
    again = SigningKey.parse(key.secret)
    assert again.verifier == key.verifier == VerifierKey.parse(str(key.verifier))
    assert parse_note(bytes(sign_note("a\n\nb\n", again))).verify([key.verifier]) == [key.verifier]
    assert key.secret.split("+", 4)[-1] not in repr(key)


@given(st.integers(0, len(NOTE) * 8 - 1))
def test_any_turned_bit_is_noticed(bit):
    altered = bytearray(NOTE)
    altered[bit // 8] ^= 1 << bit % 8
    with pytest.raises((MalformedNote, NotSigned)):
        parse_note(bytes(altered)).verify([VerifierKey.parse(VKEY)])


def test_signatures_of_strangers_count_neither_for_nor_against():
    one, other = generate_key("one.example"), generate_key("other.example")
    note = sign_note(TEXT, one, other)
    stranger = note.signatures[1]
    garbled = Note(TEXT, (note.signatures[0], type(stranger)(stranger.name, stranger.key_id, b"x" * 64)))
    assert garbled.verify([one.verifier]) == [one.verifier]
    with pytest.raises(NotSigned, match=r"not signed by third\.example"):
        garbled.verify([generate_key("third.example").verifier])
    with pytest.raises(NotSigned, match=r"signature of other\.example .* does not fit"):
        garbled.verify([one.verifier, other.verifier])
    with pytest.raises(NotSigned, match="no key given"):
        garbled.verify([])


def test_a_key_that_signed_twice_is_refused_and_signing_again_replaces():
    key = generate_key("one.example")
    note = sign_note(TEXT, key)
    with pytest.raises(NotSigned, match="2 times"):
        Note(TEXT, note.signatures * 2).verify([key.verifier])
    assert note.with_signatures(*note.signatures) == note


def test_one_name_may_have_two_keys():
    old, new = generate_key("office.example"), generate_key("office.example")
    note = parse_note(bytes(sign_note(TEXT, old, new)))
    assert note.verify([new.verifier]) == [new.verifier]
    assert note.verify([old.verifier, new.verifier]) == [old.verifier, new.verifier]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "newline"),
        (b"text\n", "no empty line"),
        (b"text\n\n", "no empty line"),
        (NOTE[:-1], "newline"),
        (b"\xff" + NOTE, "not UTF-8 at byte 0"),
        (b"a\tb" + NOTE, "line 1 .*control character"),
        (b"a\r\n" + NOTE, "line 1 .*control character"),
        (b"\n" + LINE.encode(), "no empty line"),
        (f"a\n\n- {LINE[2:]}".encode(), "line 3 is not a signature"),
        (f"a\n\n{LINE}x\n".encode(), "line 4 is not a signature"),
        ("a\n\n—  x08go/Y=\n".encode(), "key name"),
        ("a\n\n— a+b x08go/Y=\n".encode(), "key name"),
        ("a\n\n— a\u00a0b x08go/Y=\n".encode(), "key name"),
        ("a\n\n— ab x08go/Z=\n".encode(), "line 3 is not written as Base 64"),
        ("a\n\n— ab x08g*/Y=\n".encode(), "line 3 is not Base 64"),
        ("a\n\n— ab x08g\n".encode(), "only 3 bytes"),
        (f"a\n\n{LINE * 101}".encode(), "101 signatures"),
        (b"x" * 1_000_001, "1000001 bytes"),
    ],
)
def test_malformed_notes_are_refused_with_what_and_where(data, said):
    with pytest.raises(MalformedNote, match=said):
        parse_note(data)


@pytest.mark.parametrize(
    ("vkey", "said"),
    [
        ("", "name"),
        ("PeterNeumann", "is written"),
        ("PeterNeumann+c74f20a3", "is written"),
        (VKEY.replace("c74f20a3", "C74F20A3"), "is written"),
        (VKEY.replace("c74f20a3", "c74f20a4"), "has the id c74f20a3"),
        (VKEY.replace("Peter", "Peter "), "key name"),
        (VKEY[:-4], "29 bytes long"),
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "type 101"),
        ("a+00000000+", "type 0"),
    ],
)
def test_malformed_verifier_keys_are_refused(vkey, said):
    with pytest.raises(MalformedNote, match=said):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize(
    "skey", ["", VKEY, SKEY[:-4], SKEY.replace("c74f20a3", "c74f20a4"), SKEY.replace("+AYEK", "+AoEK")]
)
def test_malformed_secret_keys_are_refused_and_not_repeated(skey):
    with pytest.raises(MalformedNote) as refused:
        SigningKey.parse(skey)
    assert "AYEK" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "\n", "no newline", "tab\t\n"])
def test_what_is_no_text_of_a_note_is_not_signed(text):
    with pytest.raises(MalformedNote):
        sign_note(text, generate_key("a"))


def test_notes_are_not_signed_with_a_witness_key_or_with_none():
    with pytest.raises(MalformedNote, match="type 1"):
        sign_note(TEXT, generate_key("w", COSIGNATURE))
    with pytest.raises(MalformedNote, match="at least one"):
        sign_note(TEXT)
    with pytest.raises(MalformedNote, match="type 2"):
        VerifierKey("a", bytes(32), 2)
