"""File names as people send them, made safe to show, to store and to send back in a header."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 150


def clean_filename(sent: str) -> str:
    """Return a file name without folders, control signs, direction marks or signs that file systems dislike; at most 150 long.

    The extension is kept and written small; a name of which nothing is left becomes `document`.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", sent))[-1]
    # Categories C* hold control signs and the marks that turn the reading direction ("gpj.exe" shown as "exe.jpg").
    visible = "".join(
        " " if sign.isspace() else sign for sign in last if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    plain = re.sub(r'[<>:"|?*]', "-", visible)
    stem, dot, extension = re.sub(r" +", " ", plain).strip(" .").rpartition(".")
    if not dot:
        stem, extension = extension, ""
    extension = re.sub(r"[^a-z0-9]", "", extension.lower())[:10]
    stem = stem.strip(" .") or "document"
    if not extension:
        return stem[:LONGEST]
    return f"{stem[: LONGEST - len(extension) - 1].rstrip(' .')}.{extension}"
