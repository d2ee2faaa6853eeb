"""`aioffice deadline` works out a time limit of the AI Act: from the command line alone, without an office and without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aioffice.doors.cli._printing import AsJson, Exit, print_json, print_table, stop

if TYPE_CHECKING:
    from aioffice.act.clocks.results import Deadline
    from aioffice.kernel.clocks.asking import Question

app = typer.Typer()


@app.command()
def deadline(
    limit: Annotated[str, typer.Argument(help="A time limit, such as INC-15; --list shows all.")] = "",
    *,
    event: Annotated[
        str,
        typer.Option("--from", metavar="DAY|MOMENT", help="When it happened: 2027-03-05 or 2027-03-05T10:20, local."),
    ] = "",
    place: Annotated[str, typer.Option(help="Where to act: a Member State (BE), EU or EDPS.")] = "",
    k: Annotated[str, typer.Option("--k", help="Which end of a limit that repeats, from 1.")] = "",
    settings_of_law: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of law; may be repeated.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all time limits.")] = False,
    as_json: AsJson = False,
) -> None:
    """Work out a time limit by Regulation (EEC, Euratom) No 1182/71, with every step.

    Public holidays are those of the place where the action has to be taken. Exit status: 0 done, 2 the command was misread,
    4 no such time limit.

    Example: aioffice deadline INC-15 --from 2028-03-03 --place BE
    """
    if listed:
        _list(as_json)
    elif limit:
        _show(_asked(limit, event, place, k, settings_of_law or []), as_json)
    else:
        stop(
            Exit.MISREAD,
            "Name a time limit, for example: aioffice deadline INC-15 --from 2028-03-03 --place BE",
            "All: --list",
        )


def _list(as_json: bool) -> None:
    from aioffice.act.text import text
    from aioffice.act.time_limits import time_limits
    from aioffice.kernel.clocks.presenting import limit_data

    if as_json:
        print_json({"items": [limit_data(one) for one in time_limits()]})
        return
    rows = [(one.id, one.basis, text(one.actor_key, "en"), text(one.action_key, "en")) for one in time_limits()]
    print_table(("Limit", "Article", "Who", "What"), rows)


def _asked(name: str, event: str, place: str, k: str, written: list[str]) -> Question:
    from aioffice.act.lookup import UnknownCodeError
    from aioffice.act.time_limits import time_limit
    from aioffice.doors.cli._office import checked_settings
    from aioffice.kernel.clocks.asking import Question, usual_place

    checked_settings()
    try:
        limit = time_limit(name.strip().upper())
    except UnknownCodeError as error:
        stop(Exit.NOT_FOUND, str(error))
    where = place.strip().upper() or usual_place(limit)
    if not where:
        stop(Exit.MISREAD, "--place: say where the action has to be taken, for example --place BE")
    return Question(limit.id, where, event, k, dict(_pair(one) for one in written))


def _show(question: Question, as_json: bool) -> None:
    from aioffice.kernel.clocks.presenting import deadline_data

    found = _answered(question)
    if as_json:
        print_json(deadline_data(found))
    else:
        _print(found)


def _pair(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        stop(Exit.MISREAD, f"--set: write name=value, not {written!r}")
    return name.strip(), value


def _answered(question: Question) -> Deadline:
    from aioffice.act.calendars import CalendarNotPublishedError
    from aioffice.act.clocks.law import SettingError
    from aioffice.act.clocks.results import QuestionError
    from aioffice.act.lookup import UnknownCodeError
    from aioffice.kernel.clocks.asking import answer

    try:
        return answer(question)
    except QuestionError as error:
        stop(Exit.MISREAD, f"--{'from' if error.field == 'event' else error.field}: {error}")
    except SettingError as error:
        stop(Exit.MISREAD, f"--set {error}")
    except UnknownCodeError as error:
        stop(Exit.MISREAD, f"--{'set' if error.kind == 'setting of law' else 'place'}: {error}")
    except CalendarNotPublishedError as error:
        stop(Exit.MISREAD, f"--from: {error}")


def _print(found: Deadline) -> None:
    from aioffice.act.clocks.results import Outcome
    from aioffice.act.clocks.wording import day_words, provision_words, rule_words, step_words
    from aioffice.act.text import text
    from aioffice.kernel.clocks.presenting import answer_words

    answer = answer_words(found)
    print(f"{found.limit.id}: {text(found.limit.action_key, 'en')} ({provision_words(found.limit.basis, 'en')})")
    if found.outcome is not Outcome.COMPUTED:
        print(text(found.outcome.key, "en"))
    if found.target and found.target != found.legal:
        print(f"Work towards {day_words(found.target, 'en')}.")
    if answer and found.outcome is Outcome.COMPUTED:
        print(
            f"{text(f'until.{found.limit.nature}', 'en')}: {answer['en']}"
            + ("" if found.binding else " (expected, not binding)")
        )
    if found.nominal and found.nominal != found.legal:
        print(f"Counted, it ends on {day_words(found.nominal, 'en')}.")
    if found.silence:
        print(text(f"silence.{found.silence}", "en"))
    for number, step in enumerate(found.steps, start=1):
        print(f"  {number}. {step_words(step, found, 'en')} [{rule_words(step.rule, 'en')}]")
    print(f"  Holidays: {found.calendar}")
    for one in found.alternatives:
        print()
        _print(one)
