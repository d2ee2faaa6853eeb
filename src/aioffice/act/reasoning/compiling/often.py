"""A function of the facts that is worth compiling once it is asked often."""

from __future__ import annotations

from collections.abc import Callable

from aioffice.act.reasoning.vocabulary import Facts

PAYS_FROM = 50
"""Answers after which compiling pays: it takes about as long as this many interpreted ones."""


class Often[T]:
    """Answers as `interpreting` does; from the fiftieth answer on with what `compiling` gives, which answers the same.

    So a command that wants one answer does not wait for a compiler, and whoever wants many need not ask for it.
    """

    def __init__(self, interpreting: Callable[[Facts], T], compiling: Callable[[], Callable[[Facts], T]]) -> None:
        self._answering = interpreting
        self._compiling = compiling
        self._asked = 0

    def __call__(self, facts: Facts) -> T:
        """The answer for facts that a vocabulary has read."""
        if self._asked < PAYS_FROM:
            self._asked += 1
            if self._asked == PAYS_FROM:
                self.compile()
        return self._answering(facts)

    def compile(self) -> None:
        """Compile now, for whoever knows that many answers will be asked."""
        self._asked = PAYS_FROM
        self._answering = self._compiling()
