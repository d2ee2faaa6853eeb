"""The state diagram as SVG: readable without any tool, with a title and a description in words for whoever does not see it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from aioffice.kernel.procedures.docs.graph import Graph, Vertex, in_words
from aioffice.kernel.procedures.docs.layout import Link, Node, Placed, place
from aioffice.kernel.procedures.docs.lettering import BOLD, width_of, wrapped

MARGIN = 16.0
TITLE, SMALL, LINE = 15.0, 13.0, 18.0
"""Font sizes and the height of a line, in pixels."""
STATE_MOST, LABEL_MOST = 250.0, 160.0
"""Widest line in a state and in the name of a step, in pixels."""
PAD = 12.0
DOT = 9.0
INK, QUIET, OPEN, CLOSED, PAPER = "#26324b", "#515560", "#e9edf6", "#f2f2f2", "#ffffff"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


def diagram(graph: Graph, title: str) -> str:
    """Return the SVG of a procedure's states, as wide as it needs to be; pages scale it to their width."""
    boxes = {vertex.name: _Box(vertex) for vertex in graph.vertices}
    texts = [_label(edge.titles) for edge in graph.edges]
    links = [
        Link(edge.source, edge.target, (max(width_of(line, SMALL) for line in lines) + 8, LINE * len(lines) + 4))
        for edge, lines in zip(graph.edges, texts, strict=True)
    ]
    placed = place({name: box.size for name, box in boxes.items()}, links)
    parts = [part for chain, up in zip(placed.chains, placed.upward, strict=True) for part in _line(chain, placed, up)]
    parts += [_words(chain[1], lines) for chain, lines in zip(placed.chains, texts, strict=True)]
    parts += [box.draw(placed.states[name]) for name, box in boxes.items()]
    width, height = _n(placed.width + 2 * MARGIN), _n(placed.height + 2 * MARGIN)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc" font-family="{FONT}">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(in_words(graph))}</desc>',
            f'<rect width="100%" height="100%" fill="{PAPER}"/>',
            f'<g transform="translate({_n(MARGIN)} {_n(MARGIN)})">',
            *parts,
            "</g>",
            "</svg>",
            "",
        ]
    )


class _Box:
    """A state as drawn: its title, and the steps taken in it without leaving it."""

    def __init__(self, vertex: Vertex) -> None:
        self.vertex = vertex
        self.title = wrapped(vertex.title, TITLE * BOLD, STATE_MOST)
        self.stays = [line for title in vertex.stays for line in _bulleted(title)]
        lines = [(line, TITLE * BOLD) for line in self.title] + [(line, SMALL) for line in self.stays]
        width = max(width_of(line, size) for line, size in lines) + 2 * PAD
        height = LINE * len(lines) + PAD + (PAD if self.stays else 0)
        self.size = (2 * DOT, 2 * DOT) if vertex.entry else (max(width, 90.0), height)

    def draw(self, node: Node) -> str:
        if self.vertex.entry:
            return f'<circle cx="{_n(node.x)}" cy="{_n(node.y)}" r="{_n(DOT)}" fill="{INK}"/>'
        left, top = node.x - node.width / 2, node.y - node.height / 2
        fill = OPEN if self.vertex.open else CLOSED
        parts = [_rect(left, top, node.width, node.height, f'fill="{fill}" stroke="{INK}" stroke-width="1.5"')]
        if not self.vertex.open:
            parts.append(
                _rect(
                    left + 3, top + 3, node.width - 6, node.height - 6, f'fill="none" stroke="{INK}" stroke-width="1"'
                )
            )
        y = top + PAD / 2
        for line in self.title:
            y += LINE
            parts.append(_text(node.x, y - 3.5, line, TITLE, 'font-weight="bold" text-anchor="middle"'))
        if self.stays:
            y += PAD / 2
            parts.append(
                f'<line x1="{_n(left + 8)}" y1="{_n(y)}" x2="{_n(left + node.width - 8)}" y2="{_n(y)}" stroke="{QUIET}"/>'
            )
            y += PAD / 4
            for line in self.stays:
                y += LINE
                parts.append(_text(left + PAD, y - 5, line, SMALL, 'xml:space="preserve"'))
        return "\n".join(parts)


def _bulleted(title: str) -> list[str]:
    lines = wrapped(title, SMALL, STATE_MOST - 14)
    return [f"• {lines[0]}", *(f"   {line}" for line in lines[1:])]


def _label(titles: Sequence[str]) -> list[str]:
    """The lines of an edge's text: the names of its steps, one below the other."""
    lines: list[str] = []
    for number, title in enumerate(titles):
        last = number == len(titles) - 1
        lines += wrapped(title if last else f"{title} or", SMALL, LABEL_MOST)
    return lines


def _line(chain: Sequence[Node], placed: Placed, upward: bool) -> list[str]:
    """The line from the upper to the lower state, broken where its text stands, with an arrowhead at its end."""
    parts = []
    for upper, lower in pairwise(chain):
        x1, y1 = _port(upper, lower, placed, below=True), upper.y + upper.height / 2
        x2, y2 = _port(lower, upper, placed, below=False), lower.y - lower.height / 2
        bend = (y2 - y1) / 2
        parts.append(
            f'<path d="M{_n(x1)} {_n(y1)} C{_n(x1)} {_n(y1 + bend)} {_n(x2)} {_n(y2 - bend)} {_n(x2)} {_n(y2)}" '
            f'fill="none" stroke="{QUIET}" stroke-width="1.5"/>'
        )
    if upward:
        x, y, along = _port(chain[0], chain[1], placed, below=True), chain[0].y + chain[0].height / 2, 9.0
    else:
        x, y, along = _port(chain[-1], chain[-2], placed, below=False), chain[-1].y - chain[-1].height / 2, -9.0
    parts.append(
        f'<path d="M{_n(x)} {_n(y)} L{_n(x - 5)} {_n(y + along)} L{_n(x + 5)} {_n(y + along)} Z" fill="{QUIET}"/>'
    )
    return parts


def _port(node: Node, other: Node, placed: Placed, *, below: bool) -> float:
    """Where on a state's edge the line to `other` ends: lines share the edge in the order of where they go."""
    if node.key not in placed.states:
        return node.x
    near = sorted(node.below if below else node.above, key=lambda one: one.x)
    share = node.width * 0.76 / len(near)
    return node.x + share * (near.index(other) - (len(near) - 1) / 2)


def _words(node: Node, lines: Sequence[str]) -> str:
    top = node.y - LINE * len(lines) / 2
    return "\n".join(
        _text(node.x, top + LINE * number + 13.5, line, SMALL, 'text-anchor="middle"')
        for number, line in enumerate(lines)
    )


def _text(x: float, y: float, text: str, size: float, more: str) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{INK}" {more}>{escape(text)}</text>'


def _rect(x: float, y: float, width: float, height: float, more: str) -> str:
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="8" {more}/>'


def _n(value: float) -> str:
    """A number in as few digits as a drawing needs, the same on every machine."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
