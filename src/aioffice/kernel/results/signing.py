"""The key with which the Office signs results, and those it signed with before, which still check what they signed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aioffice.kernel import secrets
from aioffice.kernel.results import jws
from aioffice.kernel.results.keys import CheckingKey, SigningKey, key_set, make, parse_set
from aioffice.kernel.settings import settings

NAME, FORMER = "result_key", "result_keys_former"
"""How the key and the public halves of those before are called among the secrets, and in capitals after AIOFFICE_ in the environment."""


class NoKey(RuntimeError):
    """This process has no key to sign results with."""


class KeptElsewhere(RuntimeError):
    """The key comes from the environment: only whoever sets it there can change it."""


def signing_key() -> SigningKey:
    """The key that signs now. NoKey where the office was never set up."""
    given = settings().result_key
    secret = given.get_secret_value() if given is not None else secrets.read(settings().data_dir).get(NAME, "")
    if not secret:
        raise NoKey(
            "There is no key for results: start the office once on this data folder, or set AIOFFICE_RESULT_KEY."
        )
    return SigningKey.parse(secret)


def checking_keys() -> list[CheckingKey]:
    """Every key that results of this office are checked with, the one that signs now first. NoKey."""
    own = settings().result_keys_former
    former = own or ("" if settings().result_key is not None else secrets.read(settings().data_dir).get(FORMER, ""))
    return [signing_key().checking, *(parse_set(former) if former else ())]


def sign(content: Mapping[str, Any], at: datetime) -> str:
    """A result signed by the Office. NoKey."""
    return jws.sign(content, signing_key(), issuer=settings().base_url, at=at)


def change_key() -> CheckingKey:
    """Make a new key and keep the public half of the old one, so that results of before can still be checked. Returns the new one.

    Raises KeptElsewhere, and NoKey where there is no office.
    """
    if settings().result_key is not None:
        raise KeptElsewhere(
            "The key is set by AIOFFICE_RESULT_KEY: set another there, and AIOFFICE_RESULT_KEYS_FORMER."
        )
    new = make()

    def changed(known: dict[str, str]) -> dict[str, str]:
        if NAME not in known:
            raise NoKey("There is no key for results yet: start the office once on this data folder.")
        old = SigningKey.parse(known[NAME]).checking
        former = parse_set(known[FORMER]) if known.get(FORMER) else []
        return known | {NAME: new.secret, FORMER: json.dumps(key_set([old, *former]))}

    secrets.change(settings().data_dir, changed)
    return new.checking
