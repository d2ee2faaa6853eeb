"""`aioffice classify --portfolio`: a whole inventory classified, a record a system, and what the law changes for them ahead."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aioffice.act.classification import classify
from aioffice.act.clocks.wording import day_words
from aioffice.act.duties import duties, vocabulary
from aioffice.act.portfolio import Change, Day, Portfolio
from aioffice.act.results import Difference, ResultError, differences, read, result, result_of
from aioffice.act.text import text
from aioffice.act.versions import law_version, rules_version
from aioffice.doors.cli._inventory import InventoryError, System, systems
from aioffice.doors.cli._inventory_template import TemplateError, write_template
from aioffice.doors.cli._portfolio_files import DIFFERENCES, MISTAKES, TABLE, Earlier, Folder, FolderError
from aioffice.doors.cli._printing import Exit, note, print_json, stop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from aioffice.act.classification import Answer, Law
    from aioffice.kernel.results.keys import SigningKey

EVERY = 50
"""Systems after which the command says how far it is."""
MOST_SAID = 50
"""Mistakes that are said one by one; `mistakes.csv` has all of them."""


@dataclass
class Run:
    """One run over an inventory: what is asked, where it goes, and what was found so far."""

    on: date
    law: Law
    folder: Folder | None
    earlier: Earlier | None
    key: SigningKey | None
    by: str
    found: Portfolio = field(init=False)
    mistakes: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    new: int = 0

    def __post_init__(self) -> None:
        self.found = Portfolio(self.on)

    def take(self, system: System) -> None:
        """Classify one system, or write down what is wrong with it."""
        if system.mistakes:
            self._mistaken(system)
            return
        answer = classify(system.facts, self.law, vocabulary())
        owed = duties(system.facts, self.law)
        coming = self.found.add(system.id, answer, owed)
        if self.folder is None and self.earlier is None:
            return
        content = {
            "system": {"id": system.id, "name": system.name},
            **result_of(answer, owed, self.on, system.facts),
        }
        if self.folder is not None:
            self.folder.row(TABLE, _row(system, answer, coming, sum(one.value is True for one in owed)))
            self.folder.record(system.id, self._written(content))
        if self.earlier is not None:
            self._compare(system, content)

    def _written(self, content: dict[str, Any]) -> str:
        from aioffice.doors.cli._results import signed

        if self.key is None:
            return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
        return signed(content, self.key, self.by)

    def _mistaken(self, system: System) -> None:
        for mistake in system.mistakes:
            self.mistakes += 1
            if self.mistakes <= MOST_SAID:
                note(mistake)
            if self.folder is not None:
                self.folder.row(MISTAKES, [system.id, system.place, mistake])

    def _compare(self, system: System, content: dict[str, Any]) -> None:
        """What an earlier run said of the system, and why it is otherwise now."""
        assert self.earlier is not None, "called where there is one"
        before = self.earlier.take(system.id)
        if before is None:
            self.new += 1
            self._differing(system, "new", Difference("system", "", "", content["outcome"]))
            return
        try:
            found = differences(before, content)
            causes = _causes(before, content, self.law) if found else ""
        except ResultError as error:
            raise FolderError(f"{self.earlier.path}: the record of {system.id}: {error}") from None
        if found:
            self.changed[causes] += 1
        for one in found:
            self._differing(system, causes, one)

    def _differing(self, system: System, causes: str, one: Difference) -> None:
        if self.folder is not None:
            self.folder.row(DIFFERENCES, [system.id, system.name, causes, one.what, one.provision, one.before, one.now])


def _causes(before: Mapping[str, Any], now: Mapping[str, Any], law: Law) -> str:
    """Whether the answer differs because of the facts, or because of the law and the rules, or of both."""
    asked = read(before)
    old_facts = result(asked.given, asked.on, law)
    causes = [
        *(["facts"] if differences(old_facts, now) else []),
        *(["law or rules"] if differences(before, old_facts) else []),
    ]
    return " and ".join(causes)


def _row(system: System, answer: Answer, coming: tuple[Change, ...], binding: int) -> list[object]:
    first = coming[0] if coming else None
    return [
        system.id,
        system.name,
        answer.outcome.value,
        ", ".join(finding.provision for finding in answer.holding()),
        binding,
        len(answer.open()),
        first.day.isoformat() if first else "",
        ("" if first.certain else "perhaps: ") + ", ".join((*first.conclusions, *first.duties)) if first else "",
    ]


HEADINGS = {
    TABLE: ["id", "name", "outcome", "holds", "duties", "not excluded", "next change", "what begins to apply then"],
    MISTAKES: ["id", "row", "mistake"],
    DIFFERENCES: ["id", "name", "because of", "what", "provision", "before", "now"],
}


def run(
    inventory: Path,
    *,
    on: date,
    law: Law,
    out: Path | None,
    compare: Path | None,
    key: SigningKey | None,
    by: str,
    as_json: bool,
) -> None:
    """Classify every system of an inventory. Ends with status 6 where rows had mistakes, after all others are done."""
    from rich.console import Console

    try:
        earlier = Earlier(compare) if compare is not None else None
        with contextlib.ExitStack() as stack:
            folder = None
            if out is not None:
                ending = "jws" if key is not None else "json"
                folder = stack.enter_context(Folder(out, ending, comparing=earlier is not None))
                for name in HEADINGS if earlier is not None else (TABLE, MISTAKES):
                    folder.row(name, HEADINGS[name])
            done = Run(on, law, folder, earlier, key, by)
            status = stack.enter_context(Console(stderr=True).status("Classifying ..."))
            _take_all(inventory, done, status.update)
            summary = _summary(done)
            if folder is not None:
                folder.summary(summary)
    except (InventoryError, FolderError) as error:
        stop(Exit.INVALID, str(error))
    except OSError as error:
        stop(Exit.FAILED, f"{out}: cannot be written: {error.strerror or error}.")
    if as_json:
        print_json(summary)
    else:
        print("\n".join(_said(done, summary)))
    if done.mistakes:
        more = f" The first {MOST_SAID} are above." if done.mistakes > MOST_SAID else ""
        place = f" {out / MISTAKES} has them." if out is not None else ""
        stop(Exit.INVALID, f"{done.mistakes} mistakes: the systems with them are left out.{more}{place}")


def _take_all(inventory: Path, done: Run, say: Callable[[str], None]) -> None:
    for number, system in enumerate(systems(inventory, vocabulary()), start=1):
        done.take(system)
        if number % EVERY == 0:
            say(f"Classifying ... {number} systems")


def _summary(done: Run) -> dict[str, Any]:
    found: dict[str, Any] = {
        "law": law_version(done.law.regime),
        "rules": rules_version(),
        "readings": dict(done.law.readings),
        "on": done.on.isoformat(),
        "systems": done.found.systems,
        "mistakes": done.mistakes,
        "outcomes": {outcome.value: number for outcome, number in done.found.outcomes.most_common()},
        "ahead": [_day(day, what) for day, what in done.found.days()],
    }
    if done.earlier is not None:
        gone = list(done.earlier.left())
        found["compared"] = {
            "with": str(done.earlier.path),
            "changed": dict(done.changed),
            "new": done.new,
            "gone": gone,
        }
    return found


def _day(day: date, what: Day) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "systems": what.systems,
        "perhaps": what.perhaps,
        "duties": what.duties,
        "outcomes_in_application": [
            {"before": before or None, "after": after or None, "systems": number}
            for (before, after), number in what.outcomes.most_common()
        ],
    }


def _said(done: Run, summary: Mapping[str, Any]) -> list[str]:
    whole = done.found.systems
    lines = [f"{_number(whole, 'system')} on {day_words(done.on, 'en')}:"]
    lines += [
        f"  {number:>6}  {text(f'outcome.{outcome}', 'en')}" for outcome, number in done.found.outcomes.most_common()
    ]
    for day, what in done.found.days():
        if what.systems:
            verb = "changes" if len(what.systems) == 1 else "change"
            lines.append(f"{len(what.systems)} of your {_number(whole, 'system')} {verb} on {day_words(day, 'en')}:")
            lines += [
                f"  {number:>6}  {_becomes(before, after)}" for (before, after), number in what.outcomes.most_common()
            ]
            lines.append(f"  {what.duties:>6}  duties begin to apply")
        if what.perhaps:
            lines.append(f"{len(what.perhaps)} more may on {day_words(day, 'en')}, where facts are missing.")
    if not done.found.ahead:
        lines.append("Nothing changes for them by the dates of the law ahead.")
    if "compared" in summary:
        lines += _compared(summary["compared"])
    return lines


def _number(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _becomes(before: str, after: str) -> str:
    old, new = (
        text(f"outcome.{one}", "en").rstrip(".") if one else "nothing in application" for one in (before, after)
    )
    return f"stay: {new}" if before == after else f"{old} -> {new}"


def _compared(what: Mapping[str, Any]) -> list[str]:
    lines = [f"Compared with {what['with']}:"]
    lines += [
        f"  {number:>6}  answers differ because of the {causes}" for causes, number in sorted(what["changed"].items())
    ]
    if not what["changed"]:
        lines.append("          no answer differs")
    if what["new"]:
        lines.append(f"  {what['new']:>6}  new")
    if what["gone"]:
        lines.append(f"  {len(what['gone']):>6}  gone: {', '.join(what['gone'][:10])}")
    return lines


def template(inventory: Path) -> None:
    """Write an empty inventory to fill in."""
    try:
        write_template(inventory, vocabulary())
    except TemplateError as error:
        stop(Exit.MISREAD, str(error))
    note(f"An inventory to fill in is in {inventory}: a system a row, a fact a column; leave empty what is not known.")
