"""The frame and the components: what the policy and a page without JavaScript ask of them."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.template import engines
from django.utils import translation

from tests.doors.web import gallery


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def elements() -> list[tuple[str, dict[str, str | None]]]:
    with translation.override("en"):
        return Elements(gallery.render("/en/office/?tab=2")).found


def draw(template: str, **context: object) -> str:
    return " ".join(engines["django"].from_string("{% load office_ui %}" + template).render(context).split())


def test_nothing_inline_that_the_policy_would_refuse(elements: list[tuple[str, dict[str, str | None]]]) -> None:
    for tag, attributes in elements:
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "script" or attributes.get("src")


def test_nothing_is_fetched_from_elsewhere(elements: list[tuple[str, dict[str, str | None]]]) -> None:
    fetched = {value for tag, attributes in elements if tag in {"script", "link", "img", "use"}
               for name, value in attributes.items() if name in {"src", "href"}}  # fmt: skip
    assert fetched
    assert {address for address in fetched if not str(address).startswith("/static/")} == set()


def test_ids_are_unique(elements: list[tuple[str, dict[str, str | None]]]) -> None:
    ids = [attributes["id"] for _tag, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_description_and_label_points_to_something(elements: list[tuple[str, dict[str, str | None]]]) -> None:
    ids = {attributes["id"] for _tag, attributes in elements if "id" in attributes}
    for _tag, attributes in elements:
        for name in ("aria-describedby", "for"):
            assert set(str(attributes.get(name) or "").split()) <= ids


def test_the_page_says_whose_it_is_not_and_links_to_itself_in_french() -> None:
    html = " ".join(gallery.render("/en/office/?tab=2").split())
    assert "Reference implementation, not a service of the European Commission" in html
    assert 'href="/fr/office/?tab=2" lang="fr" hreflang="fr">Français</a>' in html
    assert '<a class="ecl-link ecl-link--primary ecl-skip-link" href="#main">' in html


def test_the_account_corner_works_without_a_script() -> None:
    html = " ".join(gallery.render().split())
    assert 'hx-get="/en/account/corner/" hx-trigger="load"' in html
    assert 'href="/en/account/login/">Sign in</a>' in html


def test_the_title_says_that_something_is_wrong() -> None:
    assert "<title>Error: Gallery – AI Office</title>" in " ".join(gallery.render().split()).replace("> ", ">").replace(
        " <", "<"
    )


def test_withheld_text_says_why_and_by_whom() -> None:
    html = draw('{% tombstone "trade secret" provision="Article 78(1)(a)" by="the AI Office" on="2027-03-01" %}')
    assert "<strong>Withheld:</strong> trade secret" in html
    assert "(Article 78(1)(a))" in html
    assert "By the AI Office, Monday 1 March 2027." in html


def test_a_reason_opens_in_place() -> None:
    html = draw('{% why "the deadline" %}<p>Article 73(2)</p>{% endwhy %}')
    assert html.startswith('<details class="office-why">')
    assert "(the deadline)" in html
    assert "<p>Article 73(2)</p>" in html


def test_an_empty_list_says_what_would_fill_it() -> None:
    assert "when somebody files" in draw('{% empty "No cases yet." %}<p>when somebody files</p>{% endempty %}')


def test_facts_show_nothing_and_zero_apart() -> None:
    html = draw("{% facts items %}", items=[{"label": "Fee", "value": 0}, {"label": "Note", "value": ""}])
    assert html.count("Not given") == 1


def test_text_of_others_is_escaped_and_carries_its_language() -> None:
    html = draw("{% facts items %}", items=[{"label": "Purpose", "value": "<b>Parkeren</b>\nen meer", "lang": "nl"}])
    assert 'lang="nl"' in html
    assert "&lt;b&gt;Parkeren&lt;/b&gt;<br>en meer" in html


def test_the_filing_status_is_words() -> None:
    assert "Entered in error" in draw('{% filing_status "entered_in_error" %}')
    with pytest.raises(KeyError):
        draw('{% filing_status "lost" %}')


def test_a_row_shorter_than_its_table_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw('{% table "T" headers rows %}', headers=["A", "B"], rows=[["1"]])


def test_the_trail_starts_at_home_and_ends_here() -> None:
    html = draw('{% breadcrumb "Register" "register/" "Candidate ranking" %}')
    assert html.index('href="/en/"') < html.index('href="/en/register/"') < html.index("Candidate ranking")
    assert 'aria-current="page">Candidate ranking' in html


def test_pages_by_cursor_name_their_relation() -> None:
    html = draw('{% pagination next_url="?after=20" words="1 to 20 of 1,530" %}')
    assert 'href="?after=20" rel="next"' in html
    assert 'rel="prev"' not in html
    assert draw("{% pagination %}") == ""


def test_the_page_of_the_api_lists_every_operation_once() -> None:
    from aioffice.doors.api.v1 import api
    from aioffice.doors.web.templatetags.office_api import operations

    listed = [row[0] for group in operations() for row in group["rows"]]  # type: ignore[attr-defined]
    paths = api.get_openapi_schema(path_prefix="api/v1/")["paths"]
    assert sorted(listed) == sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


def test_the_page_of_the_api_can_say_every_operation_in_other_languages() -> None:
    from aioffice.doors.web.templatetags.office_api import SAID, TITLES, _groups

    written = [(title, said) for title, rows in _groups() for _request, said, step in rows if not step]
    assert {text for pair in written for text in pair} == {*SAID, *TITLES}
