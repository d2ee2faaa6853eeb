"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562)."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_COUNTER_BITS, _TAIL_BITS = 42, 32
_lock = threading.Lock()
_last = (0, 0)  # milliseconds and counter of the newest identifier of this process


def uuid7() -> UUID:
    """Return a new version-7 UUID: 48 bits of Unix milliseconds, a counter of 42 bits, 32 random bits.

    Within a process every identifier is greater than the one before it, also within one millisecond and when the clock is set back
    (RFC 9562, 6.2, method 1), so that "in the order of the ids" is the order in which rows were made. The counter starts anew at a
    random place with each millisecond: identifiers cannot be guessed from each other across milliseconds. Rows keyed by it land next
    to each other in the index, which keeps bulk inserts fast.
    """
    global _last  # noqa: PLW0603 - the order holds for the process, so its memory is the process's
    with _lock:
        now, (then, counter) = time.time_ns() // 1_000_000, _last
        fresh = secrets.randbits(_COUNTER_BITS - 1)  # the top bit is left free, so that it cannot soon overflow
        if now > then:
            _last = (now, fresh)
        elif counter + 1 < 1 << _COUNTER_BITS:
            _last = (then, counter + 1)
        else:
            _last = (then + 1, fresh)
        milliseconds, counter = _last
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= (counter >> 30) << 64
    value |= 0b10 << 62
    value |= (counter & 0x3FFF_FFFF) << _TAIL_BITS
    value |= secrets.randbits(_TAIL_BITS)
    return UUID(int=value)
