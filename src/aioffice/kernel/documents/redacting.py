"""How files go when a value that names them is erased: use, document and name, and the bytes, where no other filing has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from aioffice.kernel.db import acting, serialise
from aioffice.kernel.documents.models import Document, DocumentUse
from aioffice.kernel.documents.service import ARCHIVIST, content_name
from aioffice.kernel.documents.storage import storage
from aioffice.kernel.parties.actor import service
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.procedures.copies import ERASER, Copy, Erasing, Holder, holds_copies
from aioffice.kernel.procedures.models import StepRecord


def declare() -> None:
    """Say what this room holds. Called when the applications are ready."""
    holds_copies(
        Holder("documents", columns=("office.documents_document.filename",), redact=_redact, find=_find),
    )


def _uses(erasing: Erasing) -> list[DocumentUse]:
    """The uses of files by this case at the places that go, and of nothing else there."""
    uses = DocumentUse.objects.filter(case=erasing.case.pk, pointer__in=list(erasing.values)).select_related("document")
    return [use for use in uses if erasing.holds(use.pointer, str(use.document_id))]


def _find(erasing: Erasing) -> Iterator[Copy]:
    for use in {use.document_id: use for use in _uses(erasing)}.values():
        others = DocumentUse.objects.filter(document=use.document_id).exclude(case=erasing.case.pk)
        for number in sorted({str(found) for found in others.values_list("case__number", flat=True) if found}):
            yield Copy(use.pointer, _("%(number)s has the same file, where it stays") % {"number": number})


def _redact(erasing: Erasing, by: StepRecord) -> None:
    from aioffice.kernel.documents.jobs import remove_content

    uses = _uses(erasing)
    documents = {use.document_id: use.document for use in uses}
    DocumentUse.objects.filter(pk__in=[use.pk for use in uses]).delete()
    gone = []
    for document in Document.objects.filter(pk__in=documents).select_for_update(of=("self",)):
        if not DocumentUse.objects.filter(document=document).exists():
            audit(service(ERASER), "document.erase", f"document:{document.pk}", {}, erasing.at)
            gone.append(document.digest)
            document.delete()
    if gone:
        # Files know no transactions: the bytes go when it is certain that the rows have gone.
        remove_content.defer(digests=sorted(set(gone)))


def remove_unreferred(digests: Iterable[str], *, at: datetime) -> int:
    """Remove content that no document refers to any more, at once; return how much was removed. Repeated, it does nothing."""
    store, removed = storage(), 0
    for digest in digests:
        with acting(service(ARCHIVIST), at):
            # Whoever sends the same content in just now waits, or has its document already.
            serialise(content_name(digest))
            if not Document.objects.filter(digest=digest).exists():
                store.remove(digest)
                removed += 1
    return removed
