"""Named places at which a process can be made to die at once, so that tests show what a crash costs: nothing that was committed.

The setting `AIOFFICE_FAIL_POINT=name` or `name:3` (the third time the place is reached) arms one. It is empty in any real office.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

from aioffice.kernel.settings import settings

PLACES = {
    "perform.recorded": "everything of a step is written, nothing is committed",
    "erase.redacted": "values are taken out of all that holds them, nothing is committed",
    "perform.committed": "a step is committed, nobody has been told",
    "deliver.handled": "an event's handler has done its work, nothing is committed",
    "deliver.committed": "an event's handling is committed, the job does not know yet",
    "publish.written": "the public rows are written and stated, nothing is committed",
    "mail.claimed": "an e-mail is claimed and committed, it has not gone out",
    "mail.sent": "an e-mail has gone out, that is not committed",
    "ledger.entered": "entries have their places in a log, nothing is signed or committed",
    "ledger.tiled": "the tiles are written too, nothing is signed or committed",
    "ledger.signed": "a checkpoint is signed, nothing is committed",
    "ledger.sequenced": "a checkpoint is committed, the job does not know yet",
    "ledger.keyed": "a new key for a log is kept, nothing is in the log",
    "ledger.rotated": "a log is signed with a new key, the folder of secrets still calls it the next one",
    "import.piece": "one piece of an import is committed",
    "clocks.lapsed": "what some clocks' silence brought about is written, others wait, nothing is committed",
    "clocks.reminded": "reminders and their notices are written, nothing is committed",
    "clocks.swept": "what ended is settled and committed, nobody has been reminded",
    "webhooks.sent": "a webhook's receiver has answered, nothing is written down",
    "retention.batch": "a batch of what was accepted is deleted and committed, the next is not begun",
    "clocks.settled": "what silence brought about is written, nothing is committed",
}

_reached: Counter[str] = Counter()


def reach(place: str) -> None:
    """Die here (SIGKILL, no clean-up whatsoever) when this place is armed; otherwise do nothing."""
    armed = settings().fail_point
    if not armed:
        return
    name, _colon, times = armed.partition(":")
    if name != place:
        return
    _reached[place] += 1
    if _reached[place] == int(times or 1):
        os.kill(os.getpid(), signal.SIGKILL)
