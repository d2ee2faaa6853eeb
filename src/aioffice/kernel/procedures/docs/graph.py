"""A procedure as a graph to draw: its states, and the steps that lead from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from aioffice.kernel.procedures.declaration import START, STAY, Procedure


@dataclass(frozen=True, slots=True)
class Vertex:
    """A state. `stays` are the titles of the steps taken in it that do not leave it; `entry` marks where every case comes from."""

    name: str
    title: str
    open: bool = True
    stays: tuple[str, ...] = ()
    entry: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """All the steps that lead from one state to one other, by their titles."""

    source: str
    target: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """What a state diagram shows, in the order of the declaration."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]


def graph_of(procedure: type[Procedure]) -> Graph:
    """Return the graph of a procedure, with titles in the language in force."""
    stays: dict[str, list[str]] = {name: [] for name in procedure.states}
    between: dict[tuple[str, str], list[str]] = {}
    for step in procedure.steps.values():
        for source in step.move.sources:
            target = source if step.move.target is STAY else step.move.target
            if source is target:
                stays[source.name].append(str(step.title))
            else:
                between.setdefault((source.name, target.name), []).append(str(step.title))
            for ending in dict.fromkeys(step.answers.ends_in.values() if step.answers is not None else ()):
                if ending is not target and ending is not source:
                    between.setdefault((source.name, ending.name), []).append(str(step.title))
    entry = Vertex(START.name, str(START.title), entry=True)
    states = [Vertex(s.name, str(s.title), s.open, tuple(stays[s.name])) for s in procedure.states.values()]
    edges = [Edge(source, target, tuple(titles)) for (source, target), titles in between.items()]
    return Graph((entry, *states), tuple(edges))


def in_words(graph: Graph) -> str:
    """The diagram as sentences, for whoever does not see it."""
    titles = {vertex.name: vertex.title for vertex in graph.vertices}
    sentences = []
    for edge in graph.edges:
        steps = " or ".join(f"“{title}”" for title in edge.titles)
        source = "A case is opened" if edge.source == START.name else f"From “{titles[edge.source]}”"
        sentences.append(f"{source} by {steps}: “{titles[edge.target]}”.")
    for vertex in graph.vertices:
        if vertex.stays:
            steps = ", ".join(f"“{title}”" for title in vertex.stays)
            sentences.append(f"In “{vertex.title}”, without leaving it: {steps}.")
    ends = [f"“{vertex.title}”" for vertex in graph.vertices if not vertex.open]
    if ends:
        sentences.append(f"The matter is settled in: {', '.join(ends)}.")
    return " ".join(sentences)
