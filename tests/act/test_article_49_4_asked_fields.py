"""What a registration is asked, section by section and route by route: the literals of Annex VIII, Annex IX and Article 49(4)."""

from __future__ import annotations

from datetime import date

import pytest

from aioffice.act import annex_viii
from aioffice.act.annex_iii import AreaOfUse
from aioffice.act.lookup import UnknownCodeError

TODAY = date(2026, 11, 23)
LAST_DAY_OF_THE_2024_TEXT = date(2026, 7, 26)
FIRST_DAY_OF_THE_AMENDED_TEXT = date(2026, 7, 27)


def numbers(fields: tuple[annex_viii.Field, ...]) -> list[int]:
    return [field.number for field in fields]


@pytest.mark.parametrize(
    ("section", "secure", "asked", "required"),
    [
        # 49(1), Annex VIII Section A; points 2, 3, 8 and 9 where applicable, 13 optional
        ("A", False, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], [1, 4, 5, 6, 7, 10, 11, 12]),
        # 49(4)(a): points 1 to 10 with the exception of 6, 8 and 9
        ("A", True, [1, 2, 3, 4, 5, 7, 10], [1, 4, 5, 7, 10]),
        # 49(2), Section B without points 7 and 9, deleted in 2026
        ("B", False, [1, 2, 3, 4, 5, 6, 8], [1, 4, 5, 6, 8]),
        # 49(4)(b): points 1 to 5, 8 (and 9, which is no longer there)
        ("B", True, [1, 2, 3, 4, 5, 8], [1, 4, 5, 8]),
        # 49(3), Section C; point 5 where applicable
        ("C", False, [1, 2, 3, 4, 5], [1, 2, 3, 4]),
        # 49(4)(c)
        ("C", True, [1, 2, 3], [1, 2, 3]),
        # 60(4)(c), Annex IX; point 5 only once a test is suspended or terminated
        ("IX", False, [1, 2, 3, 4, 5], [1, 2, 3, 4]),
        # 49(4)(d)
        ("IX", True, [1, 2, 3, 5], [1, 2, 3]),
    ],
)
def test_asked_and_required(section: str, secure: bool, asked: list[int], required: list[int]) -> None:
    assert numbers(annex_viii.asked_fields(section, secure=secure, on=TODAY)) == asked
    assert numbers(annex_viii.required_fields(section, secure=secure, on=TODAY)) == required


def test_secure_fields_are_the_asked_fields_of_the_secure_route() -> None:
    for section in annex_viii.SECTIONS:
        secure = annex_viii.secure_fields(section, on=TODAY)
        assert secure == annex_viii.asked_fields(section, secure=True, on=TODAY)
        assert set(secure) < set(annex_viii.fields(section, on=TODAY))


def test_section_b_before_the_amendment_asked_for_grounds_and_member_states() -> None:
    on = LAST_DAY_OF_THE_2024_TEXT
    assert numbers(annex_viii.asked_fields("B", secure=False, on=on)) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert numbers(annex_viii.required_fields("B", secure=False, on=on)) == [1, 4, 5, 6, 7, 8, 9]
    # 49(4)(b) as it read and still reads: points 1 to 5, 8 and 9
    assert numbers(annex_viii.asked_fields("B", secure=True, on=on)) == [1, 2, 3, 4, 5, 8, 9]


def test_a_deleted_field_is_asked_until_its_last_day_and_never_again() -> None:
    deleted = [field for field in annex_viii.every_field() if field.deleted_from]
    assert [(field.section, field.number) for field in deleted] == [("B", 7), ("B", 9)]
    for field in deleted:
        assert field.deleted_from == FIRST_DAY_OF_THE_AMENDED_TEXT
        assert field in annex_viii.asked_fields(field.section, secure=False, on=LAST_DAY_OF_THE_2024_TEXT)
        for secure in (False, True):
            for on in (FIRST_DAY_OF_THE_AMENDED_TEXT, TODAY, date(2036, 1, 1)):
                assert field not in annex_viii.asked_fields(field.section, secure=secure, on=on)
                assert field not in annex_viii.required_fields(field.section, secure=secure, on=on)


def test_no_other_field_changed_with_the_amendment() -> None:
    for section in ("A", "C", "IX"):
        before = annex_viii.fields(section, on=LAST_DAY_OF_THE_2024_TEXT)
        assert before == annex_viii.fields(section, on=FIRST_DAY_OF_THE_AMENDED_TEXT)


def test_nothing_is_asked_before_the_act_entered_into_force() -> None:
    for section in annex_viii.SECTIONS:
        assert annex_viii.fields(section, on=date(2024, 7, 31)) == ()
        assert annex_viii.fields(section, on=date(2024, 8, 1)) != ()


@pytest.mark.parametrize(
    ("section", "point", "area", "required"),
    [
        ("A", "1(a)", AreaOfUse.OTHER, [1, 4, 5, 6, 7, 10, 11, 12]),
        ("A", "1(a)", AreaOfUse.LAW_ENFORCEMENT, [1, 4, 5, 7, 10]),
        ("A", "1(c)", AreaOfUse.MIGRATION_ASYLUM_BORDER, [1, 4, 5, 7, 10]),
        ("A", "4(a)", AreaOfUse.LAW_ENFORCEMENT, [1, 4, 5, 6, 7, 10, 11, 12]),
        ("B", "6(c)", AreaOfUse.LAW_ENFORCEMENT, [1, 4, 5, 8]),
        ("B", "8(a)", AreaOfUse.OTHER, [1, 4, 5, 6, 8]),
        ("C", "7(b)", AreaOfUse.MIGRATION_ASYLUM_BORDER, [1, 2, 3]),
        ("A", "2", AreaOfUse.OTHER, []),
    ],
)
def test_required_for_a_use_case(section: str, point: str, area: AreaOfUse, required: list[int]) -> None:
    assert numbers(annex_viii.required_for(section, point, area, on=TODAY)) == required


def test_a_section_that_does_not_exist_is_refused_with_the_right_ones() -> None:
    with pytest.raises(UnknownCodeError, match="'D' is not a known section of Annex VIII: known are A, B, C, IX"):
        annex_viii.fields("D", on=TODAY)
    with pytest.raises(UnknownCodeError, match="'14' is not a known point of Section A"):
        annex_viii.field("A", 14)
    with pytest.raises(UnknownCodeError, match="did you mean 'A'"):
        annex_viii.field("a", 1)
