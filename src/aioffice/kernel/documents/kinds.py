"""Which kinds of file may come in, and how one is recognised: by its bytes first, and its name must agree."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import puremagic
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD = 8192
_MACROS = ("vbaProject.bin", "Basic/", "Scripts/")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the extensions it may have (the first is the usual one) and the media type it is served as."""

    code: str
    extensions: tuple[str, ...]
    media_type: str


class NotAccepted(ValueError):
    """The file is of no accepted kind; the message says what would be."""


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind("pdf", ("pdf",), "application/pdf")
PNG = Kind("png", ("png",), "image/png")
JPEG = Kind("jpeg", ("jpg", "jpeg"), "image/jpeg")
TIFF = Kind("tiff", ("tif", "tiff"), "image/tiff")
DOCX = Kind("docx", ("docx",), f"{_OFFICE}.wordprocessingml.document")
XLSX = Kind("xlsx", ("xlsx",), f"{_OFFICE}.spreadsheetml.sheet")
ODT = Kind("odt", ("odt",), "application/vnd.oasis.opendocument.text")
TXT = Kind("txt", ("txt",), "text/plain")
CSV = Kind("csv", ("csv",), "text/csv")

ACCEPTED = (PDF, PNG, JPEG, TIFF, DOCX, XLSX, ODT, TXT, CSV)
_IMAGES_AND_PDF = {extension: kind for kind in (PDF, PNG, JPEG, TIFF) for extension in kind.extensions}
_TEXTS = {"txt": TXT, "csv": CSV}


def recognise(file: BinaryIO, filename: str, accepted: tuple[Kind, ...] = ACCEPTED) -> Kind:
    """Return the kind of a file by its bytes; raise `NotAccepted` when it is of none accepted, or its name says otherwise."""
    if not file.read(1):
        raise NotAccepted(_("The file is empty."))
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    found = _by_bytes(file, extension)
    if found is None or found not in accepted:
        raise NotAccepted(
            _("This kind of file is not accepted here. Send one of: %(kinds)s.") % {"kinds": listed(accepted)}
        )
    if extension not in found.extensions:
        raise NotAccepted(
            _(
                "The content is %(kind)s, but the file's name does not end in .%(extension)s. Rename the file, then send it again."
            )
            % {"kind": found.code.upper(), "extension": found.extensions[0]}
        )
    return found


def listed(accepted: tuple[Kind, ...]) -> str:
    """The usual extensions of several kinds, for people to read."""
    return ", ".join(kind.extensions[0] for kind in accepted)


def _by_bytes(file: BinaryIO, extension: str) -> Kind | None:
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(file)
    for match in _matches(head):
        kind = _IMAGES_AND_PDF.get(match)
        if kind is not None:
            return kind if _HEADERS[kind.code](head) else None
    # A text has no signature of its own, so its name may say which of the two it is.
    return _TEXTS.get(extension) if _is_text(file) else None


def _matches(head: bytes) -> list[str]:
    try:
        return [match.extension.lstrip(".").lower() for match in puremagic.magic_string(head)]
    except (puremagic.PureError, ValueError):
        return []


# A signature somewhere in the head is not enough: a file that is also something else must not pass as an image.
_HEADERS: dict[str, Callable[[bytes], bool]] = {
    "pdf": lambda head: head.startswith(b"%PDF-"),
    "png": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpeg": lambda head: head.startswith(b"\xff\xd8\xff"),
    "tiff": lambda head: head.startswith((b"II*\x00", b"MM\x00*")),
}


MOST_MEMBERS, LONGEST_DIRECTORY = 10_000, 2_000_000
"""Members of an office document, and bytes of the list of them: far more than any has, and little enough to read."""


def _directory_is_too_long(file: BinaryIO) -> bool:
    """What the record at the end of a zip file says of the list of members, before a byte of that list is read."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return False
    members, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    return bool(members > MOST_MEMBERS or length > LONGEST_DIRECTORY or b"PK\x06\x06" in tail)


def _in_zip(file: BinaryIO) -> Kind | None:
    """Look only at the list of members, never unpack: what is in there cannot blow up."""
    if _directory_is_too_long(file):
        return None
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            mimetype = archive.getinfo("mimetype") if "mimetype" in names else None
            stored = archive.read(mimetype)[:100] if mimetype is not None and mimetype.file_size <= 100 else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError):
        return None
    if any(mark in name for name in names for mark in _MACROS):
        raise NotAccepted(_("The file holds macros. Save it without macros, then send it again."))
    if stored.decode("ascii", "replace").strip() == ODT.media_type:
        return ODT
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(file: BinaryIO) -> bool:
    """Whether the whole file is UTF-8 (or UTF-16 with its mark) without control characters, as spreadsheets write it."""
    import codecs

    file.seek(0)
    mark = file.read(2)
    encoding = "utf-16" if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(1 << 16):
            if any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
