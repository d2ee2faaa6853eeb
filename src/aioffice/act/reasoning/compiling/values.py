"""Writes the source that works out values: one local variable for each fact and each join, named by number.

A condition of a written line is true or not. So each node has two: that it holds, and that it fails; where neither is so, it is not known.
"""

from __future__ import annotations

from aioffice.act.reasoning.compiling.nodes import Node
from aioffice.act.reasoning.evaluating import Evaluation, Value
from aioffice.act.reasoning.expressions import Above, All, Any, Before, Is, Not, OneOf, Regime, Rule

ALWAYS, NEVER = "True", "False"


class Writer:
    """Lines of source, and the names of whatever they refer to."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, object] = {}
        self.depth = 1
        self._named: dict[int, str] = {}

    def line(self, text: str) -> None:
        """Write a line at the depth where we are."""
        self.lines.append(" " * self.depth + text)

    def name(self, thing: object, letter: str = "C") -> str:
        """The name by which lines refer to a thing that is there before they run."""
        if (name := self._named.get(id(thing))) is None:
            name = self._named[id(thing)] = f"{letter}{len(self._named)}"
            self.names[name] = thing  # held here, so that no other thing gets its address
        return name


class Values:
    """Writes values, each once and after those it needs."""

    def __init__(self, writer: Writer, regime: Regime, readings: dict[str, str]) -> None:
        self._writer = writer
        self._fixed = Evaluation({}, regime, readings)
        self._written: set[int] = set()
        self._facts: dict[str, str] = {}
        self._tests: dict[int, tuple[str, str]] = {}

    def write(self, node: Node) -> None:
        """Write what works a node out, with all it needs, unless that stands already."""
        if node.number in self._written:
            return
        self._written.add(node.number)
        for member in node.members:
            self.write(member)
        self._tests[node.number] = self._tested(node)

    def fact(self, name: str) -> str:
        """The variable that holds what is known of a fact."""
        if (variable := self._facts.get(name)) is None:
            variable = self._facts[name] = f"f{len(self._facts)}"
            self._writer.line(f"{variable} = get({name!r})")
        return variable

    def fixed(self, node: Node) -> Value:
        """The value of a node that asks no fact. Raises KeyError for an open question that has no reading."""
        return self._fixed.value(node.expression)

    def holds(self, node: Node) -> str:
        """The condition that a node holds."""
        return self._tests[node.number][0]

    def fails(self, node: Node) -> str:
        """The condition that it fails."""
        return self._tests[node.number][1]

    def test(self, node: Node, value: bool) -> str:
        """The condition that it has that value."""
        return self.holds(node) if value else self.fails(node)

    def value(self, node: Node) -> str:
        """The value of a node, as it stands in a line."""
        holds, fails = self._tests[node.number]
        if fails == f"{holds} is False":
            return holds
        if ALWAYS in (holds, fails):
            return str(holds == ALWAYS)
        return f"(True if {holds} else False if {fails} else None)"

    def _tested(self, node: Node) -> tuple[str, str]:
        if node.is_fixed:
            return (ALWAYS, NEVER) if self.fixed(node) else (NEVER, ALWAYS)
        match node.expression:
            case Rule():
                return self._tests[node.members[0].number]
            case Not():
                holds, fails = self._tests[node.members[0].number]
                return fails, holds
            case All():
                return self._joined(node, decisive=False)
            case Any():
                return self._joined(node, decisive=True)
        return self._asked(node)

    def _asked(self, node: Node) -> tuple[str, str]:
        variable = f"v{node.number}"
        match node.expression:
            case Is(fact):
                given = self.fact(fact.name)
                if node.is_yes_no:
                    return given, f"{given} is False"
                said = f"bool({given})"
            case OneOf(fact, codes):
                given = self.fact(fact.name)
                said = f"{given} in {self._writer.name(codes)}"
            case Above(fact, number):
                given = self.fact(fact.name)
                said = f"{given} > {self._writer.name(number)}"
            case Before(fact, day):
                given = self.fact(fact.name)
                said = f"{given} < {self._writer.name(day)}"
            case _:
                raise TypeError(f"{node.expression!r} is no expression.")
        self._writer.line(f"{variable} = None if {given} is None else {said}")
        return variable, f"{variable} is False"

    def _joined(self, node: Node, *, decisive: bool) -> tuple[str, str]:
        deciding = [self.test(member, decisive) for member in node.members]
        other = [self.test(member, not decisive) for member in node.members]
        if ALWAYS in deciding:
            decided, rest = ALWAYS, NEVER
        elif all(test == ALWAYS for test in other):
            decided, rest = NEVER, ALWAYS
        elif len(node.members) == 1:
            decided, rest = deciding[0], other[0]
        else:
            variable = f"v{node.number}"
            decides = " or ".join(test for test in deciding if test != NEVER)
            excludes = NEVER if NEVER in other else " and ".join(test for test in other if test != ALWAYS)
            self._writer.line(f"{variable} = {decisive} if {decides} else {not decisive} if {excludes} else None")
            return variable, f"{variable} is False"
        return (decided, rest) if decisive else (rest, decided)
