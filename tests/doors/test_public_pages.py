"""The public pages of a small register: what they say, how they may be kept, and what they must not show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from aioffice.register import public_queries
from tests.support.published import Union

pytestmark = pytest.mark.usefixtures("union_site")


def get(path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    response = Client().get(path, headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return response.status_code, body.decode(errors="replace"), dict(response.headers)


def words(html: str) -> str:
    """The text of a page as people read it, without line breaks."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(path: str) -> str:
    status, html, _headers = get(path)
    assert status == 200, path
    return words(html)


def test_the_home_page_counts_registrations_and_shows_what_is_new(union_site: Union) -> None:
    text = page("/en/")
    assert "2 high-risk systems" in text
    assert "1 system held not to be high-risk" in text
    assert "1 use by a public body" in text
    assert "3. Education and vocational training 2" in text
    for name in ("ranker", "orientation", "formatter", "use"):
        assert union_site.numbers[name] in text
    assert union_site.numbers["mistake"] not in text
    assert "non-public section under Article 49(4)" in text


def test_an_entry_says_what_was_filed_with_the_place_of_each_field(union_site: Union) -> None:
    text = page(f"/en/register/{union_site.numbers['ranker']}/")
    assert "Status of the system On the market, or in service" in text
    assert "Status of the filing Current" in text
    assert "True since Friday 20 November 2026" in text
    assert "Filed by Kolibri d.o.o. (fictional) (Provider)" in text
    assert "Intended purpose, and the components and functions supported point 5 Ranks and groups" in text
    assert "point 10 Austria Croatia Slovenia" in text
    assert "instructions.pdf (PDF, 69 bytes)" in text
    assert (
        "None of this is a field of Annex VIII. Use case of Annex III 4(a) Recruitment or selection of people" in text
    )
    assert f"Občina Primer (fictional) ({union_site.numbers['use']})" in text
    assert "A longer purpose and one more Member State." in text


def test_a_use_leads_to_the_providers_entry_and_takes_its_status_from_there(union_site: Union) -> None:
    path = f"/en/register/{union_site.numbers['use']}/"
    assert "Status of the system On the market, or in service by the provider's entry" in page(path)
    assert f'href="/en/register/{union_site.numbers["ranker"]}/"' in get(path)[1]


def test_withheld_text_leaves_a_tombstone_and_a_doubted_entry_its_mark(union_site: Union) -> None:
    text = page(f"/en/register/{union_site.numbers['orientation']}/")
    assert "point 6 Withheld: Trade secret or confidential business information" in text
    assert "Monday 23 November 2026" in text
    assert "vœux" not in text
    assert "Accuracy questioned An authority has questioned" in text


def test_entered_in_error_stays_readable_and_says_so(union_site: Union) -> None:
    text = page(f"/en/register/{union_site.numbers['mistake']}/")
    assert "Entered in error The filer declared" in text
    assert "Status of the filing Entered in error" in text


def test_texts_carry_their_language_on_a_page_in_another(union_site: Union) -> None:
    _status, html, headers = get(f"/en/register/{union_site.numbers['orientation']}/")
    assert '<html lang="en"' in html
    assert headers["Content-Language"] == "en"
    assert re.search(r'<dd[^>]*lang="fr">\s*Aide à répartir', html)
    assert re.search(r'<span lang="fr">Orientation Plus</span>', html)
    _status, html, headers = get(f"/fr/register/{union_site.numbers['orientation']}/")
    assert '<html lang="fr"' in html
    assert "Destination, et composants" in html


def test_an_old_version_says_what_it_said_and_leads_to_the_present(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    text = page(f"/en/register/{number}/versions/1/")
    assert "version 1 of 2" in text
    assert "A later version has superseded this one." in text
    assert "point 10 Austria Slovenia" in text
    assert "Status of the filing Superseded by a later version" in text
    assert f'href="/en/register/{number}/"' in get(f"/en/register/{number}/versions/1/")[1]


def test_the_difference_marks_words(union_site: Union) -> None:
    html = get(f"/en/register/{union_site.numbers['ranker']}/changes/1-2/")[1]
    assert "<del>advertisement</del>" in html
    assert "<ins>and groups </ins>" in html
    assert "<ins>Croatia\n</ins>" in html
    assert "Annex VIII, Section A, point 5" in html
    same = page(f"/en/register/{union_site.numbers['ranker']}/changes/2-2/")
    assert "No field differs" in same


def test_any_two_versions_can_be_compared_from_the_form(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    status, _html, headers = get(f"/en/register/{number}/compare/?from=2&to=1")
    assert (status, headers["Location"]) == (302, f"/en/register/{number}/changes/2-1/")
    status, _html, headers = get(f"/en/register/{number}/compare/?from=x&to=")
    assert (status, headers["Location"]) == (302, f"/en/register/{number}/#versions")


@pytest.mark.parametrize(("day", "version"), [("2026-11-10", 1), ("2026-11-19", 1), ("2026-11-20", 2)])
def test_what_an_entry_said_on_a_day(union_site: Union, day: str, version: int) -> None:
    number = union_site.numbers["ranker"]
    status, _html, headers = get(f"/en/register/{number}/?on={day}")
    assert (status, headers["Location"]) == (302, f"/en/register/{number}/versions/{version}/")


def test_citations_name_the_version_for_good(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    text = page(f"/en/register/{number}/")
    assert (
        f"“Candidate Ranker 2”, AI Office, Registrations under Article 49, entry {number}, version 2 of Monday" in text
    )
    status, bib, headers = get(f"/en/register/{number}/versions/2/cite.bib")
    assert status == 200
    assert bib.startswith(f"@misc{{{number}-v2,")
    assert "author = {{Kolibri d.o.o. (fictional)}}" in bib
    assert f"url = {{http://localhost:8000/en/register/{number}/versions/2/}}" in bib
    assert headers["Content-Disposition"] == f'attachment; filename="{number}-v2.bib"'


def test_the_link_for_programs_leads_to_the_same_entry(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    for path, api in (("", ""), ("versions/1/", "/versions/1")):
        html = get(f"/en/register/{number}/{path}")[1]
        (address,) = set(re.findall(r'href="http://localhost:8000(/api/v1/[^"]+)"', html))
        assert address == f"/api/v1/register/entries/{number}{api}"
        status, body, _headers = get(address)
        assert status == 200
        assert f'"{number}"' in body


def test_files_are_saved_under_their_digest_and_nothing_else_is_served(union_site: Union) -> None:
    entry = public_queries.entry(number=union_site.numbers["ranker"])
    assert entry is not None
    digest = entry.document["fields"]["instructions_for_use"]["sha256"]
    status, body, headers = get(f"/en/documents/{digest}/instructions.pdf")
    assert (status, body[:5]) == (200, "%PDF-")
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["ETag"] == f'"{digest}"'
    assert get(f"/en/documents/{digest}/instructions.pdf", **{"If-None-Match": f'"{digest}"'})[0] == 304
    for path in (
        f"{digest}/other.pdf",
        f"{'0' * 64}/instructions.pdf",
        "../../secrets.json/x",
        f"{digest[:-1]}/instructions.pdf",
    ):
        assert get(f"/en/documents/{path}")[0] == 404


@pytest.mark.parametrize(
    "path", ["", "register/", "register/{ranker}/", "register/{ranker}/versions/1/", "feeds/new.atom"]
)
def test_pages_may_be_kept_by_anyone_and_are_sent_once(union_site: Union, path: str) -> None:
    address = "/en/" + path.format(**union_site.numbers)
    status, _html, headers = get(address)
    assert status == 200
    assert headers["Cache-Control"].startswith("public, max-age=")
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")
    status, html, again = get(address, **{"If-None-Match": headers["ETag"]})
    assert (status, html) == (304, "")
    assert again["ETag"] == headers["ETag"]
    assert get(address, cookie="aioffice_session=whoever")[1] == _html


def test_a_number_in_small_letters_leads_to_the_entry(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    status, _html, headers = get(f"/en/register/{number.lower()}/")
    assert (status, headers["Location"]) == (302, f"/en/register/{number}/")


def test_an_address_that_holds_nothing_helps_and_is_not_kept(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    for path in ("EU-A-2031-000001/", f"{number}/versions/9/", f"{number}/changes/1-9/", f"{number}/?on=2020-01-01"):
        status, html, headers = get(f"/en/register/{path}")
        assert status == 404, path
        assert headers["Cache-Control"] == "no-store"
        assert 'name="q"' in html
    assert "See the entry as it stands" in get(f"/en/register/{number}/versions/9/")[1]
    assert get(f"/en/register/{number}/versions/{'9' * 30}/")[0] == 404


def test_a_number_of_the_secure_section_says_what_any_unknown_number_says(union_site: Union) -> None:
    secure = union_site.numbers["secure"]
    unknown = secure[:-4] + "2345"
    assert secure != unknown
    for path in ("{}/", "{}/versions/1/", "{}/changes/1-1/", "{}/versions/1/cite.bib", "{}/?on=2026-11-23"):
        asked, other = get("/en/register/" + path.format(secure)), get("/en/register/" + path.format(unknown))
        assert asked[0] == other[0] == 404
        assert asked[1].replace(secure, unknown) == other[1]
        assert asked[2].keys() == other[2].keys()


def crawl(start: str) -> Iterator[tuple[str, str]]:
    """Every page and feed of the public site that links lead to, with its text."""
    seen, waiting = {start}, [start]
    while waiting:
        path = waiting.pop()
        status, html, _headers = get(path)
        assert status == 200, f"{path} is linked and answers {status}"
        yield path, html
        for link in re.findall(r'(?:href|src|action)="([^"#]+)', html) if html.lstrip().startswith("<") else ():
            address = urlsplit(urljoin(path, unescape(link)))
            if address.netloc not in ("", "localhost:8000") or address.scheme not in ("", "http"):
                continue
            following = address.path + (f"?{address.query}" if address.query else "")
            office = re.match(r"/(static|api)/|/[a-z]{2}/(office|account)/|.*/compare/", following)
            if not office and following not in seen and len(seen) < 400:
                seen.add(following)
                waiting.append(following)


def test_no_link_is_dead_and_nothing_public_shows_the_secure_section(union_site: Union) -> None:
    visited = 0
    for path, html in crawl("/en/"):
        visited += 1
        assert "Zephyrine" not in html, path
        assert union_site.numbers["secure"] not in html, path
    assert visited > 100
