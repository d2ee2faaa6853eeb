"""The keys with which the Office signs the checkpoints of its logs, and the one with which it cosigns those of others."""

from __future__ import annotations

from urllib.parse import urlsplit

from aioffice.kernel import secrets
from aioffice.kernel.ledger.errors import MalformedNote
from aioffice.kernel.ledger.keys import COSIGNATURE, NOTE, SigningKey, VerifierKey, generate_key
from aioffice.kernel.settings import settings

PUBLIC, INTERNAL, WITNESS = "public", "internal", "witness"
LOGS = (PUBLIC, INTERNAL)
"""The two logs: what is public, and every step of every case."""
NAMES = {PUBLIC: "ledger_key", INTERNAL: "ledger_internal_key", WITNESS: "ledger_witness_key"}
"""How the key of each is called among the secrets, and in capitals after AIOFFICE_ in the environment."""
NEXT, BEFORE = "_next", "_before"
"""While one key takes the place of another: what the new and the old one are called, after the name."""
_PLACES = {PUBLIC: "ledger", INTERNAL: "ledger/internal", WITNESS: "witness"}


class NoKey(RuntimeError):
    """This process has no key to sign a log with."""


def make(log: str) -> str:
    """Make a key, as the text that is kept. Its name, the log's origin, is the address at which the office opens first."""
    place = urlsplit(settings().base_url).netloc
    return generate_key(f"{place}/{_PLACES[log]}", COSIGNATURE if log == WITNESS else NOTE).secret


def from_environment(log: str) -> bool:
    """Whether the key of a log is set in the environment, and not kept in the data folder."""
    return getattr(settings(), NAMES[log]) is not None


def kept(log: str, which: str = "") -> SigningKey | None:
    """A key as it is kept: the one that signs, the NEXT one or the one BEFORE; None if there is none. NoKey where it cannot be read."""
    name = NAMES[log] + which
    if from_environment(log):
        given = getattr(settings(), name, None)
        secret = given.get_secret_value() if given else ""
    else:
        secret = secrets.read(settings().data_dir).get(name, "")
    try:
        return SigningKey.parse(secret) if secret else None
    except MalformedNote as error:
        where = (
            f"AIOFFICE_{name.upper()}" if from_environment(log) else f"{name} in {secrets.kept_in(settings().data_dir)}"
        )
        raise NoKey(f"{where} is no key of a log: {error}. Bring it back from a backup.") from None


def keyring(log: str) -> list[SigningKey]:
    """All keys this process has for a log, the one it takes to sign first. Which of them does sign, the log itself says: `keychain`.

    NoKey where the office was never set up, or its key is kept elsewhere.
    """
    found = [key for which in ("", NEXT, BEFORE) if (key := kept(log, which)) is not None]
    if not found or kept(log) is None:
        raise NoKey(
            f"There is no key for the {log} log: start the office once on this data folder, or set AIOFFICE_{NAMES[log].upper()}."
        )
    return found


def signing_key(log: str) -> SigningKey:
    """The first key of the ring. NoKey."""
    return keyring(log)[0]


def verifier_key(log: str = PUBLIC) -> VerifierKey:
    """The public half, which everyone may have; its name is the log's origin. NoKey."""
    return signing_key(log).verifier
