"""The labelled examples of the Commission's guidelines, turned into facts: what the rules make of them, against the labels.

The facts were written with the label in sight. The table shows that the questions and the rules can tell the examples apart, not that
whoever answers the questions about such a system would answer them so.

`python -m tests.support.act_examples` prints the table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aioffice.act.classification import Answer, Outcome, classify
from aioffice.act.duties import vocabulary
from tests.support.act_cases import completed, starting_points

EXAMPLES = Path(__file__).parents[1] / "act" / "examples"
COLUMNS = ("prohibited", "high_risk", "exempt", "neither", "needs_review")
"""What the answers are sorted into; `neither` is neither prohibited, nor high-risk, nor exempt, whatever else it is."""

_NOT_PROHIBITED = frozenset({"high_risk", "exempt", "neither"})
_RIGHT = {
    "prohibited": frozenset({"prohibited"}),
    "not_prohibited": _NOT_PROHIBITED,
    "not_prohibited_not_emotion_recognition": frozenset({"neither"}),
    "emotion_recognition": frozenset({"prohibited", "high_risk"}),
    "high_risk": frozenset({"high_risk"}),
    "exempt_art_6_3": frozenset({"exempt"}),
    "outside_use_case": frozenset({"neither"}),
}
"""The columns that agree with a label."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example: its facts, the label of the Commission, the point of Annex III it is about, and why the answer here is another."""

    id: str
    about: str
    facts: dict[str, Any]
    label: str
    point: str
    differs: str
    left_out: frozenset[str]
    """What would decide and the example does not say."""

    def answer(self) -> Answer:
        """What the rules make of it."""
        return classify(self.facts, known_as=vocabulary())

    def agrees(self) -> bool:
        """Whether the answer is the one of the label, and by the point that the example is about."""
        answer = self.answer()
        held = {finding.provision for finding in answer.holding()}
        if self.point and self.label == "high_risk" and f"Annex III {self.point}" not in held:
            return False
        return column(answer) in _RIGHT[self.label]


def column(answer: Answer) -> str:
    """Where an answer stands in the table."""
    outcome = answer.outcome
    if outcome in {Outcome.PROHIBITED, Outcome.HIGH_RISK, Outcome.EXEMPT, Outcome.NEEDS_REVIEW}:
        return outcome.value
    return "neither"


@cache
def examples() -> tuple[Example, ...]:
    """All of them, in the order of the files."""
    return tuple(_read())


def table() -> str:
    """How many examples of each label have which answer."""
    counted = Counter((example.label, column(example.answer())) for example in examples())
    labels = list(dict.fromkeys(example.label for example in examples()))
    rows = [f"{'':<40}" + "".join(f"{name:>14}" for name in COLUMNS)]
    rows += [f"{label:<40}" + "".join(f"{counted[label, name]:>14}" for name in COLUMNS) for label in labels]
    return "\n".join(rows)


def _read() -> list[Example]:
    found = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        content = yaml.safe_load(path.read_text())
        for one in content["examples"]:
            start = starting_points()[one.get("from", content["usual"]["from"])]
            given = start | one["facts"]
            facts = completed({name: value for name, value in given.items() if value is not None})
            left_out = frozenset(name for name, value in one["facts"].items() if value is None)
            known = {name: value for name, value in facts.items() if name not in left_out}
            found.append(
                Example(
                    one["id"],
                    one["about"],
                    known,
                    one["label"],
                    one.get("point", ""),
                    one.get("differs", ""),
                    left_out,
                )
            )
    return found


if __name__ == "__main__":
    print(table())
    right = sum(example.agrees() for example in examples())
    print(f"{right} of {len(examples())} agree with the label.")
