"""What can be wrong with a log, each kind its own error. Every message says what is wrong and where."""

from __future__ import annotations


class LedgerError(Exception):
    """The parent of all of these."""


class MalformedNote(LedgerError):
    """A note, key or checkpoint is not written as C2SP signed-note and tlog-checkpoint lay down."""


class NotSigned(LedgerError):
    """A note carries no valid signature of a key it should be signed with."""


class MalformedTile(LedgerError):
    """A tile, an entry bundle or a path to one is not as C2SP tlog-tiles lays down."""


class MissingTile(LedgerError):
    """A tile or entry bundle that a log of this size must have is not there."""


class ProofFailed(LedgerError):
    """A proof does not lead to the root it should lead to."""


class SplitView(LedgerError):
    """Two signed checkpoints of one log cannot both be true: somebody was shown another log."""


class MalformedStatement(LedgerError):
    """An entry of the log is not a statement in its one canonical form."""
