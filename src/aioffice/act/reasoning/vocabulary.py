"""All facts that a set of rules asks, by name; and how what somebody knows is read against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import cast

from aioffice.act.reasoning.facts import ContradictionError, Fact, FactKind, FactsError, FactValue, check

type Facts = Mapping[str, FactValue]
"""What is known: value by name of fact. What is not in it is not known."""


class UnknownFactError(FactsError):
    """No fact has that name. Never ignored: whoever wrote it believes that it counts."""


class Vocabulary:
    """The facts of a set of rules, in the order in which they are declared."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._facts: dict[str, Fact] = {}
        for fact in facts:
            if self._facts.setdefault(fact.name, fact) is not fact:
                raise ValueError(f"Two facts are named {fact.name}.")
        self._above: dict[str, str | None] = {
            fact.name: None if fact.within is None else fact.within.name
            for fact in self
            if fact.kind is FactKind.YES_NO
        }
        """Of each yes/no fact the one it lies within."""
        for fact in self:
            if fact.within is not None and not {fact.name, fact.within.name} <= self._above.keys():
                raise ValueError(
                    f"{fact.name} lies within {fact.within.name}: both must be yes/no facts, and both be here."
                )
        self._below: dict[str, dict[str, FactValue]] = {name: {} for name in self._above}
        """Of each yes/no fact those that lie within it, however deep: none of them holds where it does not."""
        for name in self._above:
            outer = self._above[name]
            while outer is not None:
                self._below[outer][name] = False
                outer = self._above[outer]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def __contains__(self, name: object) -> bool:
        return name in self._facts

    def __len__(self) -> int:
        return len(self._facts)

    def __getitem__(self, name: str) -> Fact:
        """The fact of that name. Raises UnknownFactError with the nearest one."""
        if (fact := self._facts.get(name)) is not None:
            return fact
        import difflib  # only on the way to an error: the Act loads fast

        near = difflib.get_close_matches(name, self._facts, n=1)
        raise UnknownFactError(name, "no fact has this name" + (f"; the nearest is {near[0]}." if near else "."))

    def read(self, given: Mapping[str, object]) -> Facts:
        """What is known, checked, with what follows from it: what lies within a "no" does not hold, and what holds makes whatever it
        lies within hold. None says that something is not known. Raises FactsError, UnknownFactError and ContradictionError."""
        return MappingProxyType(self.known(given))

    def known(self, given: Mapping[str, object]) -> dict[str, FactValue]:
        """What `read` says, for whoever keeps it to himself."""
        known = cast("dict[str, FactValue]", dict(given))
        above, below = self._above, self._below
        widened, narrowed = [], []
        for name, value in given.items():
            # Most facts are yes or no; this loop is run for each of them of each system of a portfolio.
            if value is False and name in below:
                if below[name]:
                    narrowed.append(name)
            elif value is True and name in above:
                if above[name]:
                    widened.append(name)
            elif value is None:
                del known[name]
            else:
                known[name] = check(self[name], value)
        for name in widened:
            self._widen(name, known)
        for name in narrowed:
            # None of these is known to hold: the name above it would have been widened to, and contradicted.
            known |= below[name]
        return known

    def _widen(self, name: str, known: dict[str, FactValue]) -> None:
        while (outer := self._above[name]) is not None:
            if known.setdefault(outer, True) is False:
                raise ContradictionError(
                    name, f"cannot be true while {outer} is false: the first is a case of the second."
                )
            name = outer
