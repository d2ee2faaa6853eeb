"""The sweep of the storage and an upload of the same content in the same moment: what somebody has just sent in stays."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from aioffice.kernel.documents import service as documents
from aioffice.kernel.documents.models import Document
from aioffice.kernel.documents.storage import INCOMING, FileStorage
from aioffice.kernel.parties.vocabulary import Capacity
from tests.support.filings import PDF
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db(transaction=True)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileStorage:
    made = FileStorage(tmp_path / "documents")
    monkeypatch.setattr(documents, "storage", lambda: made)
    return made


def grow_old(store: FileStorage) -> None:
    """Let everything in the storage have been kept two days ago."""
    for path in store.folder.glob("??/??/*"):
        os.utime(path, (YESTERDAY.timestamp() - 86400,) * 2)


def test_the_sweep_waits_for_an_upload_of_the_same_content(store: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = acting_for(organisation("Example Systems (fictional)", Capacity.PROVIDER))
    kept, commit = threading.Event(), threading.Event()
    real = documents.audit

    def before_committing(*args: Any, **more: Any) -> Any:
        grow_old(store)  # so that nothing but the lock can help
        kept.set()
        assert commit.wait(20)
        return real(*args, **more)

    monkeypatch.setattr(documents, "audit", before_committing)

    def upload() -> Document:
        try:
            return documents.upload([PDF], "declaration.pdf", actor=actor, at=NOW)
        finally:
            connections.close_all()

    def sweep() -> int:
        try:
            assert kept.wait(20)
            return documents.sweep(before=YESTERDAY, at=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        uploading, sweeping = pool.submit(upload), pool.submit(sweep)
        assert kept.wait(20)
        threading.Timer(1, commit.set).start()
        document, removed = uploading.result(30), sweeping.result(30)
    assert removed == 0
    with store.open(document.digest) as file:
        assert file.read() == PDF


def test_content_that_was_kept_again_since_the_list_was_made_stays(
    store: FileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.receiving([PDF], limit=1000) as received:
        received.keep()
        digest = received.digest
    monkeypatch.setattr(FileStorage, "kept_before", lambda self, moment: [digest])
    assert documents.sweep(before=YESTERDAY, at=NOW) == 0
    grow_old(store)
    assert documents.sweep(before=YESTERDAY, at=NOW) == 1


def test_what_uploads_left_that_were_cut_off_is_swept_too(store: FileStorage) -> None:
    with store.receiving([PDF], limit=1000) as received:
        received.keep()
    left, young = (store.folder / INCOMING / name for name in ("tmpold", "tmpyoung"))
    for path in (left, young):
        path.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert documents.sweep(before=YESTERDAY, at=NOW) == 0
    assert not left.exists()
    assert young.exists(), "it may be on its way"


def test_an_office_that_opens_clears_what_the_crash_left_at_once(
    store: FileStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aioffice.doors.cli import up
    from aioffice.kernel.documents import storage

    monkeypatch.setattr(storage, "storage", lambda: store)
    with store.receiving([PDF], limit=1000) as received:
        left = store.folder / INCOMING / ".upload.0.new"
        left.write_bytes(b"half")
        up._look_at_documents()
        assert not left.exists()
        received.keep()
    with store.open(received.digest) as file:
        assert file.read() == PDF
