"""The one place where a read is written down, in the transaction in which something is opened.

Whatever shows the file of a case or a document goes through `visible_case` or `open_document`, and they come here. If the row cannot
be written, the error goes up and nothing is shown. Every read is a row of its own: a row that counts would have to be changed.

What an organisation filed itself is its own, and its people reading it is nobody's business. Services are no people. Lists, which tell
that there is a case and what it is called, are not reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aioffice.kernel.db.acting import current_time
from aioffice.kernel.parties.keys import OVERSIGHT, audience_key, audience_keys, auditors_of
from aioffice.kernel.reading.models import Reading
from aioffice.kernel.reading.vocabulary import Door, Thing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.models import Case

LONGEST_QUESTION = 100
"""So many signs are kept of what somebody looked for in the log."""


def case_was_read(case: Case, *, actor: Actor, door: Door, thing: Thing, version: int | None = None) -> None:
    """Write down that `actor` opens the file of a case, or a part of it; called inside `acting`."""
    if actor.service or case.organisation_id == actor.organisation:
        return
    _write(
        actor,
        door,
        thing,
        cases=[case],
        version=case.version if version is None else version,
        rights=_through(actor, case.audience),
    )


def document_was_read(
    document: UUID, *, owner: UUID, audience: Collection[int], used_by: Iterable[Case], actor: Actor, door: Door
) -> None:
    """Write down that `actor` opens a document of `owner`, used by these cases as far as the actor sees them; inside `acting`."""
    if actor.service or owner == actor.organisation:
        return
    cases = list({case.pk: case for case in used_by}.values())
    _write(actor, door, Thing.DOCUMENT, cases=cases, document=document, rights=_through(actor, audience))


def log_was_read(asked: Mapping[str, str], *, actor: Actor, door: Door) -> None:
    """Write down that `actor` reads this log, and what it looked for; called inside `acting`."""
    kept = {name: text[:LONGEST_QUESTION] for name, text in asked.items() if text}
    # Who may see the secure section may have named a case of it: then the question is as confidential as the case.
    secure = [name for name in actor.audience_names() if name.startswith("secure:")] if kept.get("case") else []
    _write(
        actor,
        door,
        Thing.LOG,
        asked=kept,
        restricted=audience_keys(secure) if secure else None,
        rights=_as_auditor(actor),
    )


def _write(
    actor: Actor,
    door: Door,
    thing: Thing,
    *,
    cases: Iterable[Case] = (),
    restricted: list[int] | None = None,
    **more: Any,
) -> None:
    at = current_time()
    if at is None or actor.organisation is None:
        raise RuntimeError("a read is written down inside acting(actor, at), of somebody who acts for an organisation")
    found = list(cases)
    secure = [case for case in found if case.secure]
    if secure:
        restricted = sorted({key for case in secure for key in case.audience})
    Reading.objects.create(
        at=at,
        actor=actor.id,
        organisation_id=actor.organisation,
        door=door,
        thing=thing,
        cases=[case.pk for case in found],
        numbers=[case.number for case in found if case.number],
        audience=audience_keys([OVERSIGHT, auditors_of(actor.organisation_key)]),
        restricted=restricted,
        **more,
    )


def _through(actor: Actor, audience: Collection[int]) -> list[str]:
    keys = set(audience)
    return [name for name in actor.audience_names() if audience_key(name) in keys]


def _as_auditor(actor: Actor) -> list[str]:
    return [name for name in actor.audience_names() if name in (OVERSIGHT, auditors_of(actor.organisation_key))]
