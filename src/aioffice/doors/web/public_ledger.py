"""The public log in plain words: where a text stands in it, how anyone checks that, and what the log is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from aioffice.doors.ledger import asked
from aioffice.doors.proofs import log_url, subject_of
from aioffice.doors.web.public_caching import live
from aioffice.doors.web.public_citing import absolute
from aioffice.doors.web.public_facts import entry_path, version_path
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.kernel.canonical import canonical, leaves
from aioffice.kernel.ledger import site
from aioffice.kernel.ledger.asking_witnesses import Refusal
from aioffice.kernel.ledger.checkpoints import Checkpoint
from aioffice.kernel.ledger.holds import public_held_since
from aioffice.kernel.ledger.merkle import leaf_hash
from aioffice.kernel.ledger.notes import parse_note
from aioffice.kernel.ledger.signing import INTERNAL, WITNESS, verifier_key
from aioffice.kernel.ledger.store import SITE
from aioffice.kernel.settings import settings
from aioffice.register import public_queries
from aioffice.register.public_rows import pointer_of


def _path(number: str, version: int | None) -> str:
    return entry_path(number) if version is None else version_path(number, version)


def standing_context(number: str, version: int | None = None) -> dict[str, Any]:
    """Where an entry, or one of its versions, stands in the log, and where that is shown in full."""
    standing = site.standing_of(subject_of(number, version))
    return {
        "standing": standing,
        "held_since": None if standing else public_held_since(),
        "dated_back": settings().wants_demo,
        "proof_url": f"{_path(number, version)}proof/",
    }


@asked
@live
def proof(request: HttpRequest, number: str, n: int | None = None) -> HttpResponse:
    """How to check a text: the values, the hashes, the exact commands."""
    if number != number.upper():
        return HttpResponseRedirect(f"{_path(number.upper(), n)}proof/")
    known = public_queries.entry(number=number) if n is None else public_queries.version(number=number, n=n)
    if known is None:
        raise Http404
    context = {
        "what": number if n is None else _("%(number)s, version %(version)s") % {"number": number, "version": n},
        "back_url": _path(number, n),
        "json_url": absolute(f"/api/v1/register/entries/{number}" + ("" if n is None else f"/versions/{n}") + "/proof"),
    }
    found, key = site.proof_of(subject_of(number, n)), site.log_key()
    if found is None or key is None:
        return render(request, "public/proof.html", context | {"held_since": public_held_since()})
    return render(
        request,
        "public/proof.html",
        {
            **context,
            "proof": found,
            "key": str(key),
            "log_url": log_url(),
            "values": list(_values(found, known.language)),
            "leaf": leaf_hash(found.receipt.entry).hex(),
            "hashes": [one.hex() for one in found.receipt.proof],
            "root": found.checkpoint.root.hex(),
            "checkpoint": found.receipt.checkpoint.decode(),
        },
    )


def _values(found: site.Proof, language: str) -> Iterator[dict[str, str]]:
    digests = found.statement.digests
    for pointer, value in leaves(found.document):
        yield {
            "pointer": pointer,
            "text": value if isinstance(value, str) else canonical(value).decode(),
            "lang": language if pointer.startswith("/fields/") and isinstance(value, str) else "",
            "digest": digests.get(pointer, ""),
        }
    for name, why in found.document.get("erased", {}).items():
        yield {
            "pointer": pointer_of(name),
            "text": _("Erased on %(day)s") % {"day": long_date(why["since"])},
            "lang": "",
            "digest": "",
        }


@live
def ledger(request: HttpRequest) -> HttpResponse:
    """What the log is, where it stands, and how to check and witness it."""
    note, key = SITE.newest(), site.log_key()
    return render(
        request,
        "public/ledger.html",
        {
            "checkpoint": Checkpoint.parse(parse_note(note).text) if note else None,
            "note": note.decode() if note else "",
            "signed_at": site.signed_at(),
            "held_since": public_held_since(),
            "key": str(key or ""),
            "keys": site.log_keys(),
            "internal_keys": site.log_keys(INTERNAL),
            "cosigned": site.cosigned(),
            "refusals": [(witness.name, _refusal(why), at) for witness, why, at in site.refusals()],
            "witnessed": site.witnessed(),
            "splits": site.split_views(),
            "witness_key": str(verifier_key(WITNESS)) if settings().witnessed_logs else "",
            "log_url": log_url(),
            "files": list(_files(filled=note is not None)),
        },
    )


def _refusal(why: str) -> str:
    """Why a witness did not cosign, as one says it."""
    return {
        Refusal.UNREACHED: _("it could not be reached"),
        Refusal.UNKNOWN: _("it does not know this log or its key"),
        Refusal.SPLIT: _("it saw this log otherwise than it was shown to it: it refuses to sign"),
        Refusal.AHEAD: _("it saw more entries than there are: it refuses to sign"),
        Refusal.MALFORMED: _("its answer cannot be read or does not hold"),
    }[Refusal(why)]


def _files(*, filled: bool) -> Iterator[dict[str, str]]:
    for name, what, opens in (
        (
            "checkpoint",
            _("the newest signature, with the number of entries and their root, and what witnesses signed"),
            filled,
        ),
        ("key", _("the keys with which it is checked, and from when until when each signs"), filled),
        ("publications", _("every public text as of a checkpoint, with its salts, one JSON object a line"), True),
        ("tile/<level>/<n>", _("the hashes of the tree, 256 in a file"), False),
        ("tile/entries/<n>", _("the entries, 256 in a file"), False),
        ("verifier.py", _("the program that checks them all"), True),
    ):
        yield {"name": name, "what": what, "url": f"/ledger/{name}" if opens else ""}
