"""An operator's own text of the Act: imported, replaced, listed, removed, and shown beside our lines with its source."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from typer.testing import CliRunner

from aioffice.doors.cli import app
from aioffice.kernel.db import acting
from aioffice.kernel.law_text.reading import read
from aioffice.kernel.law_text.store import held, put
from aioffice.kernel.parties.models import AuditEntry
from aioffice.kernel.parties.vocabulary import Capacity
from aioffice.kernel.procedures.errors import NotAllowed
from aioffice.kernel.watching.rights import OPERATOR
from tests.support.law_files import consolidated, folder, json_file
from tests.support.parties import NOW, acting_for, organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("server_stays")]


def run(*words: str, status: int = 0) -> str:
    with time_machine.travel(NOW, tick=True):
        done = CliRunner().invoke(app, ["law", *words])
    assert done.exit_code == status, done.output
    return done.output


def page(path: str) -> str:
    return unescape(" ".join(Client().get(path).content.decode().split()))


def test_without_a_text_the_page_shows_our_lines_alone() -> None:
    html = page("/en/act/article-5/")
    assert "public-wording" not in html
    assert "Prohibited practices" in html


def test_an_imported_text_stands_at_its_provisions_with_its_source(tmp_path: Path) -> None:
    out = run("import", str(json_file(tmp_path / "act.json")))
    assert out.startswith("en 2026-07-27\n")
    assert "14 lines of 11 provisions imported" in out
    html = page("/en/act/article-5/")
    assert "text of Monday 27 July 2026, from the file act.json (SHA-256 " in html
    assert "imported on" in html
    assert '<div class="public-wording" lang="en">' in html
    place = html.index('id="article-5-1-ba"')
    assert html.index("hum in the night;") > place
    assert html.index("A hum counts when heard.") > html.index('id="article-5-1a"')
    french = page("/fr/act/article-5/")
    assert '<div class="public-wording" lang="en">' in french
    assert "d’après le fichier act.json" in french


def test_the_same_language_and_day_replaces_and_another_stands_beside(tmp_path: Path) -> None:
    run("import", str(json_file(tmp_path / "act.json")))
    changed = consolidated() | {"articles": consolidated()["articles"][:1]}
    changed["articles"][0]["title"] = "What machines never touch"
    assert "replaced" in run("import", str(json_file(tmp_path / "act.json", changed)))
    run("import", str(folder(tmp_path / "L_202401689EN")))
    listed = json.loads(run("list", "--json"))
    assert [(one["language"], one["day"], one["form"]) for one in listed] == [
        ("en", "2026-07-27", "json"),
        ("en", "2024-07-12", "formex"),
    ]
    assert "L_202401689EN" in run("list")
    newest = page("/en/act/article-5/")
    assert "What machines never touch" in newest
    assert "What machines leave alone" not in newest
    assert 'href="?text=en-2024-07-12"' in newest
    earlier = page("/en/act/article-5/?text=en-2024-07-12")
    assert "wake the ‘baker’ before dawn;" in earlier
    assert "text of Friday 12 July 2024" in earlier
    assert page("/en/act/article-5/?text=xx-1999-01-01").count("What machines never touch") == 1


def test_a_text_is_removed_and_one_that_is_not_there_is_not(tmp_path: Path) -> None:
    run("import", str(json_file(tmp_path / "act.json")))
    run("remove", "en", "2026-07-27")
    assert held() == []
    assert "public-wording" not in page("/en/act/article-5/")
    assert "no such text" in run("remove", "en", "2026-07-27", status=4)
    assert "is no day" in run("remove", "en", "yesterday", status=2)


def test_what_cannot_be_read_changes_nothing_and_says_why(tmp_path: Path) -> None:
    wrong = tmp_path / "act.xml"
    wrong.write_text('<!DOCTYPE a [<!ENTITY b "c">]><ACT/>', encoding="utf-8")
    assert "act.xml: line 1: a document type is declared" in run("import", str(wrong), status=6)
    assert "nothing.zip" in run("import", str(tmp_path / "nothing.zip"), status=1)
    assert held() == []


def test_words_of_a_file_are_text_on_the_page(tmp_path: Path) -> None:
    content = consolidated()
    content["articles"][0]["title"] = "<script>alert(1)</script>"
    content["title"] = "<b>bold</b>"
    run("import", str(json_file(tmp_path / "<i>.json", content)))
    raw = Client().get("/en/act/article-5/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in raw
    assert "<script>alert" not in raw
    assert "<b>bold" not in raw
    assert "<i>" not in raw


def test_only_who_looks_after_the_office_may_import_and_it_is_written_down(tmp_path: Path) -> None:
    text, digest = read(json_file(tmp_path / "act.json"))
    stranger = acting_for(organisation("Provider", Capacity.PROVIDER))
    with pytest.raises(NotAllowed):
        put(text, file="act.json", sha256=digest, actor=stranger, at=NOW)
    made, replaced = put(text, file="act.json", sha256=digest, actor=OPERATOR, at=NOW)
    assert not replaced
    with acting(OPERATOR, NOW):
        entry = AuditEntry.objects.get(action="law.import")
    assert (entry.target, entry.detail["sha256"], entry.detail["lines"]) == (f"act_text:{made.id}", digest, 14)
