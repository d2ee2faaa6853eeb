"""From a file, a folder or a zip of files to a text of the Act; what is larger than any text of it is refused unread."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from aioffice.kernel.law_text import consolidated, formex
from aioffice.kernel.law_text.lines import LONGEST_LINE, MOST_LINES, TextError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aioffice.kernel.law_text.lines import LawText

MOST_BYTES = 20_000_000
"""Of all files together, unpacked."""
MOST_FILES = 200


def read(path: Path) -> tuple[LawText, str]:
    """The text, and the SHA-256 of the file (of a folder: of its files in order). Raises TextError and OSError."""
    if path.is_dir():
        files = _bounded({one.name: one.stat().st_size for one in sorted(path.glob("*.xml"))}, path.name)
        found = {name: (path / name).read_bytes() for name in files}
        if not found:
            raise TextError(
                path.name, "", "there is no XML file in this folder; the Formex files of the Act are expected."
            )
        return _checked(formex.read(found), path.name), _digest(found)
    if path.stat().st_size > MOST_BYTES:
        raise TextError(path.name, "", f"the file is larger than {MOST_BYTES:,} bytes; no text of the Act is.")
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if zipfile.is_zipfile(path):
        return _checked(formex.read(_unzipped(path)), path.name), digest
    if content.lstrip()[:1] in {b"{", b"["}:
        return _checked(consolidated.read(content, path.name), path.name), digest
    if content.lstrip()[:1] == b"<" or content[:3] == b"\xef\xbb\xbf":
        return _checked(formex.read({path.name: content}), path.name), digest
    raise TextError(path.name, "", "this is neither Formex XML, a zip or folder of it, nor JSON.")


def _unzipped(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as pack:
            wanted = {one.filename: one.file_size for one in pack.infolist() if one.filename.endswith(".xml")}
            names = _bounded(wanted, path.name)
            return {Path(name).name: _member(pack, name, path.name) for name in names}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise TextError(path.name, "", f"the zip cannot be read ({error}).") from None


def _member(pack: zipfile.ZipFile, name: str, of: str) -> bytes:
    with pack.open(name) as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TextError(of, name, f"it unpacks to more than {MOST_BYTES:,} bytes.")
    return content


def _bounded(sizes: Mapping[str, int], of: str) -> list[str]:
    if len(sizes) > MOST_FILES or sum(sizes.values()) > MOST_BYTES:
        raise TextError(of, "", f"at most {MOST_FILES} files of {MOST_BYTES:,} bytes together are read.")
    return [*sizes]


def _digest(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, content in files.items():
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def _checked(found: LawText, file: str) -> LawText:
    if len(found.lines) > MOST_LINES or any(len(line.words) > LONGEST_LINE for line in found.lines):
        raise TextError(file, "", f"at most {MOST_LINES:,} lines of {LONGEST_LINE:,} characters are taken.")
    return found
