"""A large file on its way in: the disk holds none of it in the clear, and what arrives is what was sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.test import RequestFactory

from aioffice.doors.uploading import SealedUploadHandler
from aioffice.kernel.documents import service as documents
from aioffice.kernel.documents.models import ScanState
from aioffice.kernel.documents.storage import FileStorage
from aioffice.kernel.parties.vocabulary import Capacity
from tests.support.api import Machine, token_of
from tests.support.parties import organisation

MARK = b"Nobody reads this on its way. "
LARGE = b"%PDF-1.7\n" + MARK * 120_000 + b"\n%%EOF\n"


def nameless_files() -> list[Path]:
    """The open files of this process that have no name any more."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            if str(link.readlink()).endswith("(deleted)"):
                found.append(link)
        except FileNotFoundError:
            continue
    return found


@pytest.mark.django_db(transaction=True)
def test_a_large_file_arrives_whole_and_is_nowhere_in_the_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStorage(tmp_path / "documents")
    looked_at = []

    class Looks:
        """Looks at the disk in place of the content, while the upload is under way."""

        def scan(self, file: BinaryIO) -> ScanState:
            for link in nameless_files():
                content = link.read_bytes()
                looked_at.append(len(content))
                assert MARK not in content
            assert not list(Path(os.environ.get("TMPDIR", "/tmp")).glob("*.upload*"))
            return ScanState.CLEAN

    monkeypatch.setattr(documents, "storage", lambda: store)
    monkeypatch.setattr(documents, "scanner", Looks)
    machine = Machine(token_of(organisation("Example Systems (fictional)", Capacity.PROVIDER)))
    answer = machine.upload("declaration.pdf", LARGE)
    assert answer.status == 201, answer.body[:500]
    assert max(looked_at) > len(LARGE), "the file lay on the disk, sealed"
    with store.open(answer.json["sha256"]) as file:
        assert file.read() == LARGE


def begun(kind: type[SealedUploadHandler]) -> SealedUploadHandler:
    handler = kind(RequestFactory().post("/"))
    handler.new_file("file", "a.pdf", "application/pdf", len(LARGE), None, {})
    return handler


def test_what_is_read_is_what_came_and_reading_may_begin_again() -> None:
    handler = begun(SealedUploadHandler)
    for start in range(0, len(LARGE), 65_536):
        assert handler.receive_data_chunk(LARGE[start : start + 65_536], start) is None
    with handler.file_complete(len(LARGE)) as file:
        assert (file.name, file.size, file.content_type) == ("a.pdf", len(LARGE), "application/pdf")
        assert b"".join(file.chunks()) == LARGE
        assert b"".join(file.chunks()) == LARGE


def test_an_upload_that_breaks_off_leaves_nothing_open() -> None:
    before = len(nameless_files())
    handler = begun(SealedUploadHandler)
    handler.receive_data_chunk(LARGE[:100_000], 0)
    assert len(nameless_files()) == before + 1
    handler.upload_interrupted()
    assert len(nameless_files()) == before


def test_no_other_handler_writes_to_the_disk(settings: object) -> None:
    memory, sealed = settings.FILE_UPLOAD_HANDLERS  # type: ignore[attr-defined]
    assert memory.endswith(MemoryFileUploadHandler.__name__)
    assert sealed == f"{SealedUploadHandler.__module__}.{SealedUploadHandler.__name__}"
