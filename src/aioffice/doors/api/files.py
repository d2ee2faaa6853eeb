"""Documents: sent in before the filing that refers to them, opened by whoever may see a case that uses them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Router

from aioffice.doors.api import schemas
from aioffice.doors.api.answers import PRIVATE, json_answer, unchanged
from aioffice.doors.api.base import OrganisationToken, actor_of
from aioffice.doors.api.documenting import describe, file_answer
from aioffice.doors.api.register import file_response
from aioffice.kernel.documents.service import open_document, upload
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.reading.vocabulary import Door
from aioffice.kernel.settings import settings

router = Router(tags=["Documents"], auth=OrganisationToken())
MULTIPART = "multipart/form-data"
_BODY = {
    "required": True,
    "content": {
        MULTIPART: {
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "One file, with its name."}
                },
            }
        }
    },
}
_READ = describe(401, 403, 404, etag=True)


@router.post(
    "/documents",
    response={201: schemas.Upload},
    operation_id="upload_document",
    summary="Send in a file",
    description="PDF, images, office documents and CSV up to 25 MB. The same content under the same name is the same document.",
    openapi_extra=describe(
        401,
        403,
        413,
        415,
        422,
        body=_BODY,
        status=201,
        ok={"Location": {"required": True, "schema": {"type": "string"}}},
    ),
)
def upload_document(request: HttpRequest) -> HttpResponse:
    faults = [
        FieldError(f"/{name}", "This part is not asked for; send one part named “file”.", "extra_forbidden")
        for name in (*request.POST, *request.FILES)
        if name != "file" or name in request.POST
    ]
    sent = request.FILES.getlist("file")
    if len(sent) != 1:
        message = "Send one file in a part named “file”, with a file name."
        faults.append(FieldError("/file", message, "missing" if not sent else "too-many"))
    if faults:
        raise Invalid(errors=faults)
    at = timezone.now()
    document = upload(sent[0].chunks(), sent[0].name or "", actor=actor_of(request), at=at, pointer="/file")
    url = f"{settings().base_url}/api/v1/documents/{document.pk}"
    data = {
        "id": document.pk,
        "filename": document.filename,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.digest,
        "scan_state": document.scan_state,
        "created_at": document.created_at,
        "url": url,
    }
    return json_answer(data, status=201, headers={"Location": url})


@router.get(
    "/documents/{uuid:document_id}",
    operation_id="read_document",
    summary="Open a document of your organisation, or of a case that you may see",
    openapi_extra=_READ | {"responses": _READ["responses"] | {200: file_answer("The file.")}},
)
def read_document(request: HttpRequest, document_id: UUID) -> HttpResponseBase:
    opened = open_document(document_id, actor=actor_of(request), at=timezone.now(), door=Door.API)
    opened.file.close()
    document = opened.document
    if answer := unchanged(request, document.digest):
        return answer
    return file_response(document.digest, document.filename, document.media_type, cache=PRIVATE)
