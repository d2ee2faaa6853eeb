"""How long documents are kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.documents.models import Document, DocumentUse
from aioffice.kernel.retention.declaring import SILENT, End, Leaving, Retention, keep
from aioffice.kernel.retention.forgetting import plainly


def _unused(before: datetime) -> QuerySet[Document]:
    used = DocumentUse.objects.filter(document=OuterRef("pk"))
    return Document.objects.filter(~Exists(used), created_at__lt=before)


keep(
    Retention(
        "unused-documents",
        _("Documents to which no filing refers"),
        (Document,),
        End.PROPOSED,
        _("They were uploaded for a filing that did not come. The file itself goes two nights later."),
        SILENT,
        days=365,
        counted_from=_("the upload"),
        leaving=Leaving(rows=_unused, moment="created_at", remove=plainly(Document)),
    ),
    Retention(
        "used-documents",
        _("That a step refers to a document, and the document"),
        (Document, DocumentUse),
        End.KEPT,
        _("It belongs to what was sent with the step."),
        "71(1)",
    ),
)
