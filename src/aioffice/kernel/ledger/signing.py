"""The keys with which the Office signs the checkpoints of its logs."""

from __future__ import annotations

from urllib.parse import urlsplit

from aioffice.kernel import secrets
from aioffice.kernel.ledger.keys import SigningKey, VerifierKey, generate_key
from aioffice.kernel.settings import settings

PUBLIC, INTERNAL = "public", "internal"
LOGS = (PUBLIC, INTERNAL)
"""The two logs: what is public, and every step of every case."""
_SECRETS = {PUBLIC: "ledger_key", INTERNAL: "ledger_internal_key"}


class NoKey(RuntimeError):
    """This process has no key to sign a log with."""


def make(log: str) -> str:
    """Make a key for a log, as the text that is kept. Its name, the log's origin, is the address at which the office opens first."""
    place = urlsplit(settings().base_url).netloc
    return generate_key(f"{place}/ledger" if log == PUBLIC else f"{place}/ledger/internal").secret


def signing_key(log: str) -> SigningKey:
    """The key that signs a log. NoKey where the office was never set up, or its key is kept elsewhere."""
    given = settings().ledger_key if log == PUBLIC else settings().ledger_internal_key
    secret = given.get_secret_value() if given else secrets.read(settings().data_dir).get(_SECRETS[log], "")
    if not secret:
        raise NoKey(
            f"There is no key for the {log} log: start the office once on this data folder, or set AIOFFICE_{_SECRETS[log].upper()}."
        )
    return SigningKey.parse(secret)


def verifier_key(log: str = PUBLIC) -> VerifierKey:
    """The public half, which everyone may have; its name is the log's origin."""
    return signing_key(log).verifier
