"""The layout of state diagrams: whatever the graph, nothing overlaps, every line is drawn and only steps that lead back point up."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.procedures.docs.layout import SIDE_GAP, Link, Node, Placed, place
from aioffice.kernel.procedures.docs.lettering import width_of, wrapped

SIZES = st.tuples(st.integers(20, 260), st.integers(18, 200))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, tuple[float, float]], list[Link]]:
    """Any graph in which every state is reached from the first one."""
    count = draw(st.integers(2, 9))
    names = [f"s{number}" for number in range(count)]
    sizes = {name: draw(SIZES) for name in names}
    pairs = {(names[draw(st.integers(0, number - 1))], names[number]) for number in range(1, count)}
    more = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names[1:])), max_size=10))
    pairs |= {(one, other) for one, other in more if one != other}
    return sizes, [Link(one, other, draw(SIZES)) for one, other in sorted(pairs)]


def everything(placed: Placed) -> list[Node]:
    found = {id(node): node for chain in placed.chains for node in chain}
    return list({**found, **{id(node): node for node in placed.states.values()}}.values())


@given(graphs())
def test_no_two_things_overlap_and_all_fit(graph: tuple[dict[str, tuple[float, float]], list[Link]]) -> None:
    placed = place(*graph)
    nodes = everything(placed)
    for one, other in combinations(nodes, 2):
        beside = abs(one.x - other.x) >= (one.width + other.width) / 2 + SIDE_GAP - 0.01
        apart = abs(one.y - other.y) >= (one.height + other.height) / 2 - 0.01
        assert beside or (apart and one.row != other.row)
    for node in nodes:
        assert node.x - node.width / 2 >= -0.01
        assert node.x + node.width / 2 <= placed.width + 0.01
        assert node.y - node.height / 2 >= -0.01
        assert node.y + node.height / 2 <= placed.height + 0.01


@given(graphs())
def test_every_line_runs_from_row_to_row_between_its_states(
    graph: tuple[dict[str, tuple[float, float]], list[Link]],
) -> None:
    sizes, links = graph
    placed = place(sizes, links)
    for link, chain, upward in zip(links, placed.chains, placed.upward, strict=True):
        ends = (link.target, link.source) if upward else (link.source, link.target)
        assert (chain[0].key, chain[-1].key) == ends
        assert all(lower.row == upper.row + 1 for upper, lower in pairwise(chain))
        assert (chain[1].width, chain[1].height) == link.label


def test_only_what_leads_back_points_up() -> None:
    sizes = {"start": (18.0, 18.0), "asked": (90.0, 30.0), "proven": (90.0, 30.0), "done": (90.0, 30.0)}
    links = [
        Link("start", "asked", (50.0, 20.0)),
        Link("asked", "proven", (50.0, 20.0)),
        Link("proven", "asked", (50.0, 20.0)),
        Link("proven", "done", (50.0, 20.0)),
        Link("asked", "done", (50.0, 20.0)),
    ]
    placed = place(sizes, links)
    assert placed.upward == [False, False, True, False, False]
    assert [placed.states[name].row for name in sizes] == [0, 2, 4, 6]


def test_a_straight_story_is_a_straight_line() -> None:
    sizes = {"start": (18.0, 18.0), "open": (120.0, 40.0), "closed": (90.0, 30.0)}
    placed = place(sizes, [Link("start", "open", (70.0, 20.0)), Link("open", "closed", (40.0, 20.0))])
    assert len({round(node.x, 3) for node in everything(placed)}) == 1


def test_lines_of_text_keep_to_their_width_and_lose_no_word() -> None:
    text = "Terminate: the provider acts contrary to its obligations under Regulation (EU) 2024/1689"
    lines = wrapped(text, 13, 160)
    assert " ".join(lines) == text
    assert all(width_of(line, 13) <= 160 for line in lines)
    assert wrapped("Rindfleischetikettierungsüberwachung", 13, 40) == ["Rindfleischetikettierungsüberwachung"]
