"""Texts of the Act are read from Formex and JSON, each line at its provision; what is no such text is refused, and says why."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aioffice.act.provisions.nodes import Change, Kind, nodes
from aioffice.kernel.law_text import reading
from aioffice.kernel.law_text.lines import LawText, TextError
from tests.support import act_text
from tests.support.law_files import ACT, FORMEX, consolidated, folder, json_file, packed


def told(text: LawText) -> list[tuple[str, str, str]]:
    return [(line.node.id, line.label, line.words) for line in text.lines]


def test_formex_is_read_line_by_line_at_its_provisions(tmp_path: Path) -> None:
    text, digest = reading.read(folder(tmp_path / "formex"))
    assert (text.language, text.day, text.form) == ("en", date(2024, 7, 12), "formex")
    assert text.title == "A made-up act on machines"
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert told(text) == [
        ("article-5", "Article 5", "What machines leave alone"),
        ("article-5-1", "1.", "Machines never do this:"),
        ("article-5-1-a", "(a)", "wake the ‘baker’ before dawn;"),
        ("article-5-1-c", "(c)", "count the sheep of others, be it"),
        ("article-5-1-c-i", "(i)", "by day, or"),
        ("article-5-1", "", "That holds on holidays too."),
        ("article-5-3", "3.", "Whoever minds says so within 10^25 hours."),
        ("article-16", "Article 16", "Who keeps order"),
        ("article-16", "", "The miller shall:"),
        ("article-16-b", "(b)", "paint a name on the mill."),
        ("annex-viii", "VIII", "What the miller writes down"),
        ("annex-viii-a", "", "Section A. Of every mill"),
        ("annex-viii-a-4", "4.", "The name of the mill."),
        ("annex-ii", "II", "Mischief"),
        ("annex-ii", "", "These count:"),
        ("annex-ii-1", "–", "stealing flour,"),
        ("annex-ii-2", "–", "hiding the sieve."),
    ]


def test_a_zip_and_the_file_of_the_act_alone_are_read_the_same(tmp_path: Path) -> None:
    whole, _digest = reading.read(folder(tmp_path / "formex"))
    assert told(reading.read(packed(tmp_path / "act.zip"))[0]) == told(whole)
    single = tmp_path / "act.xml"
    single.write_text(ACT, encoding="utf-8")
    alone, _digest = reading.read(single)
    assert told(alone) == told(whole)[:10]
    assert alone.day == date(2024, 6, 13)


def test_json_is_read_line_by_line_at_its_provisions(tmp_path: Path) -> None:
    text, _digest = reading.read(json_file(tmp_path / "act.json"))
    assert (text.language, text.day, text.form) == ("en", date(2026, 7, 27), "json")
    assert told(text) == [
        ("article-5", "Article 5", "What machines leave alone"),
        ("article-5-1", "1.", "Machines never do this:"),
        ("article-5-1-ba", "(ba)", "hum in the night;"),
        ("article-5-1-c", "(c)", "count sheep"),
        ("article-5-1-c-i", "(i)", "by day."),
        ("article-5-1", "", "That holds on holidays too."),
        ("article-5-1a", "1a.", "A hum counts when heard."),
        ("annex-iii", "III", "Where machines matter"),
        ("annex-iii", "", "These:"),
        ("annex-iii-2", "2.", "At the weir."),
        ("annex-xiv", "XIV", "Codes"),
        ("annex-xiv-2", "", "2. Codes"),
        ("annex-xiv-2", "", "a. Mills"),
        ("annex-xiv-aip-0102", "AIP 0102", "Toy mills"),
    ]


def test_a_text_without_a_day_in_its_celex_has_that_of_its_version(tmp_path: Path) -> None:
    content = consolidated() | {"celex": "32024R1689", "version": "OJ L, 2024/1689, 12.7.2024"}
    assert reading.read(json_file(tmp_path / "a.json", content))[0].day == date(2024, 7, 12)


BOMB = '<?xml version="1.0"?><!DOCTYPE ACT [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><ACT>&c;</ACT>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE ACT SYSTEM "http://example.org/act.dtd"><ACT/>'
FILE = '<?xml version="1.0"?><!DOCTYPE ACT [<!ENTITY a SYSTEM "file:///etc/hostname">]><ACT>&a;</ACT>'


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (BOMB, r"L_1.fmx.xml: line 1: a document type is declared"),
        (OUTSIDE, "a document type is declared"),
        (FILE, "a document type is declared"),
        ("<ACT><P></ACT>", "line 1: this is no well-formed XML"),
        ("<ACT>" + "<P>" * 80 + "</P>" * 80 + "</ACT>", "<P> is one element too many"),
        ("<CONS.ACT/>", "exactly one file with <ACT> at its root is expected; found: L_1.fmx.xml"),
        (ACT.replace("1689", "1744"), r"line 2, <NO.DOC>: this is 2024/1744; <NO.DOC> of 2024/1689 is expected"),
        (ACT.replace("<LG.DOC>EN", "<LG.DOC>"), "<LG.DOC>: '' is no language"),
        (ACT.replace("Article\u00a05<", "Article 500<"), "<ARTICLE>: <TI.ART> says 'Article 500'; a number of an Article"),
        (ACT.replace("ARTICLE", "CHAPITRE"), "no <ARTICLE> in <ENACTING.TERMS>"),
        (ACT.replace("\u00a05<", "&nbsp;5<"), "no well-formed XML"),
    ],
)  # fmt: skip
def test_what_is_no_formex_of_the_act_is_refused_with_its_place(changed: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(TextError, match=message):
        reading.read(folder(tmp_path / "formex", {"L_1.fmx.xml": changed}))


def test_an_annex_that_is_none_and_a_day_that_is_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TextError, match=r"L_2.fmx.xml: line 2, <ANNEX>: <TITLE> says 'ANNEX XX'"):
        reading.read(folder(tmp_path / "a", FORMEX | {"L_2.fmx.xml": FORMEX["L_2.fmx.xml"].replace("VIII", "XX")}))
    with pytest.raises(TextError, match="'2024-13-01' is no day"):
        reading.read(
            folder(
                tmp_path / "b", FORMEX | {"L_doc.fmx.xml": FORMEX["L_doc.fmx.xml"].replace("20240712", "2024-13-01")}
            )
        )


def without(content: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != name}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "act.json: /: an object is expected"),
        (without(consolidated(), "celex"), "/celex: text is expected"),
        (consolidated() | {"celex": "32016R0679"}, "/celex: '32016R0679' was found"),
        (consolidated() | {"celex": "02024R1689-20261399"}, "names no day"),
        (consolidated() | {"celex": "32024R1689"}, "/version: no day was found"),
        (consolidated() | {"language": "english"}, "/language: 'english' is no language"),
        (without(consolidated(), "articles"), "/articles: a list is expected"),
        (consolidated() | {"articles": [{"number": "500"}]}, "/articles/0/number: '500' is no Article"),
        (consolidated() | {"articles": [{"number": "5", "title": "A", "paragraphs": [3]}]}, "/articles/0/paragraphs/0: an object"),
        (consolidated() | {"annexes": [{"number": "XX"}]}, "/annexes/0/number: 'XX' is no annex"),
    ],
)  # fmt: skip
def test_what_is_no_json_of_the_act_is_refused_with_its_place(content: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(TextError, match=message):
        reading.read(json_file(tmp_path / "act.json", content))


def test_files_of_other_kinds_and_sizes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tmp_path / "act.txt"
    plain.write_text("Article 5", encoding="utf-8")
    with pytest.raises(TextError, match="neither Formex XML"):
        reading.read(plain)
    plain.write_text("{", encoding="utf-8")
    with pytest.raises(TextError, match="this is no JSON"):
        reading.read(plain)
    (tmp_path / "empty").mkdir()
    with pytest.raises(TextError, match="no XML file in this folder"):
        reading.read(tmp_path / "empty")
    pack, whole = packed(tmp_path / "act.zip"), json_file(tmp_path / "act.json")
    monkeypatch.setattr(reading, "MOST_BYTES", 500)
    with pytest.raises(TextError, match="at most 200 files of 500 bytes"):
        reading.read(folder(tmp_path / "formex"))
    with pytest.raises(TextError, match="larger than 500 bytes"):
        reading.read(pack)
    with pytest.raises(TextError, match="larger than 500 bytes"):
        reading.read(whole)


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = tmp_path / "bomb.zip"
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("L_1.fmx.xml", " " * 500_000)
    monkeypatch.setattr(reading, "MOST_BYTES", 100_000)
    with pytest.raises(TextError, match="at most 200 files of 100,000 bytes"):
        reading.read(pack)


def test_the_official_files_beside_the_repository_are_read_whole() -> None:
    """Formex and JSON of 2024 say the same word for word, and the consolidated text reaches every provision that is in force."""
    for enacted in act_text.beside(act_text.ENACTED):
        formex, _digest = reading.read(act_text.FORMEX)
        plain, _digest = reading.read(enacted)
        assert (formex.day, formex.language) == (plain.day, plain.language) == (date(2024, 7, 12), "en")
        assert _letters(formex) == _letters(plain)
    for amended in act_text.beside(act_text.AMENDED):
        text, _digest = reading.read(amended)
        reached = {line.node.id for line in text.lines}
        wanted = {one.id for one in nodes() if one.kind is not Kind.CHAPTER and one.change is not Change.DELETED}
        assert wanted <= reached
        assert json.loads(amended.read_text(encoding="utf-8"))["title"] == text.title


def _letters(text: LawText) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.lines:
        found[line.node.id] = found.get(line.node.id, "") + re.sub(r"\W+", "", line.words).casefold()
    return found
