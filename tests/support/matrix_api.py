"""The API's half of the permission matrix: every operation, and who of the callers with a token gets what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.support.filings import PDF
from tests.support.matrix import AUDITORS, EVERYONE, FILING, NOBODY, READERS, SIGNING, STAFF, Callers, Row, of
from tests.support.matrix_world import (
    AUTHORITY,
    CONTACT_POINT,
    COUNTERPART,
    EDPS,
    EDPS_CLEARED,
    EIGHT,
    EIGHT_CLEARED,
    FILER,
    FROZEN,
    OFFICE_CLEARED,
    RIVAL,
    UNADMITTED,
)

ANYBODY = of("anybody", roles=())
"""Public operations: the same answer for everyone, with or without a token."""

PUBLIC: Mapping[str, Mapping[str, str]] = {
    "read_openapi": {},
    "read_problem_kind": {"code": "not-found"},
    "list_collections": {},
    "search_entries": {},
    "count_facets": {},
    "read_entry": {"number": "public number"},
    "list_versions": {"number": "public number"},
    "read_version": {"number": "public number", "n": "1"},
    "prove_entry": {"number": "public number"},
    "prove_version": {"number": "public number", "n": "1"},
    "compare_versions": {"number": "public number", "n": "1", "m": "1"},
    "read_public_document": {"sha256": "digest"},
    "list_fields": {},
    "list_annex_iii": {},
    "list_member_states": {},
    "list_languages": {},
    "list_facts": {},
    "read_facts_schema": {},
    "list_provisions": {},
    "read_provision": {"provision": "article-5-1-f"},
    "list_time_limits": {},
    "read_time_limit": {"limit": "GL-6"},
    "compute_deadline": {"limit": "GL-6"},
}
"""Operations that ask for no token, with arguments that lead to something."""
PUBLIC_POSTS: Mapping[str, Mapping[str, Any]] = {"classify": {"facts": {}}}
"""Public operations that compute with what they are sent and keep nothing, with a body each."""

_PROVIDERS = of(FILER, COUNTERPART, RIVAL, FROZEN, roles=SIGNING)
_OFFICE, _OFFICE_SIGNS = of(*STAFF, roles=FILING), of(*STAFF, roles=SIGNING)
_ALL_FILING = frozenset(caller for caller in EVERYONE if caller.endswith(("/editor", "/signatory")))

OPENING: Mapping[str, Callers] = {
    "high_risk_registration_file": _PROVIDERS,
    "exempt_registration_file": _PROVIDERS,
    "use_registration_file": of(FILER, roles=SIGNING),
    "use_registration_hold": of(FILER, roles=SIGNING),
    "mandate_propose": _PROVIDERS,
    "operator_admission_apply": frozenset(caller for caller in EVERYONE if caller.endswith("/signatory")),
    "capacity_grant_grant": _OFFICE_SIGNS | of(CONTACT_POINT, roles=SIGNING),
    "secure_access_grant": _OFFICE_SIGNS,
    "impersonation_report_report": _ALL_FILING,
}
"""Steps that open a case: who may. Everyone else is told that they may not."""

_SUPERVISORS = {
    "public": of(AUTHORITY, *STAFF, roles=FILING),
    "exempt": of(AUTHORITY, *STAFF, roles=FILING),
    "use": of(AUTHORITY, *STAFF, roles=FILING),
    "biometric": of(AUTHORITY, EIGHT, EIGHT_CLEARED, *STAFF, roles=FILING),
    "union": of(AUTHORITY, EDPS, EDPS_CLEARED, *STAFF, roles=FILING),
    "secure": of(EIGHT_CLEARED, OFFICE_CLEARED, roles=FILING),
    "secure use": of(EIGHT_CLEARED, OFFICE_CLEARED, roles=FILING),
}
_HIDERS = {thing: may & of(*STAFF) for thing, may in _SUPERVISORS.items()}


def _registration(thing: str) -> dict[str, tuple[Callers, int]]:
    """Steps on a registered entry, whatever its section."""
    supervisors, hiders = _SUPERVISORS[thing], _HIDERS[thing]
    return {
        "declare_error": (of(FILER, roles=SIGNING), 422),
        "update": (of(FILER, roles=SIGNING), 422),
        "question": (supervisors, 422),
        "reply": (of(FILER, roles=FILING), 422),
        "flag": (supervisors, 422),
        "unflag": (supervisors, 422),
        "withhold": (hiders, 422),
        "erase": (hiders, 422),
        "release": (hiders, 422),
    }


_APPLICANT = of(UNADMITTED, roles=FILING)
_SIGNING_APPLICANT = of(UNADMITTED, roles=SIGNING)
_REPRESENTED = of(COUNTERPART, roles=SIGNING)

ON_CASE: Mapping[tuple[str, str], Mapping[str, tuple[Callers, int]]] = {
    ("high_risk_registration", "public"): {
        **_registration("public"),
        "confirm_representative": (of(COUNTERPART, roles=FILING), 422),
        # Taken by the provider for which its representative filed; here the provider filed itself, and the representative holds that
        # capacity too: it is told so.
        "update_by_provider": (of(COUNTERPART, roles=SIGNING), 422),
        "declare_error_by_provider": (of(COUNTERPART, roles=SIGNING), 422),
        "reply_by_provider": (of(COUNTERPART, roles=FILING), 422),
    },
    ("high_risk_registration", "secure"): {
        **_registration("secure"),
        "confirm_representative": (NOBODY, 0),
        "update_by_provider": (NOBODY, 0),
        "declare_error_by_provider": (NOBODY, 0),
        "reply_by_provider": (NOBODY, 0),
    },
    ("exempt_registration", "exempt"): {
        **_registration("exempt"),
        "confirm_representative": (NOBODY, 0),
        "update_by_provider": (NOBODY, 0),
        "declare_error_by_provider": (NOBODY, 0),
        "reply_by_provider": (NOBODY, 0),
    },
    ("exempt_registration", "biometric"): {
        "question": (_SUPERVISORS["biometric"], 422),
        "erase": (_HIDERS["biometric"], 422),
    },
    ("high_risk_registration", "union"): {"flag": (_SUPERVISORS["union"], 422), "withhold": (_HIDERS["union"], 422)},
    ("use_registration", "use"): {
        **_registration("use"),
        # Only a use that was held is completed or given up: 409 tells the filer so.
        "complete": (of(FILER, roles=SIGNING), 409),
        "give_up": (of(FILER, roles=FILING), 409),
    },
    ("use_registration", "secure use"): _registration("secure use"),
    ("use_registration", "held"): {
        "complete": (of(FILER, roles=SIGNING), 422),
        "give_up": (of(FILER, roles=FILING), 422),
        "flag": (of(AUTHORITY, *STAFF, roles=FILING), 409),
    },
    ("use_registration", "secure held"): {
        "complete": (of(FILER, roles=SIGNING), 422),
        "give_up": (of(FILER, roles=FILING), 422),
        "flag": (of(EIGHT_CLEARED, OFFICE_CLEARED, roles=FILING), 409),
    },
    ("mandate", "mandate"): {
        "confirm": (_REPRESENTED, 409),
        "decline": (_REPRESENTED, 409),
        "retract": (of(FILER, roles=SIGNING), 409),
        "end": (_REPRESENTED | of(FILER, roles=SIGNING), 422),
        "terminate": (_REPRESENTED, 422),
    },
    ("operator_admission", "application"): {
        "correct": (_SIGNING_APPLICANT, 422),
        "send_again": (_APPLICANT, 200),
        "prove_by_code": (_APPLICANT, 422),
        "prove_by_seal": (_APPLICANT, 422),
        "sign": (_SIGNING_APPLICANT, 409),
        "amend": (_SIGNING_APPLICANT, 409),
        "give_up": (_APPLICANT, 200),
        "refuse": (_OFFICE_SIGNS, 422),
        "withdraw": (_OFFICE_SIGNS, 409),
    },
    ("capacity_grant", "capacity"): {"end": (_OFFICE_SIGNS | of(CONTACT_POINT, roles=SIGNING), 422)},
    ("secure_access", "access"): {"end": (_OFFICE_SIGNS, 422)},
    ("impersonation_report", "report"): {"dismiss": (_OFFICE_SIGNS, 422), "uphold": (_OFFICE_SIGNS, 422)},
    ("identity_hearing", "hearing"): {"answer": (of(FROZEN, roles=FILING), 422), "ask": (_OFFICE, 422)},
}
"""Steps on a case of the world: who may, and what an empty form then gets (422), or the wrong state (409)."""


def rows() -> Iterator[Row]:
    """Every row of the API."""
    for name, args in PUBLIC.items():
        yield Row("GET", name, EVERYONE, out=200, args=args)
    for name, body in PUBLIC_POSTS.items():
        yield Row("POST", name, EVERYONE, out=200, data=dict(body))
    yield Row("GET", "list_cases", EVERYONE, out=401)
    yield Row("GET", "read_me", EVERYONE, out=401)
    yield Row("GET", "list_reads", AUDITORS, out=401, otherwise=403)
    for thing, readers in READERS.items():
        yield Row("GET", "read_case", readers, out=401, args={"case_id": thing})
        yield Row("GET", "read_receipt", readers, out=401, args={"case_id": thing, "sequence": "1"})
        yield Row("GET", "print_receipt", readers, out=401, args={"case_id": thing, "sequence": "1"})
    yield Row("GET", "read_document", READERS["public"], out=401, args={"document_id": "document"})
    yield Row("GET", "read_document", of(FILER), out=401, args={"document_id": "secure document"})
    yield Row("GET", "read_document", NOBODY, out=401, args={"document_id": "nothing"})
    yield Row("POST", "upload_document", _ALL_FILING, 201, out=401, otherwise=403, data=_file())
    # A body of lines: what a caller may not do is said of each line, so here it is the media type that nobody gets past.
    yield Row("POST", "file_batch", EVERYONE, 415, out=415, data={})
    yield from _webhooks()
    for name, may in OPENING.items():
        yield Row("POST", name, may, 422, out=401, otherwise=403, data={})
    for (slug, thing), steps in ON_CASE.items():
        for step, (may, ok) in steps.items():
            yield Row("POST", f"{slug}_{step}", may, ok, READERS[thing], out=401, args={"case_id": thing}, data={})
    # The same step on what is not there, for one step of each procedure.
    for slug, steps in {slug: steps for (slug, _thing), steps in ON_CASE.items()}.items():
        yield Row("POST", f"{slug}_{next(iter(steps))}", NOBODY, out=401, args={"case_id": "nothing"}, data={})


def _webhooks() -> Iterator[Row]:
    signing = frozenset(caller for caller in EVERYONE if caller.endswith("/signatory"))
    yield Row("GET", "list_webhooks", signing, out=401, otherwise=403)
    yield Row("POST", "add_webhook", signing, 422, out=401, otherwise=403, data={})
    filer = of(FILER, roles=SIGNING)
    foreign = dict.fromkeys(signing - filer, 404)
    hook = {"webhook_id": "webhook"}
    for method, name, ok in (
        ("GET", "read_webhook", 200),
        ("GET", "list_webhook_deliveries", 200),
        ("POST", "renew_webhook_secret", 200),
        ("POST", "test_webhook", 202),
        ("DELETE", "remove_webhook", 200),
    ):
        yield Row(method, name, filer, ok, out=401, otherwise=403, args=hook, special=foreign)
    yield Row(
        "PATCH",
        "change_webhook",
        filer,
        422,
        out=401,
        otherwise=403,
        args=hook,
        special=foreign,
        data={"url": "http://x"},
    )
    again = {**hook, "delivery_id": "delivery"}
    yield Row("POST", "send_webhook_again", filer, 202, out=401, otherwise=403, args=again, special=foreign)


def _file() -> tuple[bytes, str]:
    head = b'--part\r\nContent-Disposition: form-data; name="file"; filename="matrix.pdf"\r\n'
    body = head + b"Content-Type: application/pdf\r\n\r\n" + PDF + b"\r\n--part--\r\n"
    return body, "multipart/form-data; boundary=part"


def content(data: Any) -> tuple[bytes, str]:
    """Body and media type of a row's data."""
    import json

    if data is None:
        return b"", ""
    return data if isinstance(data, tuple) else (json.dumps(data).encode(), "application/json")
