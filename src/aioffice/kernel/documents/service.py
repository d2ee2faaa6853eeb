"""What happens to documents: coming in, being used by a case, being opened, being put away."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aioffice.kernel.db import acting, serialise
from aioffice.kernel.documents.allowance import check_room
from aioffice.kernel.documents.kinds import NotAccepted, listed, recognise
from aioffice.kernel.documents.models import Document, DocumentUse
from aioffice.kernel.documents.names import clean_filename
from aioffice.kernel.documents.rules import ANY_DOCUMENT, MEGABYTE, DocumentRules
from aioffice.kernel.documents.scanning import Infected, ScannerUnavailable, scanner
from aioffice.kernel.documents.storage import NoSuchContent, TooLarge, storage
from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.audit import audit
from aioffice.kernel.parties.keys import audience_keys
from aioffice.kernel.procedures.errors import FieldError, Invalid, NotAllowed, NotFound
from aioffice.kernel.procedures.who import FILING_ROLES
from aioffice.kernel.reading.recording import document_was_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from aioffice.kernel.documents.storage import Received, SealedStorage
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.reading.vocabulary import Door

ARCHIVIST = "archivist"
"""The service actor that compares storage and database."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A document and its content. Whoever opened it closes `file`."""

    document: Document
    file: BinaryIO


def upload(
    chunks: Iterable[bytes],
    filename: str,
    *,
    actor: Actor,
    at: datetime,
    rules: DocumentRules = ANY_DOCUMENT,
    pointer: str = "",
) -> Document:
    """Take in a file for the acting organisation and return its document.

    The same content under the same name gives the same document again. Raises `NotAllowed` for an actor without an organisation
    or the role of editor or signatory, and `Invalid` (at `pointer`) for a file that is too large, empty, of another kind than accepted
    or than its name says, infected, that a scanner which is set up could not look at, or for which an organisation not admitted has no
    room left.
    """
    if actor.organisation is None or not (actor.roles & FILING_ROLES):
        raise NotAllowed(_("Documents are uploaded by editors and signatories of an organisation."))
    name = clean_filename(filename)
    try:
        with storage().receiving(chunks, limit=rules.max_bytes) as received:
            with received.open() as file:
                kind = recognise(file, name, rules.kinds)
            with received.open() as file:
                state = scanner().scan(file)
            return _take_in(received, name, kind.media_type, state, actor=actor, at=at, pointer=pointer)
    except TooLarge:
        message = _("The file is too large: %(n)s MB at the most.") % {"n": rules.max_bytes // MEGABYTE}
        raise Invalid(errors=[FieldError(pointer, message, "too-large")]) from None
    except NotAccepted as error:
        raise Invalid(errors=[FieldError(pointer, str(error), "not-accepted")]) from None
    except Infected:
        message = _("The virus scanner found something in this file, so it was not taken in. Send a clean copy.")
        raise Invalid(errors=[FieldError(pointer, message, "infected")]) from None
    except ScannerUnavailable:
        message = _("The file could not be checked for viruses just now. Send it again in a few minutes.")
        raise Invalid(errors=[FieldError(pointer, message, "scanner-unavailable")]) from None


def _take_in(
    received: Received, name: str, media_type: str, state: str, *, actor: Actor, at: datetime, pointer: str
) -> Document:
    assert actor.organisation is not None, "looked at before anything was received"
    digest, size = received.digest, received.size
    with acting(actor, at):
        # From here to the end of the transaction the sweep leaves this content alone.
        serialise(content_name(digest), shared=True)
        held = Document.objects.filter(organisation_id=actor.organisation, digest=digest, filename=name)
        if not actor.admitted and not held.exists():
            # One upload after the other, so that many at once do not all find room.
            serialise(f"uploads:{actor.organisation}")
            check_room(actor, size, pointer)
        received.keep()
        document, fresh = Document.objects.get_or_create(
            organisation_id=actor.organisation,
            digest=digest,
            filename=name,
            defaults={
                "uploaded_by": actor.id,
                "size": size,
                "media_type": media_type,
                "scan_state": state,
                "created_at": at,
            },
        )
        if fresh:
            audit(actor, "document.upload", f"document:{document.pk}", {"digest": digest, "size": size}, at)
    return document


def content_name(digest: str) -> str:
    """The name under which whoever needs content and whoever removes it wait for each other."""
    return f"document-content:{digest}"


def visible_to(actor: Actor) -> QuerySet[Document]:
    """The documents `actor` may open: those of its organisation and those used by cases it may see."""
    if actor.service:
        return Document.objects.all()
    if actor.organisation is None or not actor.roles:
        return Document.objects.none()
    return Document.objects.filter(Q(organisation_id=actor.organisation) | Q(audience__overlap=list(actor.keys)))


def own_documents(actor: Actor) -> QuerySet[Document]:
    """The documents the acting organisation may use in its filings."""
    if actor.organisation is None:
        return Document.objects.none()
    return visible_to(actor).filter(organisation_id=actor.organisation)


def open_document(document_id: UUID, *, actor: Actor, at: datetime, door: Door | None) -> Opened:
    """Open a document by `door`, which is written down; None where it is shown to nobody.

    Raises `NotFound` when there is none or it does not concern the actor: both look the same.
    """
    with acting(actor, at):
        document = visible_to(actor).filter(pk=document_id).first()
        if document is None:
            raise NotFound(_("There is no such document, or it does not concern you."))
        if door is not None:
            uses = DocumentUse.objects.filter(document=document).select_related("case")
            document_was_read(
                document.pk,
                owner=document.organisation_id,
                audience=document.audience,
                used_by=[use.case for use in uses],
                actor=actor,
                door=door,
            )
    return Opened(document, open_by_digest(document.digest))


def open_by_digest(digest: str) -> BinaryIO:
    """Open content by its SHA-256, asking nobody: only for digests that the published tables list. Raises `NotFound`."""
    try:
        return storage().open(digest)
    except NoSuchContent:
        raise NotFound(_("There is no such document.")) from None


def check_documents(
    actor: Actor, ids: Mapping[str, UUID], rules: DocumentRules = ANY_DOCUMENT, *, case: Case | None = None
) -> list[FieldError]:
    """Return what is wrong with documents a filing refers to, as (JSON pointer: document id); called inside `acting`.

    A step may refer only to documents of the acting organisation, of an accepted kind and size, and to those that its `case` uses
    already, whoever uploaded them.
    """
    usable = Q(organisation_id=actor.organisation) | Q(pk__in=_used_by(case))
    found = {document.pk: document for document in visible_to(actor).filter(usable, pk__in=set(ids.values()))}
    media_types = {kind.media_type for kind in rules.kinds}
    errors = []
    for pointer, document_id in ids.items():
        document = found.get(document_id)
        if document is None:
            message = _("Your organisation has uploaded no such document. Upload it first, then refer to it here.")
            errors.append(FieldError(pointer, message, "no-such-document"))
        elif document.media_type not in media_types:
            message = _("This kind of file is not accepted here. Send one of: %(kinds)s.") % {
                "kinds": listed(rules.kinds)
            }
            errors.append(FieldError(pointer, message, "not-accepted"))
        elif document.size > rules.max_bytes:
            message = _("The file is too large: %(n)s MB at the most.") % {"n": rules.max_bytes // MEGABYTE}
            errors.append(FieldError(pointer, message, "too-large"))
    return errors


def _used_by(case: Case | None) -> QuerySet[DocumentUse, UUID]:
    used = DocumentUse.objects.none() if case is None else DocumentUse.objects.filter(case=case.pk)
    return used.values_list("document_id", flat=True)


def use_documents(case: Case, record_id: UUID, ids: Mapping[str, UUID], *, by: UUID | None = None) -> None:
    """Write down that a step's record refers to documents (JSON pointer: document id), and let those who may see the case open them.

    Called from the effect of a step, inside its transaction. `by` is the organisation that takes the step, where that may be another
    than the filer. Raises `NotFound` for a document of neither that the case does not use yet: check first with `check_documents`.
    """
    from aioffice.kernel.procedures.declaration import procedure

    if not ids:
        return
    # The effect runs before the case is written, so its audience is worked out here from what the effect made of the case.
    audience = audience_keys(procedure(case.procedure).seen_by(case))
    usable = Q(organisation__in={case.organisation_id, by} - {None}) | Q(pk__in=_used_by(case))
    documents = list(Document.objects.select_for_update().filter(usable, pk__in=set(ids.values())))
    if {document.pk for document in documents} != set(ids.values()):
        raise NotFound(_("Your organisation has uploaded no such document. Upload it first, then refer to it here."))
    DocumentUse.objects.bulk_create(
        DocumentUse(
            document_id=document_id,
            case=case,
            record_id=record_id,
            pointer=pointer,
            organisation_id=case.organisation_id,
            audience=audience,
        )
        for pointer, document_id in ids.items()
    )
    for document in documents:
        document.audience = sorted({*document.audience, *audience})
    Document.objects.bulk_update(documents, ["audience"])


def follow_audience(case_ids: Sequence[UUID]) -> None:
    """Let the documents of these cases be opened by exactly those who may see a case that uses them.

    Called when cases were moved, since a move may change who sees them.
    """
    if not case_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute("select office.follow_document_audience(%s::uuid[])", [list(case_ids)])


def remove_document(document_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Remove a document that no filing refers to. Raises `NotFound`, or `NotAllowed` when a filing refers to it."""
    with acting(actor, at):
        document = own_documents(actor).filter(pk=document_id).first()
        if document is None or not (actor.roles & FILING_ROLES):
            raise NotFound(_("There is no such document, or it does not concern you."))
        if DocumentUse.objects.filter(document=document).exists():
            raise NotAllowed(_("A filing refers to this document, so it stays."))
        audit(actor, "document.remove", f"document:{document.pk}", {"digest": document.digest}, at)
        document.delete()


def seal_all(store: SealedStorage, *, at: datetime) -> int:
    """Seal all content that lies in the clear, while the office works; return how much. Raises `SealError`, and may be run again."""
    archivist, done = service(ARCHIVIST), 0
    for digest in list(store.in_the_clear()):
        with acting(archivist, at):
            # Nobody takes it in or removes it meanwhile.
            serialise(content_name(digest))
            done += store.seal(digest)
    with acting(archivist, at):
        audit(archivist, "documents.seal", "documents", {"sealed": done}, at)
    return done


def rewrap_all(store: SealedStorage, *, at: datetime) -> int:
    """Let the key that seals now open everything, while the office works; return how much another one did. SealError; may be run again."""
    archivist, done = service(ARCHIVIST), 0
    for digest in list(store.of_other_keys()):
        with acting(archivist, at):
            # Nobody takes it in or removes it meanwhile.
            serialise(content_name(digest))
            done += store.rewrap(digest)
    with acting(archivist, at):
        audit(archivist, "documents.rewrap", "documents", {"rewrapped": done}, at)
    return done


def sweep(*, before: datetime, at: datetime) -> int:
    """Remove content that no document refers to and that was last kept before `before`; return how much was removed.

    Such content is what an upload left that was refused in its last moment, or a document that was removed. What uploads left that were
    cut off on the way goes too, uncounted.
    """
    store, archivist = storage(), service(ARCHIVIST)
    store.clear_drafts(before=before)
    removed = 0
    for batch in itertools.batched(store.kept_before(before), 1000):
        with acting(archivist, at):
            known = set(Document.objects.filter(digest__in=batch).values_list("digest", flat=True))
        for digest in batch:
            if digest in known:
                continue
            with acting(archivist, at):
                # Somebody may have sent the same content in since the list was made: look again while nobody can.
                serialise(content_name(digest))
                if store.is_kept_before(digest, before) and not Document.objects.filter(digest=digest).exists():
                    store.remove(digest)
                    removed += 1
    return removed
