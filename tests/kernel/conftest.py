"""Procedures with clocks and those who act in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.declaration import Procedure
from tests.support.clocks import incident, plan
from tests.support.parties import acting_for, organisation


@pytest.fixture
def incidents() -> Iterator[type[Procedure]]:
    with incident() as kind:
        yield kind


@pytest.fixture
def plans() -> Iterator[type[Procedure]]:
    with plan() as kind:
        yield kind


@pytest.fixture
def provider() -> Actor:
    return acting_for(organisation("Provider", Capacity.PROVIDER))


@pytest.fixture
def authority() -> Actor:
    return acting_for(organisation("Authority", Capacity.MARKET_SURVEILLANCE_AUTHORITY))
