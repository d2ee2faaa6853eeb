"""`aioffice classify` says what a system or model is under the AI Act: from a file of facts, without an office and without a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aioffice.act.reasoning.expressions import Regime
from aioffice.doors.cli._law import asked_day, asked_law, read_or_stop
from aioffice.doors.cli._printing import AsJson, Exit, print_json, stop

if TYPE_CHECKING:
    from datetime import date

    from aioffice.act.classification import Law
    from aioffice.act.reasoning.facts import Fact

app = typer.Typer()


@app.command()
def classify(
    facts: Annotated[
        Path | None, typer.Argument(help="YAML or JSON file with what is known; --template prints one to fill in.")
    ] = None,
    *,
    on: Annotated[str, typer.Option(metavar="DAY", help="The day asked about, 2027-12-02. Without it: today.")] = "",
    regime: Annotated[
        Regime, typer.Option(help="The text: as amended by Regulation (EU) 2026/1744, or as enacted in 2024.")
    ] = Regime.AMENDED,
    reading: Annotated[
        list[str] | None,
        typer.Option("--read", metavar="QUESTION=OPTION", help="How an open question is read; may be repeated."),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Show the reasons, down to the facts.")] = False,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="Show which single facts would change the outcome.")
    ] = False,
    template: Annotated[bool, typer.Option("--template", help="Print every question as a file to fill in.")] = False,
    sign: Annotated[
        Path | None,
        typer.Option(metavar="KEYFILE", help="Sign the result with this key (aioffice result-key make) and print it."),
    ] = None,
    signed_by: Annotated[str, typer.Option(metavar="NAME", help="With --sign: who signs.")] = "",
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the answer as pages to print, the result attached.")
    ] = None,
    language: Annotated[str, typer.Option(help="With --pdf: en or fr.")] = "en",
    verify: Annotated[
        Path | None,
        typer.Option(metavar="RESULT", help="Check a result instead: its signature, and whether it still holds."),
    ] = None,
    keys: Annotated[
        str,
        typer.Option(metavar="FILE|URL", help="With --verify: the keys of whoever signed; without it, this office's."),
    ] = "",
    portfolio: Annotated[
        Path | None,
        typer.Option(
            metavar="SYSTEMS",
            help="Classify a whole inventory: .csv, .xlsx or .ndjson, a system a row, a fact a column.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="With --portfolio: where a record a system and the tables go."),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="With --portfolio: say what changed since this earlier folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a system or a general-purpose model is under the AI Act, since when, by which provisions, and what is missing.

    What is not in the file is not known. As long as something graver is not excluded, the outcome is "needs review".
    With --json or --sign the result can be kept: it names the version of the law and of the rules, pre-fills a filing, and can be
    checked later with --verify, which also asks the rules of today the same again.

    Exit status: 0 done, 1 a signature could not be checked, 2 the command was misread, 6 the file does not fit or its signature does
    not hold, or rows of an inventory have mistakes (the others are done), 8 the rules of today give another answer.

    Example: aioffice classify facts.yaml --on 2027-12-02 --why
    """
    if portfolio is not None:
        if template:
            from aioffice.doors.cli._portfolio import template as write_template

            write_template(portfolio)
        else:
            day, law = asked_day(on), asked_law(regime, reading or [])
            _portfolio(portfolio, day, law, out=out, compare=compare, key=sign, by=signed_by, as_json=as_json)
        return
    if template:
        _print_template()
        return
    if verify is not None:
        from aioffice.doors.cli._results import verify as check

        check(verify, keys, as_json=as_json)
        return
    if facts is None:
        stop(
            Exit.MISREAD,
            "Name a file of facts, for example: aioffice classify facts.yaml",
            "A file to fill in: --template",
        )
    day, law = asked_day(on), asked_law(regime, reading or [])
    if pdf is not None:
        _printed(pdf, facts, day, law, language=language, key=sign, by=signed_by)
    elif sign is not None:
        _signed(facts, day, law, sign, signed_by)
    else:
        _answer(facts, day, law, why=why, changes=what_if, as_json=as_json)


def _portfolio(
    inventory: Path,
    on: date,
    law: Law,
    *,
    out: Path | None,
    compare: Path | None,
    key: Path | None,
    by: str,
    as_json: bool,
) -> None:
    from aioffice.doors.cli._portfolio import run
    from aioffice.doors.cli._results import key_in

    secret = key_in(key) if key is not None else None
    run(inventory, on=on, law=law, out=out, compare=compare, key=secret, by=by, as_json=as_json)


def _signed(path: Path, on: date, law: Law, key: Path, by: str) -> None:
    from aioffice.act.duties import vocabulary
    from aioffice.act.results import result
    from aioffice.doors.cli._results import key_in, signed

    print(signed(result(read_or_stop(path, vocabulary()), on, law), key_in(key), by))


def _printed(out: Path, path: Path, on: date, law: Law, *, language: str, key: Path | None, by: str) -> None:
    from aioffice.act.duties import vocabulary
    from aioffice.doors.cli._answer_file import LANGUAGES, write_pdf
    from aioffice.doors.cli._results import key_in

    if language not in LANGUAGES:
        stop(Exit.MISREAD, f"--language: {' or '.join(LANGUAGES)} is expected, not {language!r}.")
    given = read_or_stop(path, vocabulary())
    write_pdf(out, given, on, law, language=language, key=key_in(key) if key is not None else None, by=by)


def _answer(path: Path, on: date, law: Law, *, why: bool, changes: bool, as_json: bool) -> None:
    from aioffice.act.answers_in_words import said
    from aioffice.act.classification import classify
    from aioffice.act.duties import duties, vocabulary
    from aioffice.act.questioning import what_if
    from aioffice.act.results import result_of
    from aioffice.act.text import text

    given = read_or_stop(path, vocabulary())
    answer = classify(given, law, vocabulary())
    found = what_if(given, law) if changes else ()
    if as_json:
        told = [{"fact": one.fact.name, "value": one.value, "outcome": one.outcome.value} for one in found]
        print_json(result_of(answer, duties(given, law), on, given) | ({"what_if": told} if changes else {}))
        return
    print("\n".join(said(answer, on, why=why)))
    if changes:
        print("What single facts would change:" if found else "No single fact would change the outcome.")
        for one in found:
            print(f"  {one.fact.name}: {_written(one.value)} -> {text(f'outcome.{one.outcome}', 'en')}")


def _print_template() -> None:
    from aioffice.act.duties import vocabulary

    print("# What is known of a system or model. Leave out, or leave empty, what is not known.")
    for fact in vocabulary():
        print()
        for line in _comment(fact):
            print(f"# {line}")
        print(f"{fact.name}:")


def _comment(fact: Fact) -> list[str]:
    lines = [f"{fact.question} [{fact.provision}]"]
    if fact.help:
        lines.append(fact.help)
    if fact.within is not None:
        lines.append(f"Only where {fact.within.name} is true.")
    if fact.options:
        lines += [f"  {code}: {said}" for code, said in fact.options]
    elif fact.unit:
        lines.append(f"A number of {fact.unit}.")
    return lines


def _written(value: object) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
