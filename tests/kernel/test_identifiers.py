"""Identifiers are checked for form and check digit, and an error says what would be right."""

from __future__ import annotations

import pytest

from aioffice.kernel.parties.identifiers import IdentifierError, check_identifier
from aioffice.kernel.parties.vocabulary import IdentifierScheme


@pytest.mark.parametrize(
    ("scheme", "typed", "kept"),
    [
        ("lei", "529900T8BM49AURSDO55", "529900T8BM49AURSDO55"),
        ("lei", " 529900t8bm49 aursdo55 ", "529900T8BM49AURSDO55"),
        ("vat", "si 5022 3054", "SI50223054"),
        ("vat", "PT501964843", "PT501964843"),
        ("vat", "EL 094259216", "EL094259216"),
        ("vat", "GR094259216", "EL094259216"),
        ("euid", "DEK1101R.HRB116737", "DEK1101R.HRB116737"),
        ("euid", "nlnhr.12345678", "NLNHR.12345678"),
        ("euid", "FR7501.303656847_6", "FR7501.303656847_6"),
        ("euid", "ELGEMI.123456789000", "ELGEMI.123456789000"),
    ],
)
def test_a_right_identifier_is_kept_in_its_one_way_of_writing(scheme: str, typed: str, kept: str) -> None:
    assert check_identifier(scheme, typed) == kept


@pytest.mark.parametrize(
    ("scheme", "typed", "says"),
    [
        ("lei", "529900T8BM49AURSDO56", "check digits do not fit"),
        ("lei", "5299", "20 letters and digits.*this one has 4"),
        ("lei", "529900T8BM49AURSDO5É", "20 letters and digits"),
        ("vat", "50223054", "starts with the two letters"),
        ("vat", "US123456789", "starts with the two letters"),
        ("vat", "SI50223055", "typing error"),
        ("vat", "SI502230", "wrong length for SI"),
        ("vat", "PTABCDEFGHI", "not written like this"),
        ("vat", "", "starts with the two letters"),
        ("euid", "DEK1101RHRB116737", "a dot and the number"),
        ("euid", "USDEL.123", "“US” is not the code"),
        ("euid", "", "a dot and the number"),
        ("duns", "1", "Use one of: lei, vat, euid"),
    ],
)
def test_a_wrong_identifier_is_told_what_would_be_right(scheme: str, typed: str, says: str) -> None:
    with pytest.raises(IdentifierError, match=says):
        check_identifier(scheme, typed)


def test_every_scheme_has_a_check() -> None:
    for scheme in IdentifierScheme:
        with pytest.raises(IdentifierError):
            check_identifier(scheme, "?")
