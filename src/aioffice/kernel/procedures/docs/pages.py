"""The pages themselves: one per procedure, an index, and the diagrams beside them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import translation

from aioffice.kernel.procedures.declaration import CasePublished, Event, Procedure, procedures
from aioffice.kernel.procedures.docs import tables
from aioffice.kernel.procedures.docs.audiences import seen
from aioffice.kernel.procedures.docs.diagram import diagram
from aioffice.kernel.procedures.docs.graph import graph_of
from aioffice.kernel.procedures.events import handlers_of

MADE = "<!-- Made by `make docs` from the declaration. Do not edit: change the declaration and run `make docs`. -->"
INDEX = "README.md"


def pages(of: Iterable[type[Procedure]] | None = None) -> dict[str, str]:
    """Return every file of the documentation of procedures (all declared ones by default), by file name, in English."""
    chosen = procedures() if of is None else list(of)
    with translation.override("en"):
        files = {INDEX: _index(chosen)}
        for procedure in chosen:
            files[f"{procedure.slug}.md"] = _page(procedure)
            files[f"{procedure.slug}.svg"] = diagram_alone(procedure)
    return files


def diagram_alone(procedure: type[Procedure]) -> str:
    """Return the state diagram of a procedure as SVG, in the language in force."""
    return diagram(graph_of(procedure), f"States of the procedure “{procedure.title}”")


def _page(procedure: type[Procedure]) -> str:
    named = tables.forms(procedure)
    lines = [
        MADE,
        "",
        f"# {procedure.title}",
        "",
        *_purpose(procedure),
        "",
        f"![State diagram; the tables below say the same in words]({procedure.slug}.svg)",
        "",
        "A double frame marks a state in which the matter is settled. The points in a frame are steps that do not leave the state.",
        "",
        "## States",
        "",
        *tables.states(procedure),
        "",
        "## Steps",
        "",
        "Numbers in the column “Basis” are Articles of Regulation (EU) 2024/1689; “house” marks what the Act leaves to the Office.",
        "",
        *tables.steps(procedure),
        "",
        *_section("What follows", tables.consequences(procedure)),
        *_section("Rounds", tables.rounds(procedure)),
        "## Who may",
        "",
        *tables.permissions(procedure),
        "",
        *tables.actors(procedure),
        "",
        "## Who sees a case",
        "",
        "Its filer, and:",
        "",
        *tables.table(("When", "Who"), ((line.when, "; ".join(line.readers)) for line in seen(procedure))),
        "",
    ]
    if named:
        lines += ["## What the steps ask", ""]
    for form in named:
        asking = [step for step in tables.in_order(procedure) if step.asks is form]
        steps = ", ".join(f"`{step.name}`" for step in asking)
        lines += [f"### {form.__name__}", "", f"{tables.first_sentence(form)}. Asked by {steps}.", ""]
        published = any(CasePublished in step.emits for step in asking)
        lines += [*tables.fields(form, published=published), ""]
    return "\n".join(lines)


def _purpose(procedure: type[Procedure]) -> list[str]:
    said = (procedure.__doc__ or "").strip()
    numbers = (
        f"Numbers of its cases begin with `{procedure.series}`." if procedure.series else "Its cases have no series."
    )
    where = f" People open it under “{procedure.purpose}”." if procedure.purpose else ""
    declared = f"`{procedure.__module__}.{procedure.__qualname__}`"
    return [said, "", f"{numbers}{where} Declared in {declared}; its name everywhere is `{procedure.slug}`."]


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"## {title}", "", *lines, ""] if lines else []


def _index(chosen: Iterable[type[Procedure]]) -> str:
    found = list(chosen)
    rows = [
        (
            f"[{procedure.title}]({procedure.slug}.md)",
            tables.first_sentence(procedure),
            str(len(procedure.steps)),
            f"`{procedure.__module__}`",
        )
        for procedure in found
    ]
    return "\n".join(
        [
            MADE,
            "",
            "# Procedures",
            "",
            "Every procedure of the office, as it is declared. Settings that change who sees a case are taken as they come by default.",
            "",
            *tables.table(("Procedure", "What it is", "Steps", "Declared in"), rows),
            "",
            "## Events",
            "",
            "What a step tells the rest of the house, and which functions deal with it.",
            "",
            *tables.table(("Event", "What happened", "Told by", "Dealt with by"), _events(found)),
            "",
        ]
    )


def _events(chosen: Iterable[type[Procedure]]) -> list[tuple[str, str, str, str]]:
    found = list(chosen)
    emitted = {event for procedure in found for step in procedure.steps.values() for event in step.emits}
    events = sorted(emitted, key=lambda event: event.name)
    return [
        (
            f"`{event.name}`",
            tables.first_sentence(event),
            "; ".join(told for procedure in found if (told := _told_by(procedure, event))),
            ", ".join(f"`{handler}`" for handler in handlers_of(event.name)),
        )
        for event in events
    ]


def _told_by(procedure: type[Procedure], event: type[Event]) -> str:
    steps = [f"`{step.name}`" for step in tables.in_order(procedure) if event in step.emits]
    return f"[{procedure.title}]({procedure.slug}.md): {', '.join(steps)}" if steps else ""
