"""Small files in the shapes of the Act's official ones, with sentences of our own."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

HEAD = (
    '<BIB.INSTANCE><DATE ISO="20240613">20240613</DATE><LG.DOC>EN</LG.DOC>'
    '<NO.DOC FORMAT="YN" TYPE="OJ"><YEAR>2024</YEAR><NO.CURRENT>1689</NO.CURRENT></NO.DOC></BIB.INSTANCE>'
)
ACT = f"""<?xml version="1.0" encoding="UTF-8"?>
<ACT>{HEAD}
<TITLE><TI><P>A made-up act on machines</P></TI></TITLE>
<ENACTING.TERMS>
<DIVISION><TITLE><TI><P>CHAPTER I</P></TI><STI><P>BEGINNING</P></STI></TITLE>
<ARTICLE IDENTIFIER="005"><TI.ART>Article\u00a05</TI.ART><STI.ART><P>What machines leave alone</P></STI.ART>
<PARAG IDENTIFIER="005.001"><NO.PARAG>1.</NO.PARAG><ALINEA><P>Machines never do this:</P>
<LIST TYPE="alpha">
<ITEM><NP><NO.P>(a)</NO.P><TXT>wake the <QUOT.START CODE="2018"/>baker<QUOT.END CODE="2019"/><NOTE><P>A footnote.</P></NOTE>
before dawn;</TXT></NP></ITEM>
<ITEM><NP><NO.P>(c)</NO.P><TXT>count the sheep of others, be it
<P><LIST TYPE="roman"><ITEM><NP><NO.P>(i)</NO.P><TXT>by day, or</TXT></NP></ITEM></LIST></P></TXT></NP></ITEM>
</LIST><P>That holds on holidays too.</P></ALINEA></PARAG>
<PARAG IDENTIFIER="005.003"><NO.PARAG>3.</NO.PARAG><ALINEA>Whoever minds says so within 10<HT TYPE="SUP">25</HT> hours.</ALINEA></PARAG>
</ARTICLE>
<ARTICLE IDENTIFIER="016"><TI.ART>Article 16</TI.ART><STI.ART><P>Who keeps order</P></STI.ART>
<ALINEA><P>The miller shall:</P><LIST TYPE="alpha">
<ITEM><NP><NO.P>(b)</NO.P><TXT>paint a name on the mill.</TXT></NP></ITEM></LIST></ALINEA>
</ARTICLE></DIVISION></ENACTING.TERMS></ACT>
"""
ANNEX = f"""<?xml version="1.0" encoding="UTF-8"?>
<ANNEX>{HEAD}<TITLE><TI><P>ANNEX VIII</P></TI><STI><P>What the miller writes down</P></STI></TITLE>
<CONTENTS><GR.SEQ LEVEL="1"><TITLE><TI><P>Section A. Of every mill</P></TI></TITLE>
<NP><NO.P>4.</NO.P><TXT>The name of the mill.</TXT></NP></GR.SEQ></CONTENTS></ANNEX>
"""
CRIMES = f"""<?xml version="1.0" encoding="UTF-8"?>
<ANNEX>{HEAD}<TITLE><TI><P>ANNEX II</P></TI><STI><P>Mischief</P></STI></TITLE>
<CONTENTS><P>These count:</P><LIST TYPE="DASH">
<ITEM><P>stealing flour,</P></ITEM><ITEM><P>hiding the sieve.</P></ITEM></LIST></CONTENTS></ANNEX>
"""
DOC = '<DOC><PUBLICATION.REF FILE="x"><DATE ISO="20240712">20240712</DATE></PUBLICATION.REF></DOC>'
FORMEX = {"L_1.fmx.xml": ACT, "L_2.fmx.xml": ANNEX, "L_3.fmx.xml": CRIMES, "L_doc.fmx.xml": DOC}


def folder(at: Path, files: dict[str, str] | None = None) -> Path:
    """A folder of Formex files."""
    at.mkdir(parents=True, exist_ok=True)
    for name, content in (files or FORMEX).items():
        (at / name).write_text(content, encoding="utf-8")
    return at


def packed(at: Path, files: dict[str, str] | None = None) -> Path:
    """The same as a zip, in a folder of its own inside."""
    with zipfile.ZipFile(at, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in (files or FORMEX).items():
            pack.writestr(f"L_202401689EN/{name}", content)
    return at


def consolidated() -> dict[str, Any]:
    """A consolidated text as JSON."""
    return {
        "celex": "02024R1689-20260727",
        "title": "A made-up act on machines, as amended",
        "version": "in force from 27 July 2026",
        "language": "en",
        "articles": [
            {
                "number": "5",
                "title": "What machines leave alone",
                "paragraphs": [
                    {
                        "number": "1",
                        "subparagraphs": [
                            {
                                "text": "Machines never do this:",
                                "points": [
                                    {"label": "ba", "text": "hum in the night;"},
                                    {
                                        "label": "c",
                                        "text": "count sheep",
                                        "points": [{"label": "i", "text": "by day."}],
                                    },
                                ],
                                "tail": ["That holds on holidays too."],
                            }
                        ],
                    },
                    {"number": "1a", "subparagraphs": [{"text": "A hum counts when heard."}]},
                ],
            }
        ],
        "annexes": [
            {
                "number": "III",
                "title": "Where machines matter",
                "intro": ["These:"],
                "points": [{"label": "2", "text": "At the weir."}],
            },
            {
                "number": "XIV",
                "title": "Codes",
                "sections": [
                    {
                        "heading": "2. Codes",
                        "sections": [{"heading": "a. Mills", "points": [{"label": "AIP 0102", "text": "Toy mills"}]}],
                    }
                ],
            },
        ],
    }


def json_file(at: Path, content: Any = None) -> Path:
    """The same as a file."""
    at.write_text(json.dumps(consolidated() if content is None else content), encoding="utf-8")
    return at
