"""What the public can ask of a small register of fictional filings, with one of every mark and something secure in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from aioffice.register import public_queries
from aioffice.register.public_queries import BadCursor, Filters, search
from tests.support.published import Union


def numbers(**asked: object) -> set[str]:
    return {hit.number for hit in search(**asked).hits}  # type: ignore[arg-type]


def test_without_words_the_register_of_current_filings_is_shown(union_site: Union) -> None:
    shown = {union_site.numbers[name] for name in ("ranker", "orientation", "formatter", "use")}
    found = search()
    assert {hit.number for hit in found.hits} == shown
    assert (found.total, found.total_exact, found.sort) == (4, True, "newest")


def test_words_are_found_in_the_language_of_each_text(union_site: Union) -> None:
    assert numbers(text="vacancy") == numbers(text="vacancies") == {union_site.numbers["ranker"]}
    assert numbers(text="élève") == numbers(text="eleve") == {union_site.numbers["orientation"]}
    assert numbers(text="kolibri") == {union_site.numbers["ranker"], union_site.numbers["formatter"]}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"section": ("A",)}, {"ranker", "orientation"}),
        ({"section": ("B", "C")}, {"formatter", "use"}),
        ({"member_state": ("HR",)}, {"ranker"}),
        ({"member_state": ("HR", "BE")}, {"ranker", "orientation"}),
        ({"seat": ("SI",)}, {"ranker", "formatter", "use"}),
        ({"area": ("education",)}, {"orientation", "formatter"}),
        ({"annex_iii_point": ("4(a)",)}, {"ranker", "use"}),
        ({"status": ("no_longer_on_market_or_in_service",)}, {"orientation"}),
        ({"filing_status": ("entered_in_error",)}, {"mistake"}),
        ({"provider": ("Néréide SAS (fictive)",)}, {"orientation"}),
        ({"language": ("fr",)}, {"orientation"}),
        ({"seat": ("SI",), "area": ("education",)}, {"formatter"}),
    ],
)
def test_filters(union_site: Union, filters: dict[str, tuple[str, ...]], names: set[str]) -> None:
    assert numbers(filters=Filters(**filters)) == {union_site.numbers[name] for name in names}  # type: ignore[arg-type]


def test_entered_in_error_is_found_by_its_number_and_shown_with_its_mark(union_site: Union) -> None:
    number = union_site.numbers["mistake"]
    (hit,) = search(text=f" {number.lower()} ").hits
    assert (hit.number, hit.filing_status) == (number, "entered_in_error")
    entry = public_queries.entry(number=number)
    assert entry is not None
    assert entry.filing_status == "entered_in_error"


def test_the_secure_section_is_nowhere(union_site: Union) -> None:
    number = union_site.numbers["secure"]
    assert public_queries.entry(number=number) is None
    assert public_queries.versions(number=number) == ()
    for text in (number, "Zephyrine", "Lattice", "zephyrin"):
        found = search(text=text)
        assert (found.total, found.did_you_mean) == (0, None), text
    every_status = ("current", "entered_in_error", "withdrawn", "superseded")
    assert number not in numbers(filters=Filters(filing_status=every_status))
    points = next(facet for facet in public_queries.facets() if facet.name == "annex_iii_point")
    assert {option.value for option in points.options} == {"3(a)", "3(b)", "4(a)"}
    assert public_queries.figures(since=date(2026, 1, 1)).entries == 4


def test_an_entry_its_versions_and_what_refers_to_it(union_site: Union) -> None:
    entry = public_queries.entry(number=union_site.numbers["ranker"])
    assert entry is not None
    assert (entry.version, entry.filing_status, entry.language) == (2, "current", "en")
    assert entry.document["uses"] == [union_site.numbers["use"]]
    assert entry.document["fields"]["member_states"] == ["AT", "HR", "SI"]
    latest, first = public_queries.versions(number=entry.number)
    assert (latest.filing_status, first.filing_status) == ("current", "superseded")
    assert first.document["fields"]["member_states"] == ["AT", "SI"]
    (user,) = public_queries.named(numbers=entry.document["uses"])
    assert (user.section, user.provider) == ("C", "Občina Primer (fictional)")


def test_what_the_register_said_on_a_day(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    # Registered on the 10th; the change is true since the 20th, filed on the 23rd.
    said = {day: public_queries.version_on(number=number, on=date(2026, 11, day)) for day in (9, 10, 19, 20)}
    assert [version.version if version else None for version in said.values()] == [None, 1, 1, 2]
    assert numbers(on=date(2026, 11, 9)) == set()
    assert numbers(on=date(2026, 11, 19)) == {number}
    assert numbers(filters=Filters(member_state=("HR",)), on=date(2026, 11, 19)) == set()
    assert numbers(filters=Filters(member_state=("HR",)), on=date(2026, 11, 20)) == {number}


def test_what_was_known_at_a_moment(union_site: Union) -> None:
    number = union_site.numbers["ranker"]
    before_the_change = datetime(2026, 11, 22, tzinfo=UTC)
    version = public_queries.version_on(number=number, on=date(2026, 11, 21), known=before_the_change)
    assert version is not None
    assert version.version == 1
    assert numbers(known=before_the_change) == {number}
    (hit,) = search(on=date(2026, 11, 21), known=before_the_change).hits
    assert (hit.version, hit.filing_status, hit.member_states) == (1, "current", ("AT", "SI"))


def test_the_difference_names_fields_and_words(union_site: Union) -> None:
    difference = public_queries.difference(number=union_site.numbers["ranker"], n=1, m=2)
    assert difference is not None
    changes = {change.pointer: change for change in difference.changes}
    assert set(changes) == {"/fields/intended_purpose", "/fields/member_states"}
    purpose = changes["/fields/intended_purpose"]
    assert purpose.point == "A.5"
    added = "".join(segment.text for segment in purpose.segments if segment.kind == "added")
    assert "groups" in added
    assert "Ranks" not in added
    assert "".join(s.text for s in purpose.segments if s.kind != "added") == purpose.before
    assert "".join(s.text for s in purpose.segments if s.kind != "removed") == purpose.after


def test_withheld_text_is_not_found_not_shown_and_not_in_a_difference(union_site: Union) -> None:
    number = union_site.numbers["orientation"]
    assert search(text="vœux").total == 0
    (version,) = public_queries.versions(number=number)
    assert "information_and_logic" not in version.document["fields"]
    assert version.document["withheld"]["information_and_logic"]["ground"] == "trade_secret"
    assert "vœux".encode() not in version.body


def test_documents_are_found_by_their_digest(union_site: Union) -> None:
    entry = public_queries.entry(number=union_site.numbers["ranker"])
    assert entry is not None
    digest = entry.document["fields"]["instructions_for_use"]["sha256"]
    shown = {(each.number, each.pointer) for each in public_queries.documents(digest=digest)}
    assert (entry.number, "/instructions_for_use") in shown
    assert public_queries.documents(digest="0" * 64) == ()


def test_figures_count_registrations(union_site: Union) -> None:
    figures = public_queries.figures(since=date(2026, 11, 23))
    assert figures.sections == {"A": 2, "B": 1, "C": 1}
    assert figures.areas == {"employment": 2, "education": 2}
    assert (figures.entries, figures.new) == (4, 3)
    assert figures.member_states == 5
    assert public_queries.collections() == {"eu": 4}


@pytest.mark.parametrize("cursor", ["x", "e30", "WyJuZXdlc3QiLDEsMiwzLDRd", "WyJuYW1lIiwiYSIsImIiLDAsMF0", "é"])
def test_a_cursor_of_another_list_is_refused(union_site: Union, cursor: str) -> None:
    with pytest.raises(BadCursor):
        search(sort="newest", cursor=cursor)


def test_sorts_and_limits_out_of_range_are_refused(union_site: Union) -> None:
    with pytest.raises(ValueError, match="relevance"):
        search(sort="best")
    with pytest.raises(ValueError, match="100"):
        search(limit=101)


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "'", "-", '"', "%", "a & b | !c:*", "-vacancy", "x" * 5000, "\u0301", "٣"]
)
def test_any_text_can_be_searched(union_site: Union, text: str) -> None:
    found = search(text=text)
    assert found.total_exact
    assert len(found.hits) == found.total
