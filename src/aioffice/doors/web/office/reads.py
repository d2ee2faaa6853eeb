"""Who read what: the log of reads, for auditors. A page, narrowed by case, person and day, and the same as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.doors.web.office.audiences import readers_in_words
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.plainforms import Field, field, with_errors
from aioffice.doors.web.office.sheet import read_id
from aioffice.doors.web.office.spreadsheets import csv_answer
from aioffice.doors.web.templatetags._dates import long_moment
from aioffice.doors.web.templatetags._names import labelled
from aioffice.kernel.parties.keys import OVERSIGHT
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.reading.queries import (
    ReadingLine,
    check_auditor,
    every_reading,
    list_readings,
    sees_everything,
    wanted_of,
)
from aioffice.kernel.reading.vocabulary import Door, Thing


@require_safe
@office_page
def reads(visit: Visit) -> HttpResponseBase:
    """The log as far as the reader may see it, newest first."""
    check_auditor(visit.actor)
    given = _given(visit)
    after = read_id(visit.request.GET.get("after", ""))
    try:
        wanted = wanted_of(**given)
    except Invalid as error:
        return _page(visit, with_errors(_fields(given), error.errors), status=422)
    page = list_readings(visit.actor, wanted, door=Door.PAGE, after=after)
    words = {name: text for name, text in wanted.words().items() if text}
    return _page(
        visit,
        _fields(given),
        page=page,
        rows=[_row(line) for line in page.lines],
        narrowed=bool(words),
        csv_url=_address("office_reads_csv", words),
        next_url=_address("office_reads", {**words, "after": page.after.hex}) if page.after else "",
        first_url=_address("office_reads", words) if after else "",
    )


@require_safe
@office_page
def reads_csv(visit: Visit) -> HttpResponseBase:
    """The whole log as it is narrowed."""
    check_auditor(visit.actor)  # before anything that was typed is answered
    lines = every_reading(visit.actor, wanted_of(**_given(visit)), door=Door.PAGE)
    headings = [*_headings(), _("Address")]
    return csv_answer(f"reads-{visit.at:%Y-%m-%d}.csv", headings, (_cells(visit, line) for line in lines))


def _given(visit: Visit) -> dict[str, str]:
    return {name: visit.request.GET.get(name, "")[:200] for name in ("case", "person", "day")}


def _fields(given: Mapping[str, str]) -> list[Field]:
    return [
        field("case", _("Number or id of a case"), value=given["case"], required=False, autocomplete="off"),
        field(
            "person", _("Name or e-mail address of a person"), value=given["person"], required=False, autocomplete="off"
        ),
        field("day", _("Day"), value=given["day"], widget="date", required=False),
    ]


def _page(visit: Visit, fields: list[Field], *, status: int = 200, **more: object) -> HttpResponseBase:
    return visit.render(
        "office/reads.html",
        status=status,
        form_fields=fields,
        headings=_headings(),
        everything=sees_everything(visit.actor),
        clear_url=reverse("office_reads"),
        **more,
    )


def _headings() -> list[str]:
    return [_("When"), _("Who"), _("Organisation"), _("What was read"), _("Right"), _("Door")]


def _row(line: ReadingLine) -> list[object]:
    cells = [long_moment(line.at), line.who, line.organisation, what(line), right(line), str(line.door.label)]
    narrowed = _address("office_reads", {"person": line.actor})
    shown: list[object] = [*cells]
    shown[1] = {"text": line.who, "url": narrowed}
    if line.cases:
        shown[3] = {"text": cells[3], "url": _address("office_reads", {"case": str(line.cases[0])})}
    return shown


def _cells(visit: Visit, line: ReadingLine) -> list[str]:
    link = visit.request.build_absolute_uri(reverse("office_case", args=[line.cases[0]])) if line.cases else ""
    return [line.at.isoformat(), line.who, line.organisation, what(line), right(line), str(line.door.label), link]


def what(line: ReadingLine) -> str:
    """What was opened, in words."""
    title = str(line.thing.label)
    if line.thing is Thing.LOG:
        asked = ", ".join(str(text) for text in line.asked.values())
        return labelled(title, asked) if asked else title
    cases = ", ".join(line.numbers) or ", ".join(str(case) for case in line.cases) or str(line.document)
    if line.version is None:
        return labelled(title, cases)
    part = _("step %(n)s") if line.thing is Thing.RECEIPT else _("version %(n)s")
    return f"{labelled(title, cases)}, {part % {'n': line.version}}"


def right(line: ReadingLine) -> str:
    """Through what the reader may see it, in words."""
    words = readers_in_words(line.rights)
    if any(name.startswith("org:") for name in line.rights):
        words.append(_("Named in the case"))
    if OVERSIGHT in line.rights:
        words.append(_("Oversight"))
    elif any(name.startswith("auditors:") for name in line.rights):
        words.append(_("Auditor"))
    return "; ".join(words)


def _address(name: str, query: Mapping[str, str]) -> str:
    return reverse(name) + (f"?{urlencode(query)}" if query else "")
