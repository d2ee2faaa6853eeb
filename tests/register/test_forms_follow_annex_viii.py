"""Every field of Annex VIII in force is a field of its section's form, with the law's own demands, and nothing else is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from aioffice.act import annex_viii
from aioffice.act.annex_viii import FieldType, Mandatory
from aioffice.kernel.procedures.spec import spec_of
from aioffice.register.forms import PLACES, SectionA, SectionB, SectionC

TODAY = date(2026, 11, 23)
FORMS: dict[str, Any] = {"A": SectionA, "B": SectionB, "C": SectionC}


@pytest.mark.parametrize("section", FORMS)
def test_the_form_has_the_fields_in_force_and_no_other(section: str) -> None:
    in_force = {field.number for field in annex_viii.fields(section, on=TODAY)}
    assert set(PLACES[section].values()) == in_force
    names = {field.name for field in spec_of(FORMS[section]).fields if not field.not_annex_viii}
    assert names == set(PLACES[section])


@pytest.mark.parametrize("section", FORMS)
def test_deleted_points_have_no_place(section: str) -> None:
    deleted = {field.number for field in annex_viii.every_field() if field.section == section and field.deleted_from}
    assert not deleted & set(PLACES[section].values())
    assert deleted == ({7, 9} if section == "B" else set())


@pytest.mark.parametrize("section", FORMS)
def test_provision_length_and_publicity_are_the_tables(section: str) -> None:
    for spec in spec_of(FORMS[section]).fields:
        if spec.not_annex_viii:
            continue
        field = annex_viii.field(section, PLACES[section][spec.name])
        assert spec.provision == f"Annex VIII, Section {section}, point {field.number}"
        assert spec.public == field.public
        if field.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.URL):
            assert spec.max_length == field.max_length, spec.name
        if field.type in (FieldType.PARTY, FieldType.PERSON):
            assert {child.max_length for child in spec.children} == {field.max_length}
        if field.mandatory is not Mandatory.YES:
            assert not spec.needed, f"{spec.name} is asked where applicable only"
