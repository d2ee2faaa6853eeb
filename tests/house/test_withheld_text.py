"""Text that the Office withholds (71(4) and (5), 78) and what is said inside a case show nowhere in public, in no version and no index."""

from __future__ import annotations

import pytest
from django.db import connections

from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.register.procedure import RegisterHighRisk, RegisterUse
from tests.support.filings import PARTY, section_a, section_c
from tests.support.matrix_build import do
from tests.support.matrix_world import ANONYMOUS, AUTHORITY, FILER, OFFICE, World
from tests.support.parties import NOW, acting_for, organisation
from tests.support.secrets_kept import PUBLIC_PLACES, ask

WITHHELD = {
    "trade_name": "Glimmerwort Sorter",
    "provider.name": "Hollowbrook Systems",
    "intended_purpose": "Quillonade drizzlework of vacancies",
    "submitter.name": "Ottoline Fernsby",
    "submitter.contact": "ottoline@fernsby.example",
}
INSIDE = {
    "question": "Brindlewick enquiry",
    "reply": "Cinderhollow answer",
    "flag": "Dapplemere doubt",
    "reason": "Emberlight ground",
    "evidence": "Foxglove letter",
}
SECRETS = [
    *WITHHELD.values(),
    *INSIDE.values(),
    "quillonade",
    "drizzlework",
    "ottoline",
    "fernsby",
    "brindlewick",
    "emberlight",
    "glimmerwort",
    "hollowbrook",
]


def _everything_published() -> str:
    with connections["site"].cursor() as cursor:
        text = ""
        for table in ("entry", "version", "word", "document"):
            cursor.execute(f"select coalesce(string_agg(t::text, ' '), '') from published.{table} t")
            text += cursor.fetchone()[0]
        for table in ("entry", "version"):
            cursor.execute(f"select coalesce(string_agg(convert_from(body, 'UTF8'), ' '), '') from published.{table}")
            text += cursor.fetchone()[0]
    return text


@pytest.fixture(scope="module")
def number(world: World) -> str:
    """An entry of two versions, of which three fields are withheld and about which much was said."""
    actors = world.cast.actors
    filer, office, authority = actors[f"{FILER}/signatory"], actors[f"{OFFICE}/editor"], actors[f"{AUTHORITY}/editor"]
    submitter = {**PARTY, "name": WITHHELD["submitter.name"], "contact": WITHHELD["submitter.contact"]}
    filing = section_a(
        filer,
        trade_name=WITHHELD["trade_name"],
        provider={**PARTY, "name": WITHHELD["provider.name"]},
        intended_purpose=WITHHELD["intended_purpose"],
        submitter=submitter,
        member_states=["PT"],
    )
    case = do(RegisterHighRisk.file, None, filer, filing, evidence=INSIDE["evidence"])
    deployer = acting_for(organisation("Use of the withheld", Capacity.DEPLOYER, public_body=True))
    do(RegisterUse.file, None, deployer, section_c(str(case.number)))
    deliver_pending(at=NOW)
    shown = _everything_published()
    assert WITHHELD["intended_purpose"] in shown, "public as long as nobody withholds it"
    assert shown.count(WITHHELD["trade_name"]) > 3, "the use shows the name of the system too"
    change = {"valid_from": "2026-11-20", "reason": "Longer"}
    longer = {**filing, "intended_purpose": f"{WITHHELD['intended_purpose']}, and more", "change": change}
    do(RegisterHighRisk.update, case, filer, longer)
    do(RegisterHighRisk.question, case, authority, {"text": INSIDE["question"]})
    do(RegisterHighRisk.reply, case, filer, {"text": INSIDE["reply"]})
    do(RegisterHighRisk.flag, case, authority, {"text": INSIDE["flag"]})
    for field in (*WITHHELD, "instructions_for_use"):
        do(
            RegisterHighRisk.withhold,
            case,
            office,
            {"field": field, "ground": "trade_secret", "reason": INSIDE["reason"]},
        )
    deliver_pending(at=NOW)
    return str(case.number)


def test_no_published_table_holds_it(number: str, world: World) -> None:
    shown = _everything_published()
    assert number in shown
    assert [secret for secret in SECRETS if secret in shown] == []


def test_in_place_of_a_withheld_name_stands_the_number(number: str, world: World) -> None:
    with connections["site"].cursor() as cursor:
        cursor.execute(
            "select name, provider, convert_from(body, 'UTF8')::jsonb ->> 'filed_by' from published.version where number = %s",
            [number],
        )
        assert set(cursor.fetchall()) == {(number, "", "")}
        cursor.execute("select name from published.entry where provider_entry = %s", [number])
        assert cursor.fetchall() == [(number,)]


def test_no_public_place_shows_it(number: str, world: World) -> None:
    places = [
        f"/en/register/{number}/", f"/en/register/{number}/versions/1/", f"/en/register/{number}/versions/2/",
        f"/en/register/{number}/changes/1-2/", f"/en/register/{number}/versions/1/cite.bib", f"/api/v1/register/entries/{number}",
        f"/api/v1/register/entries/{number}/versions", f"/api/v1/register/entries/{number}/versions/1",
        f"/api/v1/register/entries/{number}/versions/1/diff/2", f"/api/v1/register/entries/{number}?on=2026-11-23",
    ]  # fmt: skip
    for place in (*PUBLIC_PLACES, *places):
        shown = ask(world.people[ANONYMOUS], place)
        assert shown.startswith("200"), place
        assert [secret for secret in SECRETS if secret in shown] == [], place


@pytest.mark.parametrize(
    "word", ["quillonade", "quillon", "drizzlework", "ottoline", "fernsby", "brindlewick", "dapplemere"]
)
def test_no_search_finds_the_entry_by_it(word: str, number: str, world: World) -> None:
    for asked in (word, f"{word[:-1]}x"):
        for place in (
            f"/en/register/?q={asked}",
            f"/api/v1/register/entries?q={asked}",
            f"/api/v1/register/entries?q={asked}&on=2026-11-20",
        ):
            shown = ask(world.people[ANONYMOUS], place)
            assert number not in shown, place
            assert word not in shown.replace(asked, ""), f"{place} suggests it"


def test_a_withheld_file_is_not_to_be_had_while_others_are(number: str, world: World) -> None:
    with connections["site"].cursor() as cursor:
        cursor.execute("select pointer from published.document where number = %s", [number])
        pointers = {row[0] for row in cursor.fetchall()}
    assert not [pointer for pointer in pointers if "instructions_for_use" in pointer]
    assert [pointer for pointer in pointers if "declaration_of_conformity" in pointer]


def test_the_filer_and_its_authority_still_read_it(number: str, world: World) -> None:
    case = ask(world.people[f"{FILER}/reader"], f"/en/office/cases/?q={number}")
    found = case.split("/en/office/cases/")
    place = next(part.split("/")[0] for part in found if len(part.split("/")[0]) == 36)
    for name in (f"{FILER}/reader", f"{AUTHORITY}/reader", f"{OFFICE}/reader"):
        assert WITHHELD["intended_purpose"] in ask(world.people[name], f"/en/office/cases/{place}/")
