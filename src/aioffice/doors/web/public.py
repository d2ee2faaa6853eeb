"""The public site: views that parse, call and render. They read the published register alone and know nobody."""

from __future__ import annotations

from datetime import date, datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.act.registration import duty
from aioffice.doors.web import labels
from aioffice.doors.web.public_asking import read
from aioffice.doors.web.public_caching import live
from aioffice.doors.web.public_citing import citation
from aioffice.doors.web.public_entry_page import changes_path, difference_context, entry_context, version_context
from aioffice.doors.web.public_facts import entry_path, version_path
from aioffice.doors.web.public_home import home_context
from aioffice.doors.web.public_listing import listing
from aioffice.doors.web.templatetags._dates import BRUSSELS
from aioffice.kernel.days import office_day
from aioffice.kernel.documents.storage import NoSuchContent, storage
from aioffice.kernel.retention.wording import lines
from aioffice.kernel.settings import settings
from aioffice.register import public_queries
from aioffice.register.public_queries import BadCursor

PAGE = 20


def _now() -> datetime:
    return timezone.now().astimezone(BRUSSELS)


@live
def home(request: HttpRequest) -> HttpResponse:
    """The search box first, then figures, what is new, and the ways in for those who file."""
    return render(request, "public/home.html", home_context(office_day(_now())))


@live
def register(request: HttpRequest) -> HttpResponse:
    """Search the register; the address holds the whole search."""
    today = office_day(_now())
    asked = read(request.GET, today)
    try:
        found = public_queries.search(
            text=asked.text, filters=asked.filters, sort=asked.sort, cursor=asked.cursor, limit=PAGE, on=asked.on
        )
    except BadCursor:
        # A place in a list that is no longer this one: the same search from its beginning.
        return HttpResponseRedirect(asked.address())
    return render(request, "public/register.html", listing(asked, found, today))


@live
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """An entry as it stands; with `on`, the version it had on that day."""
    found = public_queries.entry(number=number)
    if found is None:
        return _other_spelling(request, number)
    if day := request.GET.get("on", ""):
        return _entry_on(request, number, day)
    return render(request, "public/entry.html", entry_context(found))


def _other_spelling(request: HttpRequest, number: str) -> HttpResponse:
    upper = number.upper()
    if upper != number and public_queries.entry(number=upper) is not None:
        return HttpResponseRedirect(entry_path(upper))
    return _nothing(request, number)


def _nothing(request: HttpRequest, address: str, entry_url: str = "") -> HttpResponse:
    """404 with the way to what was probably meant. It says the same of every number that leads nowhere."""
    return render(request, "public/no_entry.html", {"address": address, "entry_url": entry_url}, status=404)


def _no_version(request: HttpRequest, number: str, version: str) -> HttpResponse:
    known = public_queries.entry(number=number) is not None
    return _nothing(request, f"{number}, {version}", entry_path(number) if known else "")


def _entry_on(request: HttpRequest, number: str, day: str) -> HttpResponse:
    try:
        found = public_queries.version_on(number=number, on=date.fromisoformat(day))
    except ValueError:
        return HttpResponseRedirect(entry_path(number))
    if found is None:
        first = public_queries.version(number=number, n=1)
        began = first.valid_from if first is not None else None
        context = {"address": f"{number}, {day}", "entry_url": entry_path(number), "began": began}
        return render(request, "public/no_entry.html", context, status=404)
    return HttpResponseRedirect(version_path(number, found.version))


@live
def version(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """One version of an entry, under an address that always leads to it."""
    found = public_queries.version(number=number, n=n)
    whole = public_queries.entry(number=number)
    if found is None or whole is None:
        return _no_version(request, number, str(n))
    return render(request, "public/version.html", version_context(found, latest=whole.version))


@live
def changes(request: HttpRequest, number: str, n: int, m: int) -> HttpResponse:
    """What differs between two versions."""
    found = public_queries.difference(number=number, n=n, m=m)
    if found is None:
        return _no_version(request, number, f"{n}-{m}")
    return render(request, "public/changes.html", difference_context(found))


@require_safe
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """From the form on an entry's page to the address of a difference."""
    chosen = [request.GET.get(name, "") for name in ("from", "to")]
    if not all(text.isdecimal() and len(text) < 7 for text in chosen):
        return HttpResponseRedirect(entry_path(number) + "#versions")
    return HttpResponseRedirect(changes_path(number, int(chosen[0]), int(chosen[1])))


@live
def bibtex(request: HttpRequest, number: str, n: int) -> HttpResponse:
    """The citation of a version as a BibTeX file."""
    found = public_queries.version(number=number, n=n)
    if found is None:
        raise Http404
    collection = labels.collection(found.collection)
    cited = citation(
        author=found.provider or collection,
        title=found.name,
        number=number,
        version=n,
        recorded_at=found.recorded_at,
        register=_("AI Office, %(collection)s") % {"collection": collection},
    )
    headers = {"Content-Disposition": f'attachment; filename="{number}-v{n}.bib"'}
    return HttpResponse(cited.bibtex, content_type="application/x-bibtex; charset=utf-8", headers=headers)


@live
def document(request: HttpRequest, digest: str, filename: str) -> HttpResponse:
    """A file that an entry shows, under the digest of its content. Always saved, never run in the page."""
    shown = next((each for each in public_queries.documents(digest=digest) if each.filename == filename), None)
    if shown is None:
        raise Http404
    try:
        file = storage().open(digest)
    except NoSuchContent:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=shown.filename, content_type=shown.media_type)
    response.headers["ETag"] = f'"{digest}"'
    return response  # type: ignore[return-value]  # a streaming response is a response


@live
def secure_section(request: HttpRequest) -> HttpResponse:
    """Who may see what is registered in the non-public section, and nothing about what is in it."""
    return render(request, "public/secure_section.html", {"edps": settings().edps_reads_secure_section})


@live
def content(request: HttpRequest, name: str) -> HttpResponse:
    """A page of fixed text, with the names that the operator has to give."""
    office = settings()
    names: dict[str, object] = {
        "duty": duty("A"),
        "operator_name": office.operator_name,
        "operator_contact": office.operator_contact,
        "source_url": office.source_url,
    }
    if name == "privacy":
        names["keeping_headings"] = [_("What"), _("How long"), _("Then")]
        names["keeping_rows"] = [[line.title, line.period, line.end] for line in lines()]
    return render(request, f"pages/{name}.html", names)
