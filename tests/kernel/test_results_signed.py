"""Signed results: what was signed cannot be altered, the key is named, and a key of before still checks what it signed."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from aioffice.kernel import secrets
from aioffice.kernel.results import jws, signing
from aioffice.kernel.results.keys import KeyMisread, SigningKey, checking_key, key_set, make, parse_set
from aioffice.kernel.settings import Settings, settings

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
CONTENT = {"format": "aioffice-classification/1", "outcome": "high_risk", "compute": 2 * 10**25}
RFC_8037 = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
"""The example key of RFC 8037, Appendix A."""


def part(data: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    assert checking_key(RFC_8037).id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert SigningKey.parse(json.dumps(RFC_8037)).checking.id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_signed_result_says_who_signed_it_and_when() -> None:
    key = make()
    text = jws.sign(CONTENT, key, issuer="Acme", at=AT)
    said = jws.verify(text + "\n", [make().checking, key.checking])
    assert (said.content, said.issuer, said.at, said.key_id) == (CONTENT, "Acme", AT, key.checking.id)
    assert jws.is_signed(text)
    assert not jws.is_signed(json.dumps(CONTENT))


def test_any_jose_library_checks_it_with_the_published_key() -> None:
    key = make()
    text = jws.sign(CONTENT, key, at=AT)
    published = jwt.PyJWKSet.from_dict(key_set([key.checking]))
    found = jwt.PyJWS().decode_complete(text, published[key.checking.id], algorithms=["EdDSA"])
    assert json.loads(found["payload"]) == CONTENT


@pytest.mark.parametrize("place", [0, 1, 2])
def test_whatever_is_altered_is_refused(place: int) -> None:
    key = make()
    parts = jws.sign(CONTENT, key, issuer="Acme", at=AT).split(".")
    other = jws.sign(CONTENT | {"outcome": "exempt"}, key, issuer="Another", at=AT).split(".")
    parts[place] = other[place]
    with pytest.raises(jws.NotSigned):
        jws.verify(".".join(parts), [key.checking])


def test_another_key_is_not_taken_for_this_one() -> None:
    key = make()
    with pytest.raises(jws.KeyNotKnown, match=key.checking.id):
        jws.verify(jws.sign(CONTENT, key, at=AT), [make().checking])
    forged = jwt.PyJWS().encode(
        json.dumps(CONTENT).encode(),
        make().private,
        algorithm="EdDSA",
        headers={"kid": key.checking.id, "typ": jws.TYPE},
    )
    with pytest.raises(jws.NotSigned, match="does not hold"):
        jws.verify(forged, [key.checking])


def test_something_else_signed_with_the_key_is_no_result() -> None:
    key = make()
    token = jwt.PyJWS().encode(b"{}", key.private, algorithm="EdDSA", headers={"kid": key.checking.id})
    with pytest.raises(jws.NotSigned, match="no result"):
        jws.verify(token, [key.checking])


def test_none_is_no_signature() -> None:
    key = make()
    bare = f"{part({'alg': 'none', 'typ': jws.TYPE, 'kid': key.checking.id})}.{part(CONTENT)}."
    with pytest.raises(jws.NotSigned):
        jws.verify(bare, [key.checking])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        "..",
        "x" * 100,
        "é.é.é",
        f"{part([])}.{part({})}.AAAA",
        f"{part({'alg': 'EdDSA', 'crit': ['x']})}..AA",
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(jws.NotSigned):
        jws.verify(text, [make().checking])


def test_a_key_is_read_as_it_was_written_and_never_shown() -> None:
    key = make()
    assert SigningKey.parse(key.secret).checking == key.checking
    assert json.loads(key.secret)["d"] not in repr(key)
    assert parse_set(json.dumps(key_set([key.checking, key.checking]))) == [key.checking]
    assert parse_set(json.dumps(key.checking.jwk)) == [key.checking]


def test_a_pem_file_of_openssl_is_read() -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert SigningKey.parse(pem).checking.public == private.public_key().public_bytes_raw()
    sealed = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()
    with pytest.raises(KeyMisread, match="password"):
        SigningKey.parse(sealed)
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(KeyMisread, match="Ed25519 is expected"):
        SigningKey.parse(other.decode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        json.dumps({name: value for name, value in RFC_8037.items() if name != "d"}),
        json.dumps(RFC_8037 | {"crv": "X25519"}),
        json.dumps(RFC_8037 | {"d": "short"}),
        json.dumps(RFC_8037 | {"x": make().checking.jwk["x"]}),
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ],
)
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(KeyMisread) as refused:
        SigningKey.parse(text)
    assert RFC_8037["d"] not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": 1}', '{"keys": [{"kty": "RSA"}]}'])
def test_a_set_without_a_key_of_ours_is_refused(text: str) -> None:
    with pytest.raises(KeyMisread):
        parse_set(text)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    own = settings().model_copy(update={"data_dir": tmp_path})
    monkeypatch.setattr(signing, "settings", lambda: own)
    return own


def test_the_office_makes_its_key_at_first_start_and_a_new_one_leaves_the_old_one_checking(office: Settings) -> None:
    with pytest.raises(signing.NoKey, match="start the office once"):
        signing.signing_key()
    with pytest.raises(signing.NoKey):
        signing.change_key()
    secrets.ensure(office.data_dir)
    first = signing.sign(CONTENT, AT)
    new = signing.change_key()
    second = signing.sign(CONTENT, AT)
    assert jws.unchecked(second).key_id == new.id
    signing.change_key()
    for text in (first, second):
        assert jws.verify(text, signing.checking_keys()).issuer == office.base_url
    assert len(signing.checking_keys()) == 3


def test_a_key_of_the_environment_is_changed_there(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    key, former = make(), make()
    monkeypatch.setenv("AIOFFICE_RESULT_KEY", key.secret)
    monkeypatch.setenv("AIOFFICE_RESULT_KEYS_FORMER", json.dumps(key_set([former.checking])))
    given = Settings(data_dir=office.data_dir)
    monkeypatch.setattr(signing, "settings", lambda: given)
    assert signing.checking_keys() == [key.checking, former.checking]
    with pytest.raises(signing.KeptElsewhere, match="AIOFFICE_RESULT_KEYS_FORMER"):
        signing.change_key()
