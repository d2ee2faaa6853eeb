"""How much may be uploaded for an organisation that nobody has admitted yet: anybody can found one, and what they send costs room."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from aioffice.kernel.documents.models import Document
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.settings import settings

MEGABYTE = 1_000_000


def check_room(actor: Actor, size: int, pointer: str) -> None:
    """Refuse a file of `size` bytes that an organisation not admitted has no room for. Called inside `acting`.

    Nobody administers two organisations that are not admitted, so the limit of the organisation (settings `unadmitted_files` and
    `unadmitted_bytes`) is that of the person who founded it. Raises `Invalid` at `pointer`.
    """
    if actor.admitted or actor.capacities:
        return  # whoever was granted a capacity is known to the Office, admitted or not
    assert actor.organisation is not None, "only an organisation uploads"
    limits = settings()
    held = Document.objects.filter(organisation_id=actor.organisation).aggregate(files=Count("pk"), size=Sum("size"))
    if held["files"] < limits.unadmitted_files and (held["size"] or 0) + size <= limits.unadmitted_bytes:
        return
    message = _(
        "Until your organisation is admitted it may upload %(files)s files of %(megabytes)s MB in all. Use those that are there, send "
        "a smaller one, or wait until you are admitted."
    ) % {"files": limits.unadmitted_files, "megabytes": limits.unadmitted_bytes // MEGABYTE}
    raise Invalid(errors=[FieldError(pointer, message, "no-room")])
