"""The distinct expressions of a set of rules under one text: what is equal is one node, however often it was written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aioffice.act.reasoning.expressions import Expression, Is, Reading, Regime, Rule
from aioffice.act.reasoning.facts import FactKind


@dataclass(slots=True, eq=False)
class Node:
    """A distinct expression, and those it asks under the text in question.

    `uses` counts how often reasons of others, or an answer itself, name its reason.
    """

    number: int
    expression: Expression
    members: tuple[Node, ...]
    uses: int = 0

    @property
    def is_yes_no(self) -> bool:
        """Whether it asks one fact that holds or does not: its value is the fact itself."""
        return isinstance(self.expression, Is) and self.expression.fact.kind is FactKind.YES_NO

    @property
    def is_fixed(self) -> bool:
        """Whether it asks no fact: a reading of an open question, or a join of nothing."""
        return isinstance(self.expression, Reading) or (not self.members and not hasattr(self.expression, "fact"))


class Nodes:
    """All nodes under one text."""

    def __init__(self, regime: Regime) -> None:
        self._regime = regime
        self._by_content: dict[object, Node] = {}
        self._by_identity: dict[int, tuple[Expression, Node]] = {}

    def of(self, expression: Expression) -> Node:
        """The node of an expression."""
        known = self._by_identity.get(id(expression))
        if known is None:
            # The expression is kept with its node: an address is used again once nobody holds what was there.
            known = self._by_identity[id(expression)] = (expression, self._found(expression))
        return known[1]

    def _found(self, expression: Expression) -> Node:
        if isinstance(expression, Rule):
            parts = tuple(self.of(part) for part in expression.parts)
            content: object = (Rule, expression.provision, expression.summary, parts, expression.new)
            members: tuple[Node, ...] = (self.of(expression.condition(self._regime)),)
        elif expression.parts:
            members = tuple(self.of(part) for part in expression.parts)
            content = (type(expression), members)
        else:
            members, content = (), expression
        if (node := self._by_content.get(content)) is None:
            node = self._by_content[content] = Node(len(self._by_content), expression, members)
        return node

    def count_uses(self, named: Iterable[Node]) -> None:
        """Count for each node how often its reason is named, beginning with those that an answer names."""
        waiting = list(named)
        while waiting:
            node = waiting.pop()
            node.uses += 1
            if node.uses == 1:
                waiting.extend(node.members)
