"""A file is what its bytes say, its name must agree, and only harmless kinds come in."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioffice.kernel.documents.kinds import ACCEPTED, PDF, Kind, NotAccepted, recognise
from aioffice.kernel.documents.names import LONGEST, clean_filename
from aioffice.kernel.documents.rules import ANY_DOCUMENT, PDF_ONLY


def zipped(**members: bytes) -> bytes:
    """A zip archive; `__` in a name stands for a slash."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(
                name.replace("__", "/").replace("_xml", ".xml").replace("Content_Types", "[Content_Types]"), content
            )
    return buffer.getvalue()


def png() -> bytes:
    """A picture of one grey dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


FILES = {
    "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
    "png": png(),
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9",
    "tiff": b"II*\x00\x08\x00\x00\x00\x00\x00",
    "docx": zipped(Content_Types_xml=b"<Types/>", word__document_xml=b"<w/>"),
    "xlsx": zipped(Content_Types_xml=b"<Types/>", xl__workbook_xml=b"<w/>"),
    "odt": zipped(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<o/>"),
    "txt": "Instructions for use: žščř\r\n".encode(),
    "csv": "\ufeffname;value\nžito;1\n".encode(),
}
PAIRS = [(kind, extension) for kind in ACCEPTED for extension in kind.extensions]


@pytest.mark.parametrize(("kind", "extension"), PAIRS, ids=[extension for _kind, extension in PAIRS])
def test_every_accepted_kind_is_recognised_under_each_of_its_names(kind: Kind, extension: str) -> None:
    assert recognise(io.BytesIO(FILES[kind.code]), f"file.{extension.upper()}") is kind


@pytest.mark.parametrize(
    ("kind", "extension"), [(k, e) for k in ACCEPTED for e in ("exe", "html", "svg", "pdf", "docx")]
)
def test_the_name_must_agree_with_the_content(kind: Kind, extension: str) -> None:
    if extension in kind.extensions:
        assert recognise(io.BytesIO(FILES[kind.code]), f"file.{extension}") is kind
    else:
        with pytest.raises(NotAccepted):
            recognise(io.BytesIO(FILES[kind.code]), f"file.{extension}")


def test_the_refusal_says_what_would_be_right() -> None:
    with pytest.raises(NotAccepted, match=r"content is PNG.* \.png"):
        recognise(io.BytesIO(FILES["png"]), "declaration.pdf")
    with pytest.raises(NotAccepted, match="Send one of: pdf, png, jpg, tif, docx, xlsx, odt, txt, csv"):
        recognise(io.BytesIO(b"\x7fELF\x02\x01\x01\0"), "tool.pdf")
    with pytest.raises(NotAccepted, match="empty"):
        recognise(io.BytesIO(b""), "empty.txt")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03\x00", "letter.pdf"),
        (b"<html><script>alert(1)</script></html>\0", "page.txt"),
        (zipped(evil=b"x"), "archive.docx"),
        (FILES["docx"][:-30], "cut.docx"),
        (b"GIF89a\x01\x00\x01\x00", "picture.png"),
        (b"junk before" + FILES["pdf"] + b"\0", "letter.pdf"),
        (b"\xff\xfe\x00\xd8", "half.txt"),
        (b"caf\xe9", "latin1.txt"),
    ],
)
def test_what_is_none_of_these_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(NotAccepted):
        recognise(io.BytesIO(content), name)


@pytest.mark.parametrize("macro", ["word__vbaProject.bin", "xl__vbaProject.bin", "Basic__Standard__Module1_xml"])
def test_documents_with_macros_are_refused(macro: str) -> None:
    content = zipped(
        **{"Content_Types_xml": b"<Types/>", "word__document_xml": b"<w/>", "xl__workbook_xml": b"<w/>", macro: b"x"}
    )
    with pytest.raises(NotAccepted, match="macros"):
        recognise(io.BytesIO(content), "file.docx")


def test_a_use_may_accept_fewer_kinds() -> None:
    with pytest.raises(NotAccepted, match="Send one of: pdf"):
        recognise(io.BytesIO(FILES["png"]), "a.png", PDF_ONLY.kinds)
    assert recognise(io.BytesIO(FILES["pdf"]), "a.pdf", PDF_ONLY.kinds) is PDF
    assert PDF_ONLY.accept == ".pdf"
    assert ".jpeg" in ANY_DOCUMENT.accept


@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.docx", "a.txt", "a", "a.png"]))
def test_no_bytes_cause_anything_but_an_answer(content: bytes, name: str) -> None:
    try:
        found = recognise(io.BytesIO(content), name)
    except NotAccepted:
        return
    assert name.rpartition(".")[2] in found.extensions


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("declaration.pdf", "declaration.pdf"),
        ("C:\\Users\\Ana\\Déclaration de conformité.PDF", "Déclaration de conformité.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("  two   spaces .pdf", "two spaces.pdf"),
        (".htaccess", "htaccess"),
        ("", "document"),
        ("///", "document"),
        ('a<b>:"|?*.txt', "a-b------.txt"),
        ("line\nbreak\t.txt", "line break.txt"),
        ("e\u0301.txt", "\u00e9.txt"),
    ],
)
def test_file_names_are_made_safe(sent: str, kept: str) -> None:
    assert clean_filename(sent) == kept


@given(st.text(max_size=400))
def test_no_name_gets_past_the_cleaning(sent: str) -> None:
    name = clean_filename(sent)
    assert 0 < len(name) <= LONGEST
    assert not set(name) & set('/\\<>:"|?*\n\r\0')
    assert not name.startswith(".")
    assert clean_filename(name) == name


def test_a_zip_with_an_endless_list_of_members_is_refused_before_the_list_is_read() -> None:
    record = b"PK\x01\x02" + bytes(42)
    count = 12_000
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(record) * count, 0, 0)
    with pytest.raises(NotAccepted):
        recognise(io.BytesIO(b"PK\x03\x04" + record * count + end), "letter.docx")


def test_a_zip_whose_member_is_broken_is_of_no_kind() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
    broken = bytearray(buffer.getvalue())
    start = broken.index(b"mimetype") + len("mimetype")
    broken[start : start + 8] = b"\xff" * 8
    with pytest.raises(NotAccepted):
        recognise(io.BytesIO(bytes(broken)), "text.docx")
