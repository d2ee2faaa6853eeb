"""A new key for a log: kept first, then recorded in the log and signed with it in one transaction, then called the key.

Which key signs is what the log says, never what a file calls it. A process that dies on the way leaves a log that goes on: with the old
key where the record is not in it, with the new one where it is; the next change, or the nightly job, puts the names in order.

Whoever changes a key or puts names in order does so alone. What is thrown away is a key that the log names as replaced, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aioffice.kernel import durable, secrets
from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.ledger import keychain
from aioffice.kernel.ledger.keys import NOTE, SigningKey, VerifierKey, generate_key
from aioffice.kernel.ledger.rotating import rotation
from aioffice.kernel.ledger.sequencer import SEQUENCER, rotate
from aioffice.kernel.ledger.signing import BEFORE, LOGS, NAMES, NEXT, from_environment, kept, keyring
from aioffice.kernel.settings import settings

if TYPE_CHECKING:
    from aioffice.kernel.parties.actor import Actor


class KeyToSet(Exception):
    """The keys are set in the environment, and the new one is not: here it is, to be set as `variable`."""

    def __init__(self, variable: str, key: SigningKey) -> None:
        super().__init__(f"{variable} is not set.")
        self.variable, self.key = variable, key


class UnfitKey(ValueError):
    """The key set as the next one cannot be it; the message says why."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Which key took the place of which, and until when the old one signs beside it; None if it does not."""

    old: VerifierKey
    new: VerifierKey
    both_until: datetime | None


def change_key(log: str, *, actor: Actor, at: datetime, grace: bool = True) -> Changed:
    """Make a key and let it sign a log from now on. Without `grace` the old key is thrown away at once.

    Raises KeyToSet, UnfitKey, `sequencer.StaleRotation`, `signing.NoKey`.
    """
    with _alone():
        _order(log, at)
        old, new = _signing_now(log), _next(log)
        reach("ledger.keyed")
        rotate(log, rotation(old, new, at), actor=actor, at=at)
        _order(log, at, grace=grace)
    days = settings().ledger_key_grace_days
    return Changed(old.verifier, new.verifier, at + timedelta(days=days) if grace and days else None)


@contextmanager
def _alone() -> Iterator[None]:
    with durable.locked(secrets.folder(settings().data_dir) / ".ledger-keys.lock"):
        yield


def _signing_now(log: str) -> SigningKey:
    with acting(SEQUENCER):
        named = keychain.current(log)
    ring = keyring(log)
    if named is None:
        return ring[0]
    found = next((key for key in ring if key.verifier == named), None)
    if found is None:
        raise UnfitKey(
            f"The {log} log is signed with {named}, whose secret half is not here: only its holder can hand over."
        )
    return found


def _next(log: str) -> SigningKey:
    now = keyring(log)[0]
    name = NAMES[log] + NEXT
    found = kept(log, NEXT)
    if from_environment(log):
        variable = f"AIOFFICE_{name.upper()}"
        if found is None:
            raise KeyToSet(variable, generate_key(now.name))
        _check_next(log, found, variable)
        return found
    if found is None:
        found = generate_key(now.name)
        secrets.change(settings().data_dir, lambda known: known | {name: found.secret})
    return found


def _check_next(log: str, key: SigningKey, variable: str) -> None:
    with acting(SEQUENCER):
        known = [one.key for one in keychain.periods(log)] or [keyring(log)[0].verifier]
    if key.kind != NOTE or key.name != known[0].name:
        raise UnfitKey(
            f"{variable} is a key of {key.name}, type {key.kind}; it has to be one of {known[0].name}, type {NOTE}."
        )
    if key.verifier in known:
        raise UnfitKey(f"{variable} holds {key.verifier}, which has signed the {log} log already: a new key is needed.")


def tidy(log: str, *, at: datetime) -> None:
    """Put the names of the kept keys in order after the log: what signs is the key, the one it replaced the one before.

    Keys that neither sign nor will are thrown away when their grace has ended. Nothing is touched where keys are set in the environment.
    """
    with _alone():
        _order(log, at)


def _order(log: str, at: datetime, *, grace: bool = True) -> None:
    if from_environment(log):
        return
    name = NAMES[log]

    def ordered(held: dict[str, str]) -> dict[str, str]:
        # Read while nobody changes the file: what the log says now is what it is held against.
        with acting(SEQUENCER):
            known = keychain.periods(log)
        ring = {
            SigningKey.parse(held[one]).verifier: held[one]
            for one in (name, name + NEXT, name + BEFORE)
            if held.get(one)
        }
        if not known or known[0].key not in ring:
            return held  # the sequencer says so, and loudly
        if SigningKey.parse(held[name]).verifier != known[0].key:
            held[name + BEFORE], held[name] = held[name], ring[known[0].key]
        if name + NEXT in held and SigningKey.parse(held[name + NEXT]).verifier == known[0].key:
            del held[name + NEXT]
        ended = at >= known[0].since + timedelta(days=settings().ledger_key_grace_days)
        replaced = {one.key for one in known[1:]}
        if (
            name + BEFORE in held
            and SigningKey.parse(held[name + BEFORE]).verifier in replaced
            and (ended or not grace)
        ):
            del held[name + BEFORE]
        return held

    secrets.change(settings().data_dir, ordered)


def tidy_all(at: datetime) -> None:
    """Do so for every log."""
    for log in LOGS:
        tidy(log, at=at)
