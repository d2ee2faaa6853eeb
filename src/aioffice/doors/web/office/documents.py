"""Files of cases and drafts, to be fetched by those who may see them."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.kernel.documents.service import open_document
from aioffice.kernel.reading.vocabulary import Door


@require_safe
@office_page
def document(visit: Visit, document_id: UUID) -> HttpResponseBase:
    """A file, always to be saved and never shown in place: nothing in it runs under the Office's address."""
    found = open_document(document_id, actor=visit.actor, at=visit.at, door=Door.PAGE)
    response = FileResponse(
        found.file, as_attachment=True, filename=found.document.filename, content_type=found.document.media_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
