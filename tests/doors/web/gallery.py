"""Made-up data for every component, and the page that shows them all. Never a route of the product."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

from django.http import HttpRequest
from django.template import engines

NOW = datetime(2027, 3, 9, 9, 30, tzinfo=UTC)

STATES = [("AT", "Austria"), ("BE", "Belgium"), ("BG", "Bulgaria"), ("HR", "Croatia"), ("CY", "Cyprus"),
          ("CZ", "Czechia"), ("DK", "Denmark"), ("EE", "Estonia"), ("FI", "Finland"), ("FR", "France"),
          ("DE", "Germany"), ("EL", "Greece"), ("HU", "Hungary")]  # fmt: skip


def ask(name: str, label: str, **members: object) -> SimpleNamespace:
    """One field of a form, as the views hand it to the templates."""
    defaults: dict[str, object] = {
        "id": "", "help": "", "provision": "", "required": True, "widget": "text", "value": "", "choices": [],
        "error": "", "max_length": None, "rows": [], "children": [],
    }  # fmt: skip
    return SimpleNamespace(name=name, label=label, **(defaults | members))


def form() -> list[SimpleNamespace]:
    """A form with one field of each widget; some are filled, some wrong."""
    member = [
        ask("members.0.name", "Name", value="Ana Novak"),
        ask("members.0.email", "E-mail", widget="email", value="ana", error="An e-mail address has an @ sign."),
    ]
    return [
        ask("provider.name", "Name of the provider", provision="Annex VIII, Section A, point 1",
            help="As in the business register.", value="Kolibri d.o.o.", autocomplete="organization"),
        ask("system.trade_name", "Trade name of the system", error="Say how the system is called on the market."),
        ask("system.purpose", "Intended purpose", widget="longtext", max_length=200, value="Ranks applications. " * 12,
            provision="Annex VIII, Section A, point 5", help="What it is for, in plain words.", lang="en",
            error="40 characters too many: at most 200."),
        ask("system.status", "Status of the system", widget="select",
            choices=[("market", "On the market", True), ("withdrawn", "No longer on the market", False)]),
        ask("provider.kind", "Who files", widget="radios", error="Choose one.",
            choices=[("provider", "The provider", False), ("representative", "Its authorised representative", False)]),
        ask("states", "Member States where the system is available", widget="checkboxes",
            choices=[(code, name, code in {"AT", "FI"}) for code, name in STATES]),
        ask("profiling", "Does the system profile natural persons?", widget="tristate", value="no", not_annex_viii=True,
            help="Article 6(3), last subparagraph."),
        ask("confirm", "I sign this filing for Kolibri d.o.o.", widget="checkbox", help="Your name is recorded."),
        ask("instructions", "Instructions for use", widget="file", required=False, accept=".pdf",
            help="PDF, at most 20 MB.", value=SimpleNamespace(name="manual.pdf", url="#", size=1_834_000)),
        ask("since", "On the market since", widget="date", value="2027-02-25", required=False, public=False,
            relevant_when=(("system.status", ("market",)),)),
        ask("contact", "Contact", widget="group", children=[
            ask("contact.person", "Person"), ask("contact.phone", "Telephone", widget="tel", required=False)]),
        ask("members", "Member", widget="rows", add_label="Add a member", rows=[
            SimpleNamespace(name="members.0", label="", fields=member)]),
        ask("schema", "", widget="hidden", value="3f9a"),
    ]  # fmt: skip


def facet(title: str, options: list[tuple[str, int, bool]], **members: object) -> dict[str, object]:
    """One filter with its options: words, count, chosen or not."""
    return {
        "title": title,
        "options": [{"label": w, "count": n, "url": f"?{w}", "selected": s} for w, n, s in options],
        **members,
    }


def context() -> dict[str, object]:
    """Everything the gallery shows."""
    return {
        "form_errors": True,
        "now": NOW,
        "day": date(2027, 3, 1),
        "due": datetime(2027, 3, 12, 23, 0, tzinfo=UTC),
        "filed": datetime(2027, 3, 9, 8, 42, tzinfo=UTC),
        "form": form(),
        "general_errors": ["The draft was changed by Ana Novak meanwhile; look it over before you file."],
        "facts": [
            {"label": "Provider", "value": "Kolibri d.o.o., Ljubljana", "provision": "Annex VIII, Section A, point 1"},
            {"label": "Intended purpose", "value": "Rangiranje prijav na delovna mesta.", "lang": "sl"},
            {"label": "Member States", "texts": ["Slovenia", "Austria", "Croatia"]},
            {"label": "On the market since", "date": date(2027, 2, 25)},
            {"label": "Web site", "url": "https://kolibri.example"},
            {"label": "Training data", "withheld": {"reason": "trade secret", "provision": "Article 78(1)(a)"}},
            {"label": "Certificate", "value": "", "help": "Only where a notified body took part."},
        ],
        "tiles": [
            {"value": 1204, "label": "systems registered", "url": "#", "note": "under Article 49"},
            {"value": 27, "label": "Member States"},
            {"value": 38, "label": "new this week", "url": "#"},
        ],
        "table_headers": ["Member State", {"text": "Entries", "numeric": True}, "Status"],
        "table_rows": [
            [{"text": "Slovenia", "url": "#"}, {"text": 1204, "numeric": True}, {"text": "Done", "label": "medium"}],
            [{"text": "Portugal", "url": "#"}, {"text": 87, "numeric": True}, "–"],
            ["Malta", {"text": 0, "numeric": True}, {"text": "Late", "label": "high"}],
        ],
        "changes": [
            {"label": "Trade name", "provision": "Annex VIII, point A4", "before": "Ranker", "after": "Ranker 2"},
            {"label": "Status", "before": "", "after": "On the market"},
        ],
        "events": [
            {"at": datetime(2027, 3, 1, 9, tzinfo=UTC), "title": "Filed", "by": "Kolibri d.o.o.", "text": "Section A."},
            {"at": date(2027, 3, 9), "title": "Accuracy questioned", "url": "#", "by": "the Slovenian authority"},
        ],
        "files": [
            {"url": "#", "name": "instructions.pdf", "size": 1_834_000, "lang": "sl"},
            {"url": "#", "name": "declaration.pdf", "size": 12_400, "note": "Signed on Monday 1 March 2027."},
        ],
        "keep": [("state", "SI")],
        "facets": [
            facet("Member State", [("Slovenia", 12, True), ("Austria", 4018, False)], more_url="#"),
            facet("Area of Annex III", [("4. Employment", 9, False), ("3. Education", 2, False)]),
            facet("Status", [], open=False),
        ],
        "active": [{"label": "Member State", "value": "Slovenia", "url": "?"}],
        "sorts": [("relevance", "Relevance", True), ("newest", "Newest first", False)],
        "results": [
            {"url": "#", "title": "Candidate ranking", "number": "EU-A-2026-000001",
             "summary": "Ranks applications for open posts.", "labels": ["On the market"],
             "facts": [("Provider", "Kolibri d.o.o."), ("Area", "4. Employment")]},
            {"url": "#", "title": "Parkeervergunning beoordelen", "lang": "nl", "number": "NL-AR-1204",
             "summary": "Beoordeelt aanvragen voor een parkeervergunning.",
             "labels": [{"text": "Entered in error", "strength": "high"}],
             "note": "From the Dutch national register; not a registration under Article 49.",
             "facts": [("Organisation", "Gemeente Voorbeeld")]},
        ],
    }  # fmt: skip


def render(path: str = "/en/office/") -> str:
    """The gallery as HTML, as if asked for at ``path``."""
    request = HttpRequest()
    request.method = "GET"
    request.path, _, query = path.partition("?")
    request.path_info = request.path
    request.META["QUERY_STRING"] = query
    template = engines["django"].from_string((Path(__file__).parent / "gallery.html").read_text(encoding="utf-8"))
    return template.render(context(), request)
