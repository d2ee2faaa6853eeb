"""Documents sealed at rest: a backup holds them sealed, and only the right key brings them back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aioffice.kernel import secrets
from aioffice.kernel.documents.sealing import make_key
from aioffice.kernel.postgres import Cluster
from tests.support.house import House, command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SEALED = {"AIOFFICE_ENCRYPT_DOCUMENTS": "true"}
SEND = """
import sys
import django; django.setup()
from django.utils import timezone
from aioffice.kernel.db import plumbing
from aioffice.kernel.documents.service import upload
from aioffice.kernel.parties.models import Organisation
from aioffice.kernel.parties.actors import actor_for_person
from tests.support.parties import member
with plumbing():
    organisation = Organisation.objects.get(name="Crash Test Systems (fictional)")
    filer = actor_for_person(member(organisation, email=f"{sys.argv[1]}@example.test"), organisation.pk)
upload([b"%PDF-1.7\\nMARKED " + sys.argv[1].encode() + b"\\n%%EOF\\n"], "a.pdf", actor=filer, at=timezone.now())
"""


def in_the_clear(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and b"MARKED" in path.read_bytes()]


def test_sealed_documents_are_backed_up_and_restored_sealed(closed_house: House, tmp_path: Path) -> None:
    kept, target = closed_house.data / "documents", tmp_path / "backups"
    with_server = Cluster(closed_house.data, durable=False)
    with_server.start()
    closed_house.do("-c", SEND, "before")
    assert len(in_the_clear(kept)) == 1
    assert command(closed_house.data, "encrypt-documents").returncode == 2
    for expected in (1, 0):
        done = command(closed_house.data, "encrypt-documents", "--json", **SEALED)
        assert json.loads(done.stdout) == {"sealed": expected}, done.stderr
    with_server.start()
    closed_house.do("-c", SEND, "after", **SEALED)
    assert in_the_clear(kept) == []
    done = command(closed_house.data, "backup", str(target), "--without-secrets")
    assert done.returncode == 0, done.stderr
    assert len([*(target / "documents").rglob("*.sealed")]) == 2
    assert in_the_clear(target / "documents") == []

    right, wrong = tmp_path / "right", tmp_path / "wrong"
    known = secrets.read(closed_house.data)
    for folder, key in ((right, known["document_key"]), (wrong, make_key())):
        folder.mkdir(mode=0o700)
        (folder / "secrets.json").write_text(json.dumps(known | {"document_key": key}))
    done = command(wrong, "restore", str(target))
    assert done.returncode == 1
    assert "Set AIOFFICE_DOCUMENT_KEY to the key that sealed it" in done.stderr
    done = command(right, "restore", str(target), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"] == 2
    assert in_the_clear(right / "documents") == []

    (right / "secrets.json").write_text(json.dumps(known | {"document_key": make_key()}))
    refused = command(right, "up", PORT="18161")
    assert refused.returncode == 1
    assert "was sealed with the key" in refused.stderr
    for folder in (right, wrong):
        Cluster(folder).stop()
