"""All facts that a set of rules asks, by name; and how what somebody knows is read against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from aioffice.act.reasoning.facts import ContradictionError, Fact, FactsError, FactValue, check

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
        self._within = {fact.name: fact.within.name for fact in self if fact.within is not None}

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
        known = {name: check(self[name], value) for name, value in given.items() if value is not None}
        for name in list(known):
            self._widen(name, known)
        for name, outer in self._within.items():
            # In the order of declaration, so that a "no" reaches through several fences.
            if known.get(outer) is False:
                known.setdefault(name, False)
        return MappingProxyType(known)

    def _widen(self, name: str, known: dict[str, FactValue]) -> None:
        while known[name] is True and (outer := self._within.get(name)) is not None:
            if known.setdefault(outer, True) is False:
                raise ContradictionError(
                    name, f"cannot be true while {outer} is false: the first is a case of the second."
                )
            name = outer
