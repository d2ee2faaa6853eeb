"""A layered layout of our own: states in rows from top to bottom, the names of steps between the rows, few crossings, no overlap.

The names of steps are nodes too, in rows of their own, so that no line runs through a text. Steps that lead back are turned round while
the rows are worked out. Within a row, places come as near to their neighbours' as the widths allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS = 24
SETTLING = 120
"""How often places are drawn towards their neighbours before they stand."""
SIDE_GAP = 22.0
"""Pixels between two neighbours in a row."""
ROW_GAP = 24.0
"""Pixels between two rows."""


@dataclass(slots=True, eq=False)
class Node:
    """A box to place; `x`, `y` are its middle. `row` counts from the top: states stand in even rows."""

    key: object
    width: float
    height: float
    row: int = 0
    x: float = 0.0
    y: float = 0.0
    above: list[Node] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """A line to draw between two states: `label` gives the size of its text. After layout `chain` holds its nodes from top to bottom."""

    source: str
    target: str
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """The layout: places of the states, and for each link its nodes from top to bottom (`upward` when it points up)."""

    states: Mapping[str, Node]
    chains: Sequence[tuple[Node, ...]]
    upward: Sequence[bool]
    width: float
    height: float


def place(sizes: Mapping[str, tuple[float, float]], links: Sequence[Link]) -> Placed:
    """Lay out states of the given sizes (in the order declared, the first at the top) and the links between them."""
    back = _leading_back(list(sizes), links)
    ranks = _ranks(list(sizes), [_turned(link) if one else link for link, one in zip(links, back, strict=True)])
    states = {name: Node(name, *sizes[name], row=2 * ranks[name]) for name in sizes}
    chains = [_chain(states, link, upward) for link, upward in zip(links, back, strict=True)]
    rows: list[list[Node]] = [[] for _ in range(2 * max(ranks.values()) + 1)]
    for node in [*states.values(), *(inner for chain in chains for inner in chain[1:-1])]:
        rows[node.row].append(node)
    _order(rows)
    _spread(rows)
    width, height = _fit(rows)
    return Placed(states, chains, back, width, height)


def _turned(link: Link) -> Link:
    return Link(link.target, link.source, link.label)


def _leading_back(names: Sequence[str], links: Sequence[Link]) -> list[bool]:
    """Which links lead back to a state on the way to where they start."""
    out: dict[str, list[int]] = {name: [] for name in names}
    for number, link in enumerate(links):
        out[link.source].append(number)
    back = [False] * len(links)
    on_way: set[str] = set()
    done: set[str] = set()

    def walk(name: str) -> None:
        on_way.add(name)
        for number in out[name]:
            target = links[number].target
            if target in on_way:
                back[number] = True
            elif target not in done:
                walk(target)
        on_way.discard(name)
        done.add(name)

    for name in names:
        if name not in done:
            walk(name)
    return back


def _ranks(names: Sequence[str], links: Sequence[Link]) -> dict[str, int]:
    """Each state one below the lowest of those that lead to it."""
    ranks = dict.fromkeys(names, 0)
    for _round in names:
        for link in links:
            ranks[link.target] = max(ranks[link.target], ranks[link.source] + 1)
    return ranks


def _chain(states: Mapping[str, Node], link: Link, upward: bool) -> tuple[Node, ...]:
    """The nodes a link runs through: its text in the first row below the upper state, then a narrow passage through every other row."""
    upper, lower = (states[link.target], states[link.source]) if upward else (states[link.source], states[link.target])
    inner = [Node(link, *link.label, row=upper.row + 1)]
    inner += [Node(None, 2.0, 0.0, row=row) for row in range(upper.row + 2, lower.row)]
    chain = (upper, *inner, lower)
    for one, next_one in pairwise(chain):
        one.below.append(next_one)
        next_one.above.append(one)
    return chain


def _order(rows: list[list[Node]]) -> None:
    """Reorder each row by the middle of its neighbours, downwards and upwards in turn; keep the order with the fewest crossings."""
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else rows[::-1]:
            places = {id(node): place for each in rows for place, node in enumerate(each)}
            row.sort(key=lambda node, down=down, places=places: _middle(node, places, down=down))  # type: ignore[misc]
        crossings = _crossings(rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    rows[:] = best


def _middle(node: Node, places: Mapping[int, int], *, down: bool) -> float:
    near = node.above if down else node.below
    if not near:
        return float(places[id(node)])
    return sum(places[id(other)] for other in near) / len(near)


def _crossings(rows: Sequence[Sequence[Node]]) -> int:
    places = {id(node): place for row in rows for place, node in enumerate(row)}
    count = 0
    for row in rows:
        lines = [(places[id(node)], places[id(other)]) for node in row for other in node.below]
        count += sum(a < c and b > d for a, b in lines for c, d in lines)
    return count


def _spread(rows: Sequence[Sequence[Node]]) -> None:
    """Give every node its x: packed first, then drawn towards its neighbours."""
    for row in rows:
        at = 0.0
        for node in row:
            node.x = at + node.width / 2
            at += node.width + SIDE_GAP
        for node in row:
            node.x -= (at - SIDE_GAP) / 2
    for sweep in range(SETTLING):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = [_pull(node) for node in row]
            for node, x in zip(row, _apart(row, wanted), strict=True):
                node.x = x
    for row in rows[1:]:  # last from the top down, so that a line which can be straight is straight
        wanted = [sum(other.x for other in node.above) / len(node.above) for node in row]
        for node, x in zip(row, _apart(row, wanted), strict=True):
            node.x = x


def _pull(node: Node) -> float:
    if node.key is None:  # a passage follows the line above it, so that a long line bends only at its ends
        return node.above[0].x
    near = [*node.above, *node.below]
    return sum(other.x for other in near) / len(near) if near else node.x


def _apart(row: Sequence[Node], wanted: Sequence[float]) -> list[float]:
    """The places nearest to those wanted (least squares) that keep the order and the gaps: pools of neighbours that push each other."""
    offsets = [0.0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (left.width + right.width) / 2 + SIDE_GAP)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, count = want - offset, 1
        while pools and pools[-1][0] > mean:
            before, size = pools.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        pools.append((mean, count))
    means = [mean for mean, count in pools for _each in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _fit(rows: Sequence[Sequence[Node]]) -> tuple[float, float]:
    """Move everything into the positive; give every row its height. Return width and height of the whole."""
    left = min(node.x - node.width / 2 for row in rows for node in row)
    for node in (node for row in rows for node in row):
        node.x -= left
    top = 0.0
    for row in rows:
        height = max(node.height for node in row)
        for node in row:
            node.y = top + height / 2
        top += height + ROW_GAP
    right = max(node.x + node.width / 2 for row in rows for node in row)
    return right, top - ROW_GAP
