"""What silence brings about may write what the step writes: the sweeper is let in by the declaration, with no policy by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from django.apps import apps
from django.db import connections

from aioffice.kernel.clocks.allowing import let_silence_act
from aioffice.kernel.clocks.declaring import clock, national
from aioffice.kernel.clocks.sweeping import sweep
from aioffice.kernel.db import acting
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures import declaration
from aioffice.kernel.procedures.declaration import START, Procedure, State, step
from aioffice.kernel.procedures.who import operator
from aioffice.kernel.procedures.work import Work
from aioffice.register.models import System
from tests.support.clocks import DAY, SWEEPER, THURSDAY, clocks_of, opened, the_authority
from tests.support.parties import acting_for, organisation


def guarded() -> list[str]:
    """Tables of desks and register with data of cases that row-level security guards."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select c.relname from pg_class c where c.relnamespace = 'office'::regnamespace and c.relrowsecurity "
            "and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('organisation_id', 'audience')) = 2 "
            "order by 1"
        )
        tables = {row[0] for row in cursor.fetchall()}
    models = [model for config in apps.get_app_configs() for model in config.get_models()]
    above = [model for model in models if not model.__module__.startswith("aioffice.kernel.")]
    return sorted(tables & {model._meta.db_table for model in above})


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_sweeper_is_let_into_the_case_data_of_every_desk() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select tablename from pg_policies where schemaname = 'office' and policyname = tablename || '_sweeper'"
        )
        let_in = {row[0] for row in cursor.fetchall()}
    assert guarded(), "there are such tables"
    assert set(guarded()) <= let_in


@pytest.mark.django_db(databases=["default", "owner"])
def test_said_again_it_does_no_harm() -> None:
    let_silence_act(apps.get_app_config("clocks"))
    let_silence_act(apps.get_app_config("clocks"), using="default")


def _write(works: Sequence[Work]) -> None:
    """Write into a table of the register whose migration names no sweeper."""
    for work in works:
        System.objects.filter(organisation=work.case.organisation).update(name="Presumed")


@pytest.mark.django_db
def test_a_presumed_step_with_an_effect_of_its_own_writes_what_it_says() -> None:
    provider = organisation("Provider", Capacity.PROVIDER)
    actor = acting_for(provider)
    with acting(actor, THURSDAY):
        system = System.objects.create(organisation=provider, name="Before", created_at=THURSDAY)

    class Writing(Procedure):
        slug = "test-writing"
        title = "Writing"
        asked: ClassVar = State("Asked")
        done: ClassVar = State("Done", open=False)
        ask: ClassVar = step(
            START >> asked,
            by=operator(Capacity.PROVIDER, title="P"),
            basis="60(4)(a)",
            title="Ask",
            starts=clock(
                "RWT-30D",
                of=the_authority,
                place=lambda case: "PT",
                law=lambda case: {"tacit_approval_by_state": "PT:yes"},
                on_silence=national("write"),
            ),
        )
        write: ClassVar = step(asked >> done, basis="60(4)(b)", title="Silence writes", effect=_write)

    try:
        case = opened(Writing, actor, "ask")
        assert sweep(at=THURSDAY + 60 * DAY).lapsed == 1
    finally:
        del declaration._registry[Writing.slug]
    assert [one.state for one in clocks_of(case)] == ["lapsed"]
    with acting(SWEEPER, THURSDAY):
        system.refresh_from_db()
    assert system.name == "Presumed"
