"""Files that steps of this desk refer to: one field, one document of the acting organisation."""

from __future__ import annotations

from uuid import UUID

from aioffice.kernel.documents.rules import ANY_DOCUMENT, DocumentRules
from aioffice.kernel.documents.service import check_documents, use_documents
from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.procedures.errors import Invalid
from aioffice.kernel.procedures.work import Work


def _named(work: Work, field: str) -> dict[str, UUID]:
    return {f"/{field}": UUID(work.data[field])} if work.data.get(field) else {}


def check_document(work: Work, field: str, rules: DocumentRules = ANY_DOCUMENT) -> Invalid | None:
    """Return what is wrong with the document in that field; None when it is right or absent."""
    errors = check_documents(work.actor, _named(work, field), rules)
    return Invalid(errors=errors) if errors else None


def keep_document(work: Work, field: str) -> None:
    """Write down that the step refers to the document; call when all that the case's audience follows from is set."""
    if ids := _named(work, field):
        work.case.audience = audience_keys(work.step.procedure.seen_by(work.case))
        use_documents(work.case, work.record_id, ids)
