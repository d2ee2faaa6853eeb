"""The components of every page, each named after what it draws with the Europa Component Library.

``{% load office_ui %}``. Whatever a tag takes may be an object or a mapping; its docstring names the members it
reads. A tag draws only what it is given: it asks no database, and reads no clock but for "in 3 days".
"""

from collections.abc import Iterable, Sequence

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from aioffice.doors.web.templatetags import _announcing, _dates, _django_forms, _forms, _names, _paths
from aioffice.kernel.watching.announcements import Announcement

register = template.Library()

register.filter("long_date", _dates.long_date)
register.filter("long_moment", _dates.long_moment)
register.filter("relative", _dates.relative)
register.filter("machine_date", _dates.machine)
register.filter("language_name", _names.language_name)
register.filter("own_language_name", _names.own_language_name)
register.filter("state_name", _names.state_name)
register.filter("labelled", _names.labelled)
register.filter("number", _names.number)
register.filter("file_size", _names.file_size)
register.filter("file_kind", _names.file_kind)
register.filter("file_kinds", _names.file_kinds)
register.filter("field_id", _forms.field_id)

_FILING_STATUS = {
    "current": (gettext_lazy("Current filing"), "medium"),
    "superseded": (gettext_lazy("Superseded filing"), "low"),
    "entered_in_error": (gettext_lazy("Entered in error"), "high"),
}


# --- addresses -------------------------------------------------------------------------------------------------


@register.simple_tag
def page(path: str = "", language: str | None = None) -> str:
    """``{% page "register/" %}``: the address of a page in the language of this one."""
    return _paths.page_path(str(path), language)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """``{% query sort="newest" cursor="" %}``: this page's query with parameters set or, where empty, removed."""
    return _paths.with_query(context.get("request"), changes)


@register.inclusion_tag("components/languages.html", takes_context=True)
def languages(context: Context) -> dict[str, object]:
    """Links to this page in every language of the site."""
    codes = [code for code, _name in settings.LANGUAGES]
    request = context.get("request")
    return {"languages": [{"code": code, "url": _paths.in_language(request, code, frozenset(codes))} for code in codes]}


@register.inclusion_tag("components/announcements.html", takes_context=True)
def announcements(context: Context) -> dict[str, object]:
    """What the operator has announced and still holds, above every page: the request's ``announcements``.

    Not above the one that tells of them itself.
    """
    standing = () if "announced_here" in context else getattr(context.get("request"), "announcements", ())
    return {"announcements": [_announcing.in_words(one) for one in standing]}


@register.filter
def announced(one: Announcement) -> dict[str, object]:
    """``{{ one|announced }}``: an announcement with its text in the language of the page."""
    return _announcing.in_words(one)


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*steps: object) -> dict[str, object]:
    """``{% breadcrumb register "register/" name %}``: label and path by turns, the last label without one.

    The way from the home page is put in front.
    """
    texts = [str(step) for step in steps]
    trail = [{"label": gettext("Home"), "url": _paths.page_path("")}]
    trail += [
        {"label": label, "url": _paths.page_path(path)} for label, path in zip(texts[::2], texts[1::2], strict=False)
    ]
    return {"trail": trail, "here": texts[-1] if len(texts) % 2 else ""}


# --- small words -----------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "s", turn: str = "", extra: str = "") -> SafeString:
    """An icon of the ECL sprite beside words, hidden from screen readers.

    Sizes go from 2xs to 2xl; ``turn`` is e.g. ``rotate-90``; ``extra`` is a further class.
    """
    return format_html(
        '<svg class="ecl-icon ecl-icon--{}{}{}" focusable="false" aria-hidden="true"><use href="{}#{}"></use></svg>',
        size,
        f" ecl-icon--{turn}" if turn else "",
        f" {extra}" if extra else "",
        static("vendor/icons/icons.svg"),
        name,
    )


@register.simple_tag
def label(text: object, strength: str = "medium") -> SafeString:
    """A status in words. Strength is how much to notice it: low, medium, high or highlight."""
    return format_html('<span class="ecl-label ecl-label--{}">{}</span>', strength, text)


@register.simple_tag
def filing_status(code: str) -> SafeString:
    """The status of a filing: current, superseded or entered_in_error. Never the status of the system."""
    return label(*_FILING_STATUS[str(code)])


@register.simple_tag
def moment(value: object, at: object = None, end_of_day: bool = False) -> SafeString:
    """``{% moment due end_of_day=True %}``: the full date and hour with the distance from ``at`` beside it."""
    words = _dates.long_moment(value, end_of_day=end_of_day)
    if not words:
        return SafeString("")
    return format_html(
        '<span class="office-moment"><time datetime="{}">{}</time>'
        ' <span class="office-moment__distance">({})</span></span>',
        _dates.machine(value),
        words,
        _dates.relative(value, at),
    )


# --- blocks around text ----------------------------------------------------------------------------------------


@register.simple_block_tag
def why(content: str, about: str = "") -> str:
    """``{% why "the deadline" %}…{% endwhy %}``: the reason, opening in place. ``about`` names it to screen readers."""
    return render_to_string("components/why.html", {"content": content, "about": about})


@register.simple_block_tag
def notice(content: str, variant: str = "info", title: str = "") -> str:
    """``{% notice "warning" title %}…{% endnotice %}``: variants info, success, warning, error."""
    return render_to_string("components/notice.html", {"content": content, "variant": variant, "title": title})


@register.simple_block_tag
def empty(content: str, title: str) -> str:
    """``{% empty title %}what would fill this list{% endempty %}``."""
    return render_to_string("components/empty.html", {"content": content, "title": title})


@register.inclusion_tag("components/tombstone.html")
def tombstone(
    reason: object, provision: str = "", by: str = "", on: object = None, erased: object = False
) -> dict[str, object]:
    """What stands in the place of text that is withheld, or was erased: why, under which provision, by whom, since when."""
    return {"reason": reason, "provision": provision, "by": by, "on": on, "erased": erased}


# --- facts and lists -------------------------------------------------------------------------------------------


@register.inclusion_tag("components/facts.html")
def facts(items: Iterable[object], variant: str = "horizontal") -> dict[str, object]:
    """A list of facts. Items: ``label``; ``value`` (text) or ``texts`` (list); ``provision``, ``help``, ``url``,
    ``lang``, ``date`` (written out), ``withheld`` (a mapping with reason, provision, by, on, or with erased)."""
    return {"items": items, "variant": variant}


@register.inclusion_tag("components/table.html")
def table(caption: object, headers: Sequence[object], rows: Iterable[object]) -> dict[str, object]:
    """A table that stacks on a phone. Cells are texts, or have ``text``, ``url``, ``lang``, ``numeric``, ``label``
    (strength of a status label), ``date``. The first cell of a row names the row. A header of numbers is a mapping
    with ``text`` and ``numeric``."""
    return {"caption": caption, "headers": headers, "rows": [list(zip(headers, row, strict=True)) for row in rows]}  # type: ignore[call-overload]


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[object]) -> dict[str, object]:
    """What happened, in the order given. Events: ``at`` (date or instant), ``title``, ``text``, ``url``, ``by``."""
    return {"events": events}


@register.inclusion_tag("components/result.html")
def result(item: object, level: int = 2) -> dict[str, object]:
    """One hit of a list. Item: ``url``, ``title``, ``lang``, ``number``, ``summary``, ``labels`` (texts, or pairs of
    text and strength), ``facts`` (pairs of label and value), ``note`` (what must be known before reading on)."""
    return {"item": item, "level": level}


@register.inclusion_tag("components/stat_tiles.html")
def stat_tiles(tiles: Iterable[object]) -> dict[str, object]:
    """Figures with their words. Tiles: ``value``, ``label``, ``note``, ``url``."""
    return {"tiles": tiles}


@register.inclusion_tag("components/documents.html")
def documents(files: Iterable[object]) -> dict[str, object]:
    """Files to fetch. Files: ``url``, ``name``, ``size`` in bytes, ``lang``, ``note``."""
    return {"files": files}


@register.inclusion_tag("components/diff.html")
def diff(changes: Iterable[object], before: object, after: object) -> dict[str, object]:
    """What changed between two versions. Changes: ``label``, ``provision``, ``before``, ``after``, ``lang``."""
    return {"changes": changes, "before": before, "after": after}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, words: str) -> dict[str, object]:
    """Long work under way: how many of how many, and in words of what."""
    return {"done": done, "total": total, "words": words}


# --- searching -------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/search_box.html")
def search_box(action: str, value: str = "", hint: str = "", keep: object = ()) -> dict[str, object]:
    """A large search box. ``keep``: pairs (name, value) of filters that the search leaves standing."""
    return {"action": _paths.page_path(action), "value": value, "hint": hint, "keep": keep}


@register.inclusion_tag("components/facet.html")
def facet(facet: object) -> dict[str, object]:
    """One filter. Members: ``name``, ``title``, ``options`` (``label``, ``count``, ``url``, ``selected``, ``lang``),
    ``open`` (false keeps it shut), ``more_url`` where not all options are shown."""
    return {"facet": facet}


@register.inclusion_tag("components/active_filters.html")
def active_filters(filters: Iterable[object], clear_url: str = "") -> dict[str, object]:
    """The filters in force, each a link that takes it off. Filters: ``label``, ``value``, ``url`` (without it)."""
    return {"filters": filters, "clear_url": clear_url}


@register.inclusion_tag("components/pagination.html")
def pagination(next_url: str = "", previous_url: str = "", first_url: str = "", words: str = "") -> dict[str, object]:
    """Pages by cursor: first, previous, words such as "21 to 40 of 1,530", next."""
    return {"next_url": next_url, "previous_url": previous_url, "first_url": first_url, "words": words}


@register.inclusion_tag("components/sort_select.html")
def sort_select(options: object, name: str = "sort", keep: object = ()) -> dict[str, object]:
    """The order of a list. ``options``: triples (value, label, selected); ``keep``: pairs of the query to carry on."""
    return {"options": options, "name": name, "keep": keep}


# --- forms -----------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(field: object) -> dict[str, object]:
    """One field of a form with its label, help, provision and error; members in :mod:`._forms`."""
    return _forms.drawing(field)


@register.inclusion_tag("components/fields.html")
def fields(fields: Iterable[object]) -> dict[str, object]:
    """All fields of a form, in their order."""
    return {"fields": fields}


@register.simple_tag
def fields_of(form: BaseForm) -> list[dict[str, object]]:
    """``{% fields_of form as own %}``: the fields of a Django form, for ``{% fields own %}``."""
    return list(_django_forms.fields_of(form))


@register.inclusion_tag("components/error_summary.html")
def error_summary(fields: Iterable[object] = (), errors: Iterable[object] = ()) -> dict[str, object]:
    """The summary above a form, nothing when nothing is wrong.

    ``errors``: items with ``message`` and, where there is a field, ``id`` and ``label`` (the ``summary`` of a bound
    form), or plain texts. ``fields``: fields whose errors are gathered, for forms that have no summary of their own.
    """
    further = [{"message": error} if isinstance(error, str) else error for error in errors or ()]
    return {"errors": [*further, *_forms.errors_of(fields or ())]}


@register.inclusion_tag("components/draft_status.html")
def draft_status() -> dict[str, object]:
    """Where a form with ``data-draft="<address to save to>"`` tells what is saved; put it beside the buttons."""
    return {}


@register.inclusion_tag("components/default_submit.html")
def default_submit(name: str = "", value: str = "") -> dict[str, object]:
    """The button that the Enter key presses; first in a form, so that Enter never removes a row."""
    return {"name": name, "value": value}
