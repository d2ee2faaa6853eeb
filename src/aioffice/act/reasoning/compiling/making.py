"""Compiles what is wanted into a function of the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType
from typing import cast

from aioffice.act.reasoning.compiling.nodes import Node, Nodes
from aioffice.act.reasoning.compiling.reasons import Reasons
from aioffice.act.reasoning.compiling.values import ALWAYS, NEVER, Values, Writer
from aioffice.act.reasoning.compiling.wanted import Fixed, Made, Rung, Since, Wanted, Why, Worth
from aioffice.act.reasoning.evaluating import Reason
from aioffice.act.reasoning.expressions import Expression, Regime
from aioffice.act.reasoning.timetable import Application, Timetable
from aioffice.act.reasoning.vocabulary import Facts


def maker(wanted: Wanted, regime: Regime, readings: Mapping[str, str]) -> Callable[[Facts], object]:
    """A function that makes what is wanted from facts that a vocabulary has read. Raises KeyError for an open question that has no
    reading."""
    writing = _Writing(regime, readings)
    writing.nodes.count_uses(_named(wanted, writing.nodes))
    for expression in _asked(wanted):
        writing.values.write(writing.nodes.of(expression))
    writing.writer.line(f"return {writing.part(wanted)}")
    return writing.function()


def ladder[T](
    rungs: Sequence[Rung[T]], otherwise: T, regime: Regime, readings: Mapping[str, str]
) -> Callable[[Facts], T]:
    """A function that climbs the rungs from facts that a vocabulary has read until one has a result: values alone, without reasons, and
    nothing that only later rungs ask. Raises KeyError for an open question that has no reading."""
    writing = _Writing(regime, readings)
    for rung in rungs:
        writing.climb(writing.nodes.of(rung.test), rung)
    writing.writer.line(f"return {writing.writer.name(otherwise)}")
    return cast("Callable[[Facts], T]", writing.function())


class _Writing:
    """The source of one function."""

    def __init__(self, regime: Regime, readings: Mapping[str, str]) -> None:
        self.nodes = Nodes(regime)
        self.writer = Writer()
        self.values = Values(self.writer, regime, dict(readings))
        self._reasons = Reasons(self.writer, self.values)
        self._applications: dict[int, str] = {}

    def part(self, wanted: Wanted) -> str:
        """Write what a part needs; how it stands in a line after that."""
        match wanted:
            case Fixed(value):
                return self.writer.name(value)
            case Worth(expression):
                return self.values.value(self.nodes.of(expression))
            case Why(expression):
                return self._reasons.write(self.nodes.of(expression))
            case Since(timetable):
                if id(timetable) not in self._applications:
                    self._applications[id(timetable)] = self._application(timetable)
                return self._applications[id(timetable)]
            case Made(kind, parts):
                return f"new({self.writer.name(kind)}, {_tuple([self.part(one) for one in parts])})"
            case _:
                return _tuple([self.part(one) for one in wanted])

    def climb[T](self, node: Node, rung: Rung[T]) -> None:
        """Write a rung."""
        self.values.write(node)
        holds, fails = self.values.holds(node), self.values.fails(node)
        unknown = NEVER if ALWAYS in (holds, fails) else f"not ({holds} or {fails})"
        for test, result in ((holds, rung.holds), (fails, rung.fails), (unknown, rung.unknown)):
            if result is not None and test != NEVER:
                self.writer.line(f"if {test}: return {self.writer.name(result)}")

    def function(self) -> Callable[[Facts], object]:
        """What was written, compiled."""
        source = "\n".join(("def made(facts):", " get = facts.get", *self.writer.lines))
        names = self.writer.names | {"new": tuple.__new__, "Reason": Reason}
        exec(compile(source, "<rules of the Act>", "exec"), names)  # noqa: S102  # our own rules, nothing from outside
        made = names["made"]
        assert isinstance(made, FunctionType)
        return made

    def _application(self, timetable: Timetable) -> str:
        """The entries until one holds: which of them are possible, and the reasons."""
        variable = f"a{len(self._applications)}"
        reasons: list[str] = []
        possible: list[str] = []
        nodes = [self.nodes.of(entry.when) for entry in timetable.entries]
        built = [self._reasons.write(node) for node in nodes]
        name = self.writer.name
        for number, (entry, node) in enumerate(zip(timetable.entries, nodes, strict=True)):
            reasons.append(built[number])
            last = number == len(nodes) - 1
            falls = self.values.fails(node)
            unless_it_falls = f"(() if {falls} else ({name(entry)},))"
            here = f"({name(entry)},)" if not last or falls == NEVER else unless_it_falls
            made = f"new({name(Application)}, ({' + '.join([*possible, here])}, {_tuple(reasons)}))"
            test = (
                "else"
                if last and number
                else f"{'elif' if number else 'if'} {ALWAYS if last else self.values.holds(node)}"
            )
            self.writer.line(f"{test}: {variable} = {made}")
            possible.append(unless_it_falls)
        return variable


def _named(wanted: Wanted, nodes: Nodes) -> Iterator[Node]:
    """The nodes whose reasons an answer names, as often as it does; a timetable names its own once, however many have it."""
    timetables: dict[int, Timetable] = {}
    for part in _parts(wanted):
        match part:
            case Why(expression):
                yield nodes.of(expression)
            case Since(timetable):
                timetables[id(timetable)] = timetable
    for timetable in timetables.values():
        yield from (nodes.of(entry.when) for entry in timetable.entries)


def _asked(wanted: Wanted) -> Iterator[Expression]:
    for part in _parts(wanted):
        match part:
            case Why(expression) | Worth(expression):
                yield expression
            case Since(timetable):
                yield from (entry.when for entry in timetable.entries)


def _parts(wanted: Wanted) -> Iterator[Worth | Why | Since]:
    """The parts that ask something."""
    match wanted:
        case Worth() | Why() | Since():
            yield wanted
        case Made():
            for part in wanted.parts:
                yield from _parts(part)
        case Fixed():
            return
        case _:
            for part in wanted:
                yield from _parts(part)


def _tuple(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
