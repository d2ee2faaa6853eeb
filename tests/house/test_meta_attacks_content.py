"""Tried as somebody who means harm: what file names, files and filed texts may carry."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree as ET

import pytest

from aioffice.kernel.db import acting
from aioffice.kernel.documents.service import upload
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.events import deliver_pending
from aioffice.kernel.procedures.performing import perform
from aioffice.register.procedure import RegisterExempt, RegisterHighRisk
from tests.support.filings import PDF, section_a, section_b
from tests.support.matrix_build import do
from tests.support.matrix_world import (
    ANONYMOUS,
    FILER,
    RIVAL,
    World,
    undone,
)
from tests.support.parties import NOW

SCRIPT = "<script>alert(1)</script>"

pytestmark = pytest.mark.usefixtures("quiet")


NAMES = [
    "../../../etc/passwd.pdf", "..\\..\\windows\\system.pdf", "/etc/passwd.pdf", "a/b/c.pdf", "x\x00y.pdf", 'x"; filename="evil.html.pdf',
    "x\r\nSet-Cookie: a=b.pdf", "\u202efdp.exe.pdf", "con.pdf", "%2e%2e%2fpasswd.pdf", "a" * 400 + ".pdf", "~root.pdf",
    "<img src=x onerror=alert(1)>.pdf",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:24]))
def test_no_file_name_leads_out_of_its_place(name: str, world: World) -> None:
    editor = world.cast.actors[f"{RIVAL}/editor"]
    with undone():
        with acting(editor, NOW):
            document = upload(io.BytesIO(PDF + name.encode("utf-8", "replace")), name, actor=editor, at=NOW)
        assert not re.search(r'[\\/\x00-\x1f"<>\u202e]', document.filename)
        assert not document.filename.startswith(".")
        assert len(document.filename) <= 150
        for caller, path in (
            (world.people[f"{RIVAL}/editor"], f"/en/office/documents/{document.pk}/"),
            (world.machines[f"{RIVAL}/editor"], f"/api/v1/documents/{document.pk}"),
        ):
            answer = caller.ask("GET", path)
            assert answer.status == 200
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert "\n" not in answer.headers["Content-Disposition"]
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/en/documents/{digest}/../../../../etc/passwd", "/en/documents/..%2f..%2fetc/passwd", "/en/documents/{digest}/%2e%2e%2fpasswd",
        "/en/documents/{digest}/", "/api/v1/register/documents/..%2f..%2fetc%2fpasswd", "/api/v1/register/documents/{digest}%00",
        "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc/passwd", "/en/register/..%2f..%2fetc/passwd/",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_storage(path: str, world: World) -> None:
    answer = world.people[ANONYMOUS].ask("GET", path.format(digest=world.ids["digest"]))
    assert answer.status in (400, 404)
    assert b"root:" not in answer.body


HTML = b"<!doctype html><html><script>alert(document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (HTML, "x.html"), (HTML, "x.pdf"), (HTML, "x.png"), (HTML, "x.docx"), (SVG, "x.svg"), (SVG, "x.png"), (SVG, "x.pdf"),
        (b"\x89PNG\r\n\x1a\n" + HTML, "x.html"), (PDF, "x.html"), (b"GIF89a" + HTML, "x.png"), (b"MZ" + b"\0" * 100, "x.pdf"),
        (b"#!/bin/sh\nrm -rf /", "x.sh"), (b"PK\x03\x04" + b"\0" * 60, "x.docx"), (HTML, "x.pdf.html"), (HTML, "x.htm\x00.txt.svg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_a_browser_would_run_is_not_taken_in(content: bytes, name: str, world: World) -> None:
    editor = world.cast.actors[f"{RIVAL}/editor"]
    with undone(), acting(editor, NOW), pytest.raises(Invalid):
        upload(io.BytesIO(content), name, actor=editor, at=NOW)


def test_text_that_looks_like_a_page_is_served_as_text_to_be_saved(world: World) -> None:
    editor = world.cast.actors[f"{RIVAL}/editor"]
    with undone():
        with acting(editor, NOW):
            document = upload(io.BytesIO(HTML), "page.txt", actor=editor, at=NOW)
        for caller, path in (
            (world.people[f"{RIVAL}/editor"], f"/en/office/documents/{document.pk}/"),
            (world.machines[f"{RIVAL}/editor"], f"/api/v1/documents/{document.pk}"),
        ):
            headers = caller.ask("GET", path).headers
            assert headers["Content-Type"].startswith("text/plain")
            assert headers["Content-Disposition"].startswith("attachment")
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert (
                "script-src 'self'" in headers["Content-Security-Policy"]
                or "sandbox" in headers["Content-Security-Policy"]
            )


def test_what_is_filed_is_shown_as_text_everywhere(world: World) -> None:
    filer = world.cast.actors[f"{FILER}/signatory"]
    party = {"name": SCRIPT, "address": '"><img src=x onerror=alert(1)>', "contact": "javascript:alert(1)"}
    filing = section_b(
        trade_name=f"{SCRIPT} =1+1", intended_purpose=f"</textarea>{SCRIPT}{{{{ 7*7 }}}}{{% now 'Y' %}}", provider=party
    )
    with undone():
        case = do(RegisterExempt.file, None, filer, filing)
        do(
            RegisterExempt.question,
            case,
            world.cast.actors["market_surveillance_authority/PT/editor"],
            {"text": SCRIPT},
        )
        for path in (
            f"/en/office/cases/{case.pk}/", "/en/office/", "/en/office/cases/", f"/en/office/cases/{case.pk}/update/",
            "/en/office/messages/", "/en/office/organisation/",
        ):  # fmt: skip
            shown = world.people[f"{FILER}/signatory"].ask("GET", path)
            assert shown.status == 200
            text = shown.body.decode()
            assert SCRIPT not in text, path
            assert "onerror=alert(1)>" not in text.replace("&gt;", "_"), path
            assert 'href="javascript:' not in text
            assert ">49<" not in text


def test_the_public_page_shows_what_is_filed_as_text(world: World) -> None:
    """Published really, since the site reads by another connection; the module's database is thrown away afterwards."""
    filer = world.cast.actors[f"{FILER}/signatory"]
    party = {"name": f"{SCRIPT} & Sons", "address": '"><img src=x onerror=alert(1)>', "contact": "javascript:alert(1)"}
    case = do(
        RegisterExempt.file, None, filer, section_b(trade_name=SCRIPT, provider=party, intended_purpose=f"]]>{SCRIPT}")
    )
    deliver_pending(at=NOW)
    number = case.number
    for path in (
        "/en/", "/en/register/?q=alert", f"/en/register/?q={SCRIPT}", f"/en/register/{number}/", f"/en/register/{number}/versions/1/",
        f"/en/register/{number}/versions/1/cite.bib", "/en/feeds/new.atom", f"/fr/register/?provider={SCRIPT}",
    ):  # fmt: skip
        answer = world.people[ANONYMOUS].ask("GET", path)
        assert answer.status == 200, path
        if not answer.headers["Content-Type"].startswith("application/x-bibtex"):
            assert SCRIPT not in answer.body.decode(), path
        assert b"<img src=x" not in answer.body
        assert b'href="javascript:' not in answer.body
    feed = world.people[ANONYMOUS].ask("GET", "/en/feeds/new.atom")
    ET.fromstring(feed.body)
    entry = world.people[ANONYMOUS].ask("GET", f"/api/v1/register/entries/{number}")
    assert entry.headers["Content-Type"] == "application/json"
    assert json.loads(entry.body)["fields"]["trade_name"] == SCRIPT


def test_links_that_are_filed_lead_to_the_web_and_nowhere_else(world: World) -> None:
    filer = world.cast.actors[f"{FILER}/signatory"]
    for link in (
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.test",
        "ftp://evil.test",
        " https://x y",
    ):
        with undone(), pytest.raises(Invalid) as refused:
            perform(RegisterHighRisk.file, None, actor=filer, data=section_a(filer, more_information=link), at=NOW)
        assert [error.pointer for error in refused.value.errors] == ["/more_information"], link


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t="])
def test_a_spreadsheet_takes_no_subject_for_a_formula(sign: str, world: World) -> None:
    filer = world.cast.actors[f"{FILER}/signatory"]
    with undone():
        do(RegisterExempt.file, None, filer, section_b(trade_name=f"{sign}HYPERLINK(1)"))
        shown = world.people[f"{FILER}/reader"].ask("GET", "/en/office/cases.csv").body.decode()
    assert "HYPERLINK(1)" in shown
    assert not re.search(r'(^|[,"])[=+\-@\t]+HYPERLINK', shown, re.MULTILINE)
