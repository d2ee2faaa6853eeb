"""A digest stands for one value at one place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.canonical import canonical, leaves, salted_digest, salted_digests

SALT = bytes(16)


def test_where_the_pointer_ends_and_the_value_begins_is_part_of_the_digest():
    assert "/a1" + canonical(2).decode() == "/a" + canonical(12).decode()
    assert salted_digest(SALT, "/a1", 2) != salted_digest(SALT, "/a", 12)


def test_a_digest_is_what_the_documentation_says():
    # printf '0000000000000000...' with 16 zero bytes, "/a", a zero byte and "12", through any SHA-256.
    import hashlib

    assert salted_digest(SALT, "/a", 12) == hashlib.sha256(bytes(16) + b"/a\x0012").hexdigest()


def test_every_value_has_a_digest_and_a_salt_of_its_own():
    document = {"a": [1, 1, {"b": None}], "c": [], "d/e": {"~": "x"}}
    digests, salts = salted_digests(document)
    assert sorted(digests) == sorted(salts) == sorted(dict(leaves(document)))
    assert len(set(salts.values())) == len(set(digests.values())) == len(digests)
    assert all(digests[p] == salted_digest(bytes.fromhex(salts[p]), p, value) for p, value in leaves(document))


@given(st.text(), st.text(), st.integers() | st.text(), st.integers() | st.text())
def test_different_places_and_values_are_different_bytes(one, other, value, another):
    if (one, value) != (other, another):
        assert one.encode() + b"\0" + canonical(value) != other.encode() + b"\0" + canonical(another)
