"""A name is no proof: who bears that of an organisation that is here shows by an identifier that it is another one."""

from __future__ import annotations

import pytest

from aioffice.kernel.procedures.errors import Invalid
from tests.admission.applying import admitted, applied, somebody

pytestmark = pytest.mark.django_db


def test_a_name_that_is_admitted_needs_an_identifier() -> None:
    admitted(somebody("ana@systems.example"), name="Kolibri d.o.o.")
    with pytest.raises(Invalid) as caught:
        applied(somebody("eve@elsewhere.example"), name="KOLIBRI d.o.o.")
    assert [(fault.pointer, fault.code) for fault in caught.value.errors] == [("/name", "name-taken")]
    _actor, case = applied(somebody("eva@elsewhere.example"), name="Kolibri d.o.o.", lei="529900T8BM49AURSDO55")
    assert case.state == "proof_asked"


def test_a_name_that_nobody_has_shown_to_be_theirs_blocks_nobody() -> None:
    applied(somebody("eve@elsewhere.example"), name="Kolibri d.o.o.")
    _actor, case = admitted(somebody("ana@systems.example"), name="Kolibri d.o.o.")
    assert case.state == "admitted"
