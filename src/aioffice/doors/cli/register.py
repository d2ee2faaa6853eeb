"""`aioffice register` reads the public register: what anyone may read, no token needed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import AsJson, Exit, note, print_facts, print_json, print_table, stop

if TYPE_CHECKING:
    from aioffice.register import public_queries as public

app = typer.Typer(name="register", help="Read the public register.", no_args_is_help=True)

Several = Annotated[list[str] | None, typer.Option()]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="What the register said of that day.")]
Known = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As the register knew it at the end of that day.")
]


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _moment(given: datetime | None) -> datetime | None:
    from aioffice.doors.api.filters import BRUSSELS

    if given is None:
        return None
    return datetime.combine(given.date() + timedelta(days=1), time.min, BRUSSELS).astimezone(UTC) - timedelta(
        microseconds=1
    )


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words in any language.")] = None,
    *,
    collection: Annotated[str, typer.Option(help="eu, or a reference collection.")] = "eu",
    section: Several = None,
    member_state: Several = None,
    seat: Several = None,
    area: Several = None,
    annex_iii_point: Several = None,
    status: Several = None,
    filing_status: Several = None,
    provider: Several = None,
    language: Several = None,
    on: On = None,
    known: Known = None,
    sort: Annotated[str, typer.Option(help="relevance, newest, changed or name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="Entries to show.")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="Show every entry found.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search the register. Options may be repeated: values of one are alternatives, different ones hold together.

    Exit status: 0 when something was found, 2 when the command was misread, 4 when nothing was found.

    Example: aioffice register search essay marking --section B --seat PT
    """
    asked: dict[str, Any] = {
        "q": " ".join(words or ()),
        "collection": collection,
        "section": section or [],
        "member_state": member_state or [],
        "seat": seat or [],
        "area": area or [],
        "annex_iii_point": annex_iii_point or [],
        "status": status or [],
        "filing_status": filing_status or [],
        "provider": provider or [],
        "language": language or [],
        "sort": sort,
        "limit": 100 if everything else limit,
    }
    with office():
        pages = _pages(asked, _day(on), _moment(known), everything)
        items = [_summary(hit) for page in pages for hit in page.hits]
    total = {"count": pages[0].total, "exact": pages[0].total_exact}
    complete = pages[-1].next_cursor is None
    if as_json:
        print_json({"items": items, "total": total, "complete": complete, "did_you_mean": pages[0].did_you_mean})
    elif items:
        rows = [(item["number"], item["name"], item["provider"], item["status"], item["valid_from"]) for item in items]
        print_table(("Number", "Name", "Provider or deployer", "Status", "Valid from"), rows)
    if pages[0].did_you_mean:
        note(f"Did you mean: {pages[0].did_you_mean}")
    if not complete:
        note(f"{len(items)} shown of {'' if total['exact'] else 'more than '}{total['count']}; --all shows every one.")
    if not items:
        stop(Exit.NOT_FOUND, "Nothing was found.")


def _pages(asked: dict[str, Any], on: date | None, known: datetime | None, everything: bool) -> list[public.Results]:
    from pydantic import ValidationError

    from aioffice.doors.api.filters import AskedPage
    from aioffice.register import public_queries

    try:
        page = AskedPage.model_validate(asked)
    except ValidationError as error:
        faults = [f"--{str(fault['loc'][0]).replace('_', '-')}: {fault['msg']}" for fault in error.errors()]
        stop(Exit.MISREAD, *faults)
    found: list[public.Results] = []
    cursor: str | None = ""
    while cursor is not None:
        results = public_queries.search(
            text=page.q, filters=page.filters(), sort=page.sort, cursor=cursor, limit=page.limit, on=on, known=known
        )
        found.append(results)
        cursor = results.next_cursor if everything else None
    return found


def _summary(hit: public.Hit) -> dict[str, Any]:
    from aioffice.doors.api.register import summary

    return summary(hit)


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="Number of the entry.")],
    *,
    on: On = None,
    known: Known = None,
    version: Annotated[int | None, typer.Option(min=1, help="A version by its number.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show an entry as it stands, as it stood on a day, or one of its versions.

    Exit status: 0 done, 4 when there is no such entry or version.

    Example: aioffice register show EU-A-2026-000001 --on 2026-11-23
    """
    with office():
        body = _body(number.strip().upper(), _day(on), _moment(known), version)
    if body is None:
        stop(Exit.NOT_FOUND, "The public register says nothing under this number.")
    if as_json:
        print(body.decode())
        return
    document = json.loads(body)
    print_facts({name: value for name, value in document.items() if name not in ("points", "note")})


def _body(number: str, on: date | None, known: datetime | None, version: int | None) -> bytes | None:
    from aioffice.register import public_queries

    if version is not None:
        found = public_queries.version(number=number, n=version)
    elif on is not None or known is not None:
        day = on or (known.date() if known else date.max)
        found = public_queries.version_on(number=number, on=day, known=known)
    else:
        entry = public_queries.entry(number=number)
        return entry.body if entry else None
    return found.body if found else None
