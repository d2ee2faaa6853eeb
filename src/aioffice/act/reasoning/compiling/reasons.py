"""Writes the source that builds reasons, for values that are worked out already.

A reason that rests on a single yes/no fact has three forms, and so has a rule that fails by one; such reasons are known from the rules
alone. They are built beforehand and stand in many answers, as small numbers do. All others are built anew for every answer; nothing is
kept from one answer to the next.

A reason that several name is built first, once; any other where the one reason that names it is built, and only as far as it is named: of
"all of" that fails, the first member that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from aioffice.act.reasoning.compiling.nodes import Node
from aioffice.act.reasoning.compiling.values import NEVER, Values, Writer
from aioffice.act.reasoning.evaluating import Reason, Value
from aioffice.act.reasoning.expressions import All, Any, Is, Not

type Put = Callable[[str, Collection[Value]], None]
"""Takes what has been built, as it stands in a line, at the end of each branch that builds it, and the values it may have there."""

ANY_VALUE: frozenset[Value] = frozenset({True, False, None})
FEW = 6
"""Choices between prebuilt reasons that are made faster than a reason is built."""
_PREBUILT = "K"


class _Forms(NamedTuple):
    """The reasons of a node that rests on one fact, by the value of that fact; the variable of the fact, empty where it rests on none."""

    variable: str
    reasons: dict[Value, Reason]


class Reasons:
    """Writes reasons, each where it is needed."""

    def __init__(self, writer: Writer, values: Values) -> None:
        self._writer = writer
        self._values = values
        self._forms: dict[int, _Forms | None] = {}
        self._built: set[int] = set()
        self._visited: set[int] = set()
        self._counted: dict[tuple[int, Value], int] = {}
        self._variables = 0

    def write(self, node: Node) -> str:
        """Write what builds a reason; how it stands in a line after that."""
        self._prepare(node)
        return self._named(node, ANY_VALUE)

    def _prepare(self, node: Node) -> None:
        """Build what several reasons name, the innermost first."""
        if node.number in self._visited:
            return
        self._visited.add(node.number)
        for member in node.members:
            self._prepare(member)
        if node.uses > 1 and self._forms_of(node) is None:
            self._build(node, ANY_VALUE, self._assigned(f"n{node.number}"))
            self._built.add(node.number)

    def _named(self, node: Node, possible: Collection[Value]) -> str:
        """How a reason stands in a line, once what builds it is written."""
        if (forms := self._forms_of(node)) is not None:
            return self._chosen(forms, possible)
        if node.number in self._built:
            return f"n{node.number}"
        self._variables += 1
        variable = f"w{self._variables}"
        self._build(node, possible, self._assigned(variable))
        return variable

    def _assigned(self, variable: str) -> Put:
        return lambda built, _values: self._writer.line(f"{variable} = {built}")

    def _build(self, node: Node, possible: Collection[Value], put: Put) -> None:
        """Build the reason of a node, the value of which is one of those possible here."""
        if (forms := self._forms_of(node)) is not None:
            put(self._chosen(forms, possible), possible)
        elif node.number in self._built and not self._is_better_chosen(node, possible):
            put(f"n{node.number}", possible)
        elif isinstance(node.expression, All | Any):
            self._build_join(node, possible, put, decisive=isinstance(node.expression, Any))
        elif node.members:
            (member,) = node.members
            turned = isinstance(node.expression, Not)

            def own(values: Collection[Value]) -> Collection[Value]:
                return [_opposite(value) for value in values] if turned else values

            def put_around(built: str, values: Collection[Value]) -> None:
                put(self._reason(node, own(values), [built]), own(values))

            self._build(member, own(possible), put_around)
        else:
            given = self._values.fact(node.expression.fact.name)  # type: ignore[attr-defined]  # a leaf asks a fact
            put(f"Reason(({self._writer.name(node.expression)}, {self._values.value(node)}, (), {given}))", possible)

    def _is_better_chosen(self, node: Node, possible: Collection[Value]) -> bool:
        """Whether what has been built is one of a few prebuilt reasons here: found again, it leads to a prebuilt one of the whole."""
        return len(possible) == 1 and 0 < self._choices(node, next(iter(possible))) <= FEW

    def _choices(self, node: Node, value: Value) -> int:
        """How many reasons there are for this value, if all of them can be built beforehand; none if some cannot."""
        if (node.number, value) not in self._counted:
            self._counted[node.number, value] = self._count_choices(node, value)
        return self._counted[node.number, value]

    def _count_choices(self, node: Node, value: Value) -> int:
        if (forms := self._forms_of(node)) is not None:
            return int(sum(reason.value is value for reason in forms.reasons.values()) == 1)
        if value is None or not node.members:
            return 0
        expression = node.expression
        inner = _opposite(value) if isinstance(expression, Not) else value
        if not isinstance(expression, All | Any):
            return self._choices(node.members[0], inner)
        if value is isinstance(expression, Any):
            each = [self._choices(member, inner) for member in self._deciding(node, value)]
            return sum(each) if all(each) else 0
        return int(all(self._choices(member, inner) == 1 for member in node.members))

    def _deciding(self, node: Node, decisive: bool) -> list[Node]:
        return [member for member in node.members if self._values.test(member, decisive) != NEVER]

    def _build_join(self, node: Node, possible: Collection[Value], put: Put, *, decisive: bool) -> None:
        deciding = self._deciding(node, decisive)
        decided = decisive in possible and bool(deciding) and self._values.test(node, decisive) != NEVER
        rest = [value for value in possible if value is not decisive]
        if decided and rest:
            self._writer.line(f"if {self._values.test(node, decisive)}:")
            self._inside(lambda: self._build_decided(node, deciding, put, decisive=decisive))
            self._writer.line("else:")
            self._inside(lambda: self._build_whole(node, rest, put, decisive=decisive))
        elif decided:
            self._build_decided(node, deciding, put, decisive=decisive)
        else:
            self._build_whole(node, rest, put, decisive=decisive)

    def _build_decided(self, node: Node, deciding: list[Node], put: Put, *, decisive: bool) -> None:
        """The first member that decides, alone."""

        def build(member: Node) -> None:
            self._build(member, [decisive], lambda built, values: put(self._reason(node, values, [built]), values))

        if len(deciding) == 1:
            build(deciding[0])
            return
        *first, last = deciding
        for number, member in enumerate(first):
            self._writer.line(f"{'elif' if number else 'if'} {self._values.test(member, decisive)}:")
            self._inside(partial(build, member))
        self._writer.line("else:")
        self._inside(partial(build, last))

    def _build_whole(self, node: Node, possible: Collection[Value], put: Put, *, decisive: bool) -> None:
        """All members: none of them decides alone. Where the whole is not known, each may be known or not."""
        each: list[Value] = [not decisive, None] if None in possible else [not decisive]
        put(self._reason(node, possible, [self._named(member, each) for member in node.members]), possible)

    def _inside(self, write: Callable[[], None]) -> None:
        self._writer.depth += 1
        write()
        self._writer.depth -= 1

    def _reason(self, node: Node, possible: Collection[Value], because: list[str]) -> str:
        """A reason from those below it; prebuilt where they all are and its value is certain."""
        names = self._writer.names
        if len(possible) == 1 and all(name.startswith(_PREBUILT) for name in because):
            (value,) = possible
            reason = Reason((node.expression, value, tuple(names[name] for name in because), None))  # type: ignore[misc]  # reasons all
            return self._writer.name(reason, _PREBUILT)
        said = str(next(iter(possible))) if len(possible) == 1 else self._values.value(node)
        return f"Reason(({self._writer.name(node.expression)}, {said}, ({', '.join(because)},), None))"

    def _chosen(self, forms: _Forms, possible: Collection[Value]) -> str:
        names = {
            given: self._writer.name(reason, _PREBUILT)
            for given, reason in forms.reasons.items()
            if reason.value in possible or not forms.variable
        }
        if len(names) == 1:
            return next(iter(names.values()))
        tests = {True: forms.variable, False: f"{forms.variable} is False"}
        said = [f"{names[given]} if {tests[given]} else " for given in (True, False) if given in names]
        if None in names:
            return f"({''.join(said)}{names[None]})"
        return f"({said[0]}{names[False]})"

    def _forms_of(self, node: Node) -> _Forms | None:
        if node.number not in self._forms:
            self._forms[node.number] = self._found_forms(node)
        return self._forms[node.number]

    def _found_forms(self, node: Node) -> _Forms | None:
        expression = node.expression
        if node.is_fixed:
            return _Forms("", {None: Reason((expression, self._values.fixed(node), (), None))})
        if node.is_yes_no:
            assert isinstance(expression, Is)
            given: tuple[Value, ...] = (True, False, None)
            return _Forms(
                self._values.fact(expression.fact.name),
                {value: Reason((expression, value, (), value)) for value in given},
            )
        if len(node.members) != 1 or (below := self._forms_of(node.members[0])) is None:
            return None
        turned = isinstance(expression, Not)
        return _Forms(
            below.variable,
            {
                given: Reason((expression, _opposite(reason.value) if turned else reason.value, (reason,), None))
                for given, reason in below.reasons.items()
            },
        )


def _opposite(value: Value) -> Value:
    return None if value is None else not value
