"""The table of fields against the Annexes: every row loads, and says of each field what the Annex says."""

from __future__ import annotations

from datetime import date

from aioffice.act import annex_viii
from aioffice.act.annex_iii import AreaOfUse
from aioffice.act.annex_viii import FieldType, Mandatory
from aioffice.act.lookup import csv_rows

ROWS = csv_rows("annex_viii_fields.csv")
NOT_SUPPLIED = {
    (1, AreaOfUse.LAW_ENFORCEMENT),
    (1, AreaOfUse.MIGRATION_ASYLUM_BORDER),
    (6, AreaOfUse.LAW_ENFORCEMENT),
    (7, AreaOfUse.MIGRATION_ASYLUM_BORDER),
}


def test_every_row_is_a_field() -> None:
    loaded = [(field.section, str(field.number)) for field in annex_viii.every_field()]
    assert loaded == [(row["section"], row["number"]) for row in ROWS]
    assert len(loaded) == 13 + 9 + 5 + 5


def test_every_field_keeps_what_its_row_says() -> None:
    for row in ROWS:
        field = annex_viii.field(row["section"], int(row["number"]))
        assert field.own_words == row["field_own_words"]
        assert field.type == row["type"]
        assert field.max_length == int(row["max_length"])
        assert field.personal_data is (row["contains_personal_data"] == "yes")
        assert (field.entered_by, field.legal_basis, field.notes) == (
            row["entered_by"],
            row["legal_basis"],
            row["notes"],
        )
        assert (field.deleted_from is None) is (row["status_code"] == "in_force")


def test_the_secure_set_of_the_table_is_that_of_article_49_4() -> None:
    on = date(2026, 11, 23)
    for row in ROWS:
        field = annex_viii.field(row["section"], int(row["number"]))
        if field.in_force(on):
            assert field.in_secure_section is (row["in_secure_section_49_4"] == "yes"), field.key
            assert field.mandatory_except == (set() if field.in_secure_section else NOT_SUPPLIED), field.key


def test_fields_where_applicable_and_optional() -> None:
    def with_(mandatory: Mandatory) -> list[str]:
        return [f"{f.section} {f.number}" for f in annex_viii.every_field() if f.mandatory is mandatory]

    assert with_(Mandatory.IF_APPLICABLE) == ["A 2", "A 3", "A 8", "A 9", "B 2", "B 3", "C 5", "IX 5"]
    assert with_(Mandatory.OPTIONAL) == ["A 13"]


def test_annex_viii_is_public_and_annex_ix_only_with_consent() -> None:
    for field in annex_viii.every_field():
        assert field.public is (field.section != "IX"), field.key
        assert field.public_by_consent is (field.section == "IX"), field.key


def test_fields_that_name_people() -> None:
    named = [f"{f.section} {f.number}" for f in annex_viii.every_field() if f.personal_data]
    assert named == ["A 1", "A 2", "A 3", "A 11", "B 1", "B 2", "B 3", "C 1", "C 2", "IX 2"]


def test_copies_are_files_and_have_a_size_limit_in_bytes() -> None:
    files = [f"{f.section} {f.number}" for f in annex_viii.every_field() if f.type is FieldType.FILE]
    assert files == ["A 9", "A 11", "A 12"]
    assert annex_viii.field("A", 12).max_length == 50 * 1024 * 1024
    assert all(field.max_length > 0 for field in annex_viii.every_field())


def test_a_field_is_found_by_section_and_point() -> None:
    field = annex_viii.field("A", 4)
    assert field.key == "annex_viii.A.4"
    assert field.title.startswith("Trade name")
    assert field.mandatory is Mandatory.YES
    assert field.legal_basis.startswith("Annex VIII Section A point 4")
