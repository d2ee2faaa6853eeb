"""Pages as PDF: accessible (PDF/UA-1), from a template of ours and data that are never read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any

import typst

_LAST_LETTER = 0x052F
_SIGNS = range(0x2010, 0x2200)


def typeset(template: str, data: Mapping[str, Any], *, at: datetime, **inputs: str) -> bytes:
    """The template of that name beside this module with its data, as a PDF made `at` that time.

    `inputs` are further texts that the template takes as bytes, such as a file to attach.
    """
    with as_file(files("aioffice.doors") / template) as found:
        made: bytes = typst.compile(
            str(found),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int(at.timestamp()),
            sys_inputs={"data": json.dumps(known(data)), **inputs},
        )
    return made


def known(value: Any) -> Any:
    """The data with signs that the fonts do not have as question marks: a PDF that cannot be read aloud is refused when it is made.

    The fonts have Latin, Greek and Cyrillic, which the languages of the Union are written in. An attached file has every sign.
    """
    if isinstance(value, Mapping):
        return {name: known(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [known(inner) for inner in value]
    if not isinstance(value, str):
        return value
    return "".join(
        sign
        if sign.isprintable() and (ord(sign) <= _LAST_LETTER or 0x1E00 <= ord(sign) <= 0x1FFF or ord(sign) in _SIGNS)
        else "?"
        for sign in value.replace("\u00a0", " ").replace("\u202f", " ")
    )
