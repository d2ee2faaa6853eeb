"""The list of cases: filters in the address, counts, pages, and the same list as CSV."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.narrowing import active, address, facets, parameters, query, wanted_of
from aioffice.doors.web.office.spreadsheets import csv_answer
from aioffice.kernel.procedures.queries import CaseRow, count_cases, every_case, list_cases


@require_safe
@office_page
def cases(visit: Visit) -> HttpResponseBase:
    """The cases the reader may see, narrowed to what the address says."""
    wanted = wanted_of(visit)
    after = visit.request.GET.get("after", "")
    page = list_cases(visit.actor, wanted, after=after)
    return visit.render(
        "office/cases.html",
        wanted=wanted,
        page=page,
        rows=[(row, reverse("office_case", args=[row.id])) for row in page.rows],
        facets=facets(wanted, count_cases(visit.actor, wanted.text)),
        active=list(active(wanted)),
        next_url=address(wanted, after=page.after) if page.after else "",
        first_url=address(wanted) if after else "",
        csv_url=reverse("office_cases_csv") + query(wanted),
        clear_url=reverse("office_cases"),
        keep=[(name, value) for name, value in parameters(wanted) if name != "q"],
    )


@require_safe
@office_page
def cases_csv(visit: Visit) -> HttpResponseBase:
    """The whole list as it is filtered, for a spreadsheet (RFC 4180, UTF-8 with its mark)."""
    headings = [
        _("Number"),
        _("Kind"),
        _("Subject"),
        _("State"),
        _("Filer"),
        _("Member States"),
        _("Opened"),
        _("Last step"),
        _("Address"),
    ]
    rows = (_cells(visit, row) for row in every_case(visit.actor, wanted_of(visit)))
    return csv_answer(f"cases-{visit.at:%Y-%m-%d}.csv", headings, rows)


def _cells(visit: Visit, row: CaseRow) -> list[str]:
    link = visit.request.build_absolute_uri(reverse("office_case", args=[row.id]))
    cells = [row.number, str(row.noun), row.subject, str(row.state_title), row.filer, " ".join(row.member_states)]
    return [*cells, row.opened_at.isoformat(), row.updated_at.isoformat(), link]
