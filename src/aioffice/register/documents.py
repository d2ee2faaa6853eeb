"""Files that registrations refer to: the certificate's copy, the declaration of conformity, the instructions for use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aioffice.act import annex_viii
from aioffice.kernel.documents.rules import DocumentRules
from aioffice.kernel.documents.service import check_documents, use_documents
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.work import Work
from aioffice.register.forms import PLACES

FILE_FIELDS = ("certificate_copy", "declaration_of_conformity", "instructions_for_use")


def attachments(content: Mapping[str, Any]) -> dict[str, UUID]:
    """Return the documents that a version's content refers to, by JSON pointer."""
    return {f"/{name}": UUID(str(content[name])) for name in FILE_FIELDS if content.get(name)}


def check_attachments(work: Work) -> Invalid | None:
    """Return what is wrong with the documents a filing refers to: of who files or in the entry already, of a fitting kind and size."""
    errors = []
    for pointer, document_id in attachments(work.data).items():
        limit = annex_viii.field("A", PLACES["A"][pointer[1:]]).max_length
        errors += check_documents(work.actor, {pointer: document_id}, DocumentRules(max_bytes=limit), case=work.case)
    return Invalid(errors=errors) if errors else None


def keep_attachments(work: Work) -> None:
    """Write down that the step refers to its documents; call when the case's audience is known."""
    if ids := attachments(work.data):
        use_documents(work.case, work.record_id, ids, by=work.actor.organisation)
