"""What the pages of one entry show: the entry, one of its versions, the difference between two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from aioffice.doors.web import labels
from aioffice.doors.web.public_citing import absolute, citation
from aioffice.doors.web.public_facts import entry_path, facts, routing, text, version_path
from aioffice.doors.web.public_ledger import standing_context
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._names import labelled
from aioffice.doors.web.templatetags._paths import page_path
from aioffice.register import public_queries
from aioffice.register.public_history import segments
from aioffice.register.public_queries import Difference, FieldChange, PublicEntry, PublicVersion


def entry_context(entry: PublicEntry) -> dict[str, Any]:
    """The context of an entry's page."""
    document = entry.document
    history = public_queries.versions(number=entry.number)
    return {
        "entry": entry,
        "document": document,
        **_both(entry),
        **standing_context(entry.number),
        "history": list(_history(history)),
        "compare_url": entry_path(entry.number) + "compare/",
        "json_url": absolute(f"/api/v1/register/entries/{entry.number}"),
        "compare": [each.version for each in history] if len(history) > 1 else [],
        "uses": [_named(each) for each in public_queries.named(numbers=document["uses"])],
        "provider_entry": next(
            (
                _named(each)
                for each in public_queries.named(numbers=[entry.provider_entry] if entry.provider_entry else [])
            ),
            None,
        ),
    }


def version_context(version: PublicVersion, *, latest: int) -> dict[str, Any]:
    """The context of the page of one version."""
    return {
        "version": version,
        "document": version.document,
        **_both(version),
        **standing_context(version.number, version.version),
        "json_url": absolute(f"/api/v1/register/entries/{version.number}/versions/{version.version}"),
        "latest": latest,
        "is_latest": version.version == latest,
        "entry_url": entry_path(version.number),
        "earlier_url": version_path(version.number, version.version - 1) if version.version > 1 else "",
        "later_url": version_path(version.number, version.version + 1) if version.version < latest else "",
        "change_url": changes_path(version.number, version.version - 1, version.version) if version.version > 1 else "",
    }


def _both(shown: PublicEntry | PublicVersion) -> dict[str, Any]:
    document = shown.document
    return {
        "title": shown.name,
        "section": labels.section(shown.section) if shown.section else "",
        "collection": labels.collection(shown.collection),
        "facts": facts(document),
        "routing": routing(document),
        "erased_on": erased_on(document),
        "system_status": labels.system_status(document["fields"].get("status", "")),
        "filing_status": labels.filing_status(shown.filing_status),
        "filed_by": filed_by(document),
        "citation": citation(
            author=shown.provider or labels.collection(shown.collection),
            title=shown.name,
            number=shown.number,
            version=shown.version,
            recorded_at=shown.recorded_at,
            register=_("AI Office, %(collection)s") % {"collection": labels.collection(shown.collection)},
        ),
        "permalink": absolute(entry_path(shown.number)),
        "version_link": absolute(version_path(shown.number, shown.version)),
    }


def erased_on(document: dict[str, Any]) -> str:
    """The day on which something of a public text was last erased; empty where nothing was."""
    return max((why["since"] for why in document.get("erased", {}).values()), default="")


def filed_by(document: dict[str, Any]) -> str:
    """The organisation that filed, as it was admitted, and the capacity in which it filed."""
    capacity = labels.filer_capacity(document["routing"].get("filer_capacity", ""))
    return f"{document['filed_by']} ({capacity})" if document.get("filed_by") else capacity


def _named(each: public_queries.Named) -> dict[str, Any]:
    return {
        "status": labels.system_status(each.status),
        "url": entry_path(each.number),
        "number": each.number,
        "name": each.name,
        "who": each.provider,
        "lang": each.language,
    }


def _history(versions: Sequence[PublicVersion]) -> Iterator[dict[str, Any]]:
    renamed = {version.version: version.document.get("note", {}).get("renamed_from", "") for version in versions}
    for version in versions:
        note = version.document.get("note", {})
        yield {
            "n": version.version,
            "url": version_path(version.number, version.version),
            "change_url": changes_path(version.number, version.version - 1, version.version)
            if version.version > 1
            else "",
            "valid_from": version.valid_from,
            "recorded_at": version.recorded_at,
            "filing_status": version.filing_status,
            "status_words": labels.filing_status(version.filing_status),
            "reason": version.document.get("reason", ""),
            "lang": version.language,
            "erased_on": erased_on(version.document),
            "reconstructed": bool(note.get("reconstructed")),
            "renamed_from": renamed[version.version],
        }


def changes_path(number: str, n: int, m: int) -> str:
    """The address of the difference between two versions."""
    return page_path(f"register/{number}/changes/{n}-{m}/")


def difference_context(difference: Difference) -> dict[str, Any]:
    """The context of the page that shows what differs between two versions."""
    before, after = difference.before, difference.after
    return {
        "title": after.name,
        "number": after.number,
        "lang": after.language,
        "before": _side(before),
        "after": _side(after),
        "entry_url": entry_path(after.number),
        "swapped_url": changes_path(after.number, after.version, before.version),
        "changes": [_change(change, after.language) for change in difference.changes],
        "reason": after.document.get("reason", "") if after.version == before.version + 1 else "",
        "renamed_from": after.document.get("note", {}).get("renamed_from", ""),
    }


def _side(version: PublicVersion) -> dict[str, Any]:
    words = _("Version %(number)s, true since %(date)s") % {
        "number": version.version,
        "date": long_date(version.valid_from),
    }
    return {"n": version.version, "url": version_path(version.number, version.version), "words": words}


def _change(change: FieldChange, language: str) -> dict[str, Any]:
    _empty, _part, name, *rest = (
        [*change.pointer.split("/"), ""] if change.pointer.count("/") > 1 else ["", "", change.pointer[1:]]
    )
    inner = next((part for part in rest if part), "")
    label = labels.field(change.point, name)
    section, _dot, point = change.point.partition(".")
    before, after = text(inner or name, change.before), text(inner or name, change.after)
    pieces = change.segments if change.segments and before == change.before else segments(before, after)
    return {
        "label": labelled(label, labels.PARTS.get(inner, inner)) if inner else label,
        "provision": _("Annex VIII, Section %(section)s, point %(point)s") % {"section": section, "point": point}
        if point
        else "",
        "before": [piece for piece in pieces if piece.kind != "added"],
        "after": [piece for piece in pieces if piece.kind != "removed"],
        "had": change.before is not None,
        "has": change.after is not None,
        "lang": language if isinstance(change.after or change.before, str) and not inner else "",
    }
