"""What of the Act is covered is counted from what is there; nothing is left out of the count, and what is missing is named."""

from __future__ import annotations

import csv

import pytest
from django.test import Client
from django.utils import translation

from aioffice.act.provisions import nodes as tree
from aioffice.act.provisions.addressees import addressees
from aioffice.act.provisions.resting import Sort
from aioffice.act.rules.duties import DUTIES
from aioffice.act.time_limits import time_limits
from aioffice.doors.coverage import Coverage, limits, parts, totals, whole
from aioffice.doors.coverage_words import missing, page, summary
from aioffice.doors.provisions import everything
from tests.support.act_text import DEADLINES, beside


def test_every_article_and_annex_has_a_row_and_every_article_speaks_to_somebody() -> None:
    assert [row.node for row in whole()] == [*tree.articles(), *tree.annexes()]
    assert all(addressees(one) for one in tree.articles())
    assert totals().total() == 119 + 14


def test_a_row_is_encoded_only_where_something_rests_on_it() -> None:
    rows = {row.node.id: row for row in whole()}
    assert rows["article-5"].coverage is Coverage.ENCODED
    assert rows["article-5"].counts[Sort.DUTY] == 2
    assert rows["article-49"].counts[Sort.PROCEDURE] > 0
    assert rows["annex-viii"].counts[Sort.FIELD] == 27
    assert rows["article-112"].coverage is Coverage.LIMITS
    assert rows["article-7"].coverage is Coverage.NOT_YET


def test_every_duty_and_every_item_counts_in_the_row_of_its_provision() -> None:
    single = {row.node.id: row for row in parts()}
    for one in everything():
        for leads_to in one.nodes:
            if one.sort in {Sort.RULE, Sort.DUTY, Sort.LIMIT, Sort.FIELD, Sort.PROCEDURE}:
                assert single[leads_to.id].counts[one.sort] >= 1
    assert len({one.id for one in everything() if one.sort is Sort.DUTY}) == len(DUTIES)


def test_every_time_limit_is_there() -> None:
    assert [row.limit.id for row in limits()] == [one.id for one in time_limits()]
    for path in beside(DEADLINES):
        with path.open(encoding="utf-8", newline="") as file:
            given = {row["id"] for row in csv.DictReader(file)}
        # 67(6) has a limit of its own here (DIVERGENCES 126).
        assert given | {"FORUM-CHAIR-2Y"} == {row.limit.id for row in limits()}


def test_what_is_missing_is_named_by_whom_it_speaks_to() -> None:
    with translation.override("en"):
        told = dict(missing("en"))
    named = " ".join(one for group in told.values() for one in group)
    for row in whole():
        if row.coverage is not Coverage.ENCODED:
            assert f"{'Article ' if row.to else ''}{row.node.number}" in named
    assert any("Article 63" in one for one in told["operators"])


def test_the_document_has_every_row() -> None:
    text = page()
    for row in whole():
        assert f"| {'Article ' if row.to else ''}{row.node.number} |" in text
    for limit in time_limits():
        assert f"| {limit.id} |" in text


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_says_the_same(language: str) -> None:
    html = Client().get(f"/{language}/act/coverage/").content.decode()
    with translation.override(language):
        assert all(sentence in html for sentence in summary())
    for row in whole():
        assert f'href="/{language}/act/{row.node.id}/"' in html
