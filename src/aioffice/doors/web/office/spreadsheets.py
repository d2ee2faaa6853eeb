"""Lists as CSV for a spreadsheet (RFC 4180, UTF-8 with its mark), in which nothing that people wrote is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from aioffice.doors.cells import plain


def csv_answer(filename: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """The rows below their headings, as a file to be saved."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([plain(cell) for cell in row])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
