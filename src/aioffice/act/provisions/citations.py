"""From the way provisions are cited to their nodes.

Citations have many shapes: `49(1); 49(3)`, `5(1)(a) and (b)`, `5(2) to (5)`, `71(2)-(3)`, `6(1) with Annex I A`, `Annex III 1, 2`,
`Annex VIII, Section A, introductory words`, `50(4) deep fakes`. Words that only explain are passed over; a number that leads nowhere
is an error. Other acts (`Regulation (EU) 2018/1725, Article 19`) and rules of the Office (`house: ...`) cite nothing of the Act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from aioffice.act.provisions.nodes import Node, children, node, numbered

_ELSEWHERE = r"house:|(Regulation|Directive|Decision|Recommendation|Reg|Dir)\b|\d{4}/\d+"
_PIECE = r"""(?P<annex>Annex\ (?P<roman>[IVX]+)\b
          (?:,?\ (?:Section\ )?(?P<section>[ABC]\b|(?<=Section\ )\d))?
          (?:,?\ (?:point\ )?(?P<code>AI[PBH]\ \d{4}|\d+(?:\.\d+)?(?:\([a-z]\))*|\([a-z]\)))?)
      | (?P<article>(?<![\w(.])\d+[a-z]?(?:\([0-9a-z]+\))*)
      | (?P<tail>(?:\([0-9a-z]+\))+)
      | (?P<range>\ to\ |-(?=\())
      | (?P<word>[A-Za-z_]+:?|[ ,.:])"""


class CitationError(LookupError):
    """A citation that leads to no provision. The message says which part of it, and what there is."""


class _Reading:
    """How far a citation was read: the nodes found, and whether the next one ends a range."""

    def __init__(self) -> None:
        self.found: list[Node] = []
        self.to = False

    @property
    def last(self) -> Node | None:
        return self.found[-1] if self.found else None

    def add(self, one: Node) -> None:
        last = self.last
        if self.to and last is not None:
            self.found.extend(_between(last, one))
        else:
            self.found.append(one)
        self.to = False


def cited(written: str) -> tuple[Node, ...]:
    """The provisions that a citation names, in its order, each once; none where it names another act or a rule of the Office alone.

    Raises CitationError for a number that leads nowhere, and for a citation that names nothing at all.
    """
    found: list[Node] = []
    for piece in written.split("; "):
        if re.match(_ELSEWHERE, piece):
            _other, via, rest = piece.partition(" via ")
            found.extend(_read(rest, written) if via else ())
            continue
        read = _read(piece, written)
        if not read:
            raise CitationError(f"{piece!r} in {written!r} names no provision; write 5(1)(a) or Annex III 4(a).")
        found.extend(read)
    return tuple(dict.fromkeys(found))


def is_cited(written: str) -> bool:
    """Whether a citation leads to the Act, and every number in it to a provision."""
    try:
        return bool(cited(written))
    except CitationError:
        return False


def _read(piece: str, written: str) -> list[Node]:
    reading = _Reading()
    tokens = _tokens()
    at = 0
    while at < len(piece):
        token = tokens.match(piece, at)
        if token is None:
            raise CitationError(f"{piece[at:]!r} in {written!r} is no provision; write 5(1)(a) or Annex III 4(a).")
        at = token.end()
        if token["range"]:
            reading.to = True
        elif token["annex"]:
            reading.add(_annex(token, written))
        elif token["article"]:
            reading.add(_number(token["article"], reading.last, written))
        elif token["tail"]:
            reading.add(_beside(token["tail"], reading.last, written))
    return reading.found


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(_PIECE, re.VERBOSE)  # when first asked: whoever loads the Act need not wait for it


def _annex(token: re.Match[str], written: str) -> Node:
    annex = f"Annex {token['roman']}"
    if (section := token["section"]) is not None:
        annex += f" Section {section}" if section.isdigit() else f" {section}"
    return _there(f"{annex} {token['code']}" if token["code"] else annex, written)


def _number(number: str, last: Node | None, written: str) -> Node:
    """An Article; after a point of an annex, another point of it."""
    if last is not None and last.id.startswith("annex-") and "(" not in number:
        return _there(f"{_annex_of(last)} {number}", written)
    return _there(number, written)


def _annex_of(of: Node) -> str:
    """The number of the annex, or of its section, in which a point stands."""
    roman, *rest = of.number.removeprefix("Annex ").split(" ")
    lettered = rest and (rest[0] in {"A", "B", "C"})
    return f"Annex {roman} {rest[0]}" if lettered else f"Annex {roman}"


def _beside(tail: str, last: Node | None, written: str) -> Node:
    """`(b)` after `5(1)(a)`: what has that number beside the last provision, or beside what that is part of."""
    if last is None:
        raise CitationError(f"{tail!r} in {written!r} follows no Article; write 5(1)(a).")
    parts = tail[1:-1].split(")(")
    outer = node(last.parent) if last.parent else None
    while outer is not None:
        found: Node | None = outer
        for part in parts:
            found = next((one for one in children(found) if one.path[-1] == part), None) if found else None
        if found is not None:
            return found
        outer = node(outer.parent) if outer.parent else None
    raise CitationError(f"{tail!r} in {written!r}: there is no such provision beside {last.number}.")


def _there(number: str, written: str) -> Node:
    if (found := numbered(number)) is None:
        raise CitationError(f"{number!r} in {written!r}: the Act has no such provision.")
    return found


def _between(first: Node, last: Node) -> Iterator[Node]:
    """What stands after `first`, up to `last`; both are parts of the same."""
    if first.parent != last.parent:
        raise CitationError(f"{first.number} and {last.number} are not parts of the same provision.")
    beside = children(node(first.parent))
    yield from beside[beside.index(first) + 1 : beside.index(last) + 1]
