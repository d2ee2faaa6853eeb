"""Provisions are cited as each language cites them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from aioffice.doors.web.templatetags._provisions import HOUSE_RULES, NAMED, RANGES, provision_words
from aioffice.kernel.procedures.declaration import procedures
from aioffice.kernel.procedures.spec import FieldSpec, spec_of


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("49(1)", "Article 49(1)"),
        ("49(4), 74(8)", "Articles 49(4), 74(8)"),
        ("22(3)(e); house: likewise in Section B",
         "Article 22(3)(e); rule of this Office where the Act leaves it open: likewise in Section B"),
        ("28(1), 70(1)-(2)", "Articles 28(1), 70(1)-(2)"),
        ("3(3) to 3(8)", "Articles 3(3) to 3(8)"),
        ("Annex VIII, Section A, point 4", "Annex VIII, Section A, point 4"),
        ("somewhere else", "somewhere else"),
        ("", ""),
    ],
)  # fmt: skip
def test_in_english_nearly_as_declared(basis: str, words: str) -> None:
    with translation.override("en"):
        assert provision_words(basis) == words


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("49(1)", "article 49, paragraphe 1"),
        ("71(5), 78", "article 71, paragraphe 5 ; article 78"),
        ("22(3)(e)", "article 22, paragraphe 3, point e)"),
        ("70(1)-(2)", "article 70, paragraphes 1 à 2"),
        ("3(3) to 3(8)", "article 3, points 3) à 8)"),
        ("Annex VIII, Section A, point 4", "annexe VIII, section A, point 4"),
        ("49(1), 71(2); Annex VIII, Section A, introductory words",
         "article 49, paragraphe 1 ; article 71, paragraphe 2 ; annexe VIII, section A, phrase introductive"),
    ],
)  # fmt: skip
def test_in_french_by_paragraph_and_point(basis: str, words: str) -> None:
    with translation.override("fr"):
        assert provision_words(basis).replace("\N{NO-BREAK SPACE}", " ") == words


def declared() -> Iterator[str]:
    """Every provision that a procedure or a form names."""
    for procedure in procedures():
        yield from (step.basis for step in procedure.steps.values())
        yield from (asked.basis for asked in procedure.rounds.values())
        for step in procedure.steps.values():
            if step.asks is not None:
                yield from (field.provision for each in spec_of(step.asks).fields for field in _whole(each))


def _whole(field: FieldSpec) -> Iterator[FieldSpec]:
    yield field
    for child in field.children:
        yield from _whole(child)


def test_every_declared_provision_can_be_said_in_every_language() -> None:
    unknown = {
        part
        for basis in declared()
        for part in str(basis).split("; ")
        if part and (not part[0].isdigit() or " to " in part)
        and part not in RANGES and ", point " not in part and part not in NAMED and part.removeprefix("house: ") not in HOUSE_RULES
    }  # fmt: skip
    assert unknown == set()
