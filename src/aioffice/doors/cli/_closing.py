"""Being asked to close: once in good order, twice at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Closing(threading.Event):
    """Set when somebody asks the office to close; `at_once` is set when they ask again."""

    def __init__(self) -> None:
        super().__init__()
        self.at_once = threading.Event()

    def asked(self, _number: int, _frame: FrameType | None) -> None:
        """A signal came."""
        if self.is_set():
            self.at_once.set()
        self.set()


@contextlib.contextmanager
def closing_on_signals() -> Iterator[Closing]:
    """What SIGINT, SIGTERM and SIGHUP set inside the block."""
    closing = Closing()
    before = {what: signal.signal(what, closing.asked) for what in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield closing
    finally:
        for what, handler in before.items():
            signal.signal(what, handler)
