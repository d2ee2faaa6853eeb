"""The public page on what of the Act this software covers, and what not yet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from aioffice.doors import coverage_words as told
from aioffice.doors.coverage import limits, whole
from aioffice.doors.web.public_caching import live
from aioffice.doors.web.public_time_limits import limit_path
from aioffice.doors.web.templatetags._act import linked, node_path


@live
def coverage(request: HttpRequest) -> HttpResponse:
    """Counts first, then what is missing by whom it speaks to, then the tables."""
    language = get_language() or "en"
    rows = []
    for row in whole():
        first, *rest = told.few_cells(row, language)
        rows.append([{"text": first, "url": node_path(row.node)}, *rest])
    limit_rows = []
    for limit in limits():
        name, what, basis, started = told.limit_cells(limit, language)
        limit_rows.append(
            [{"text": name, "url": limit_path(limit.limit)}, what, {"text": linked(basis, basis)}, started]
        )
    context = {
        "summary": told.summary(),
        "missing": told.missing(language),
        "headers": told.few_headers(),
        "rows": rows,
        "limit_headers": told.limit_headers(),
        "limit_rows": limit_rows,
    }
    return render(request, "public/act_coverage.html", context)
