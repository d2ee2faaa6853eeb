"""What somebody had typed when their sign-in ended lies in a session until they are back: a copy, which goes when it is erased."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from aioffice.doors.web.office.interrupted import KEY
from aioffice.kernel.procedures.copies import Erasing, Holder, holds_copies
from aioffice.kernel.procedures.models import StepRecord
from aioffice.kernel.procedures.pointers import pointer_from_name


def declare() -> None:
    """Say what the office's pages hold. Called when the applications are ready."""
    holds_copies(Holder("sessions", columns=("office.django_session.session_data",), redact=_redact))


def _redact(erasing: Erasing, by: StepRecord) -> None:
    for session in Session.objects.all().iterator(chunk_size=500):
        kept = session.get_decoded()
        held = kept.get(KEY)
        if not held:
            continue
        typed = held["values"].items()
        if any(erasing.holds(pointer_from_name(name), one) for name, several in typed for one in several):
            store = SessionStore(session_key=session.session_key)
            del kept[KEY]
            session.session_data = store.encode(kept)
            session.save(update_fields=["session_data"])
