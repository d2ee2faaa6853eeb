"""The pages' half of the permission matrix: the public site, the office behind the sign-in, and the account pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.support.matrix import ADMINISTERING, AUDITORS, EVERYONE, FILING, NOBODY, READERS, STAFF, Callers, Row, of
from tests.support.matrix_api import OPENING
from tests.support.matrix_world import (
    ANONYMOUS,
    AUDITOR,
    AUTHORITY,
    CONTACT_POINT,
    COUNTERPART,
    EIGHT_CLEARED,
    ENDED,
    FILER,
    FROZEN,
    LEFT,
    NOBODYS,
    OFFICE_CLEARED,
    OPERATORS,
    RIVAL,
    SHUT_OUT,
    UNADMITTED,
)

PUBLIC: Mapping[str, Mapping[str, str]] = {
    "health": {},
    "health_live": {},
    "status": {},
    "status_json": {},
    "robots": {},
    "sitemap": {},
    "sitemap_of_pages": {},
    "sitemap_of_entries": {"part": "0"},
    "result_keys": {},
    "ledger_checkpoint": {},
    "ledger_tile": {"place": "0/000.p/1"},
    "ledger_publications": {},
    "ledger_key": {},
    "ledger_verifier": {},
    "home": {},
    "register": {},
    "entry": {"number": "public number"},
    "entry_proof": {"number": "public number"},
    "version_proof": {"number": "public number", "n": "1"},
    "ledger": {},
    "version": {"number": "public number", "n": "1"},
    "bibtex": {"number": "public number", "n": "1"},
    "changes": {"number": "public number", "n": "1", "m": "1"},
    "document": {"digest": "digest", "filename": "filename"},
    "feed_new": {},
    "feed_changed": {},
    "secure_section": {},
    "check": {},
    "time_limits": {},
    "time_limit": {"limit": "GL-6"},
    "act": {},
    "act_coverage": {},
    "act_provision": {"provision": "article-5"},
    "act_rule": {"name": "5-1-f"},
    "act_duty": {"name": "26-5"},
    "opensearch": {},
    "about": {},
    "accessibility": {},
    "privacy": {},
    "api": {},
}
"""Public pages, with arguments that lead to something. They look at no cookie: everyone gets the same."""
PUBLIC_POSTS: Mapping[str, Mapping[str, str]] = {"check": {"do": "result"}}
"""Public pages that compute with what they are sent and keep nothing: no sign-in, and so no token against forged forms."""
PUBLIC_TAKING = ("ledger_add_checkpoint", "ledger_cosignatures")
"""Public addresses that take what holds by its signature, whoever sends it: nothing is asked of the sender, and nothing is told."""
PUBLIC_ELSEWHERE: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "front_door": (302, {}),
    "compare": (302, {"number": "public number"}),
    "api/v1/<path:rest>": (404, {}),
    "api-v1:api-root": (404, {}),
    "^api(?:/|$)": (404, {}),
}
"""Public addresses that lead on, or nowhere."""

ALL = EVERYONE | {ENDED}
_ALL_FILING = frozenset(name for name in EVERYONE if name.endswith(("/editor", "/signatory"))) | {ENDED}
_ADMINISTRATORS = frozenset(name for name in EVERYONE if name.endswith("/administrator"))
_FILER_PREPARES = of(FILER, roles=FILING)
_SECURE_SUPERVISORS = of(EIGHT_CLEARED, OFFICE_CLEARED, roles=FILING)

STEPS: Mapping[tuple[str, str], tuple[Callers, int]] = {
    ("flag", "public"): (of(AUTHORITY, *STAFF, roles=FILING), 200),
    ("flag", "secure"): (_SECURE_SUPERVISORS, 200),
    ("question", "secure use"): (_SECURE_SUPERVISORS, 200),
    ("update", "public"): (_FILER_PREPARES, 200),
    ("update", "secure"): (_FILER_PREPARES, 200),
    ("erase", "public"): (of(*STAFF, roles=FILING), 200),
    ("erase", "secure"): (of(OFFICE_CLEARED, roles=FILING), 200),
    ("withhold", "public"): (of(*STAFF, roles=FILING), 200),
    ("withhold", "secure"): (of(OFFICE_CLEARED, roles=FILING), 200),
    ("confirm_representative", "public"): (of(COUNTERPART, roles=FILING), 200),
    ("complete", "secure held"): (_FILER_PREPARES, 200),
    ("refuse", "application"): (of(*STAFF, roles=FILING), 200),
    ("sign", "application"): (of(UNADMITTED, roles=FILING), 409),
    ("end", "clearance"): (of(*STAFF, roles=ADMINISTERING), 200),
    ("end", "capacity"): (of(CONTACT_POINT, *STAFF, roles=FILING), 200),
    ("dismiss", "report"): (of(*STAFF, roles=FILING), 200),
    ("answer", "hearing"): (of(FROZEN, roles=FILING), 200),
}
"""Forms on a case: who may take the step or prepare it for a colleague, and what opening the form gets."""


def _with_editors(callers: Callers) -> Callers:
    """Whoever may sign, and the editors of the same organisation, who prepare."""
    return callers | {name.replace("/signatory", "/editor") for name in callers}


OPENINGS: Mapping[tuple[str, str], Callers] = {
    # Whoever asks for admission prepares what it will file then; filing is refused in the API's half.
    ("high-risk-registration", "file"): _with_editors(OPENING["high_risk_registration_file"])
    | of(UNADMITTED, roles=FILING),
    ("use-registration", "hold"): _with_editors(OPENING["use_registration_hold"]) | of(UNADMITTED, roles=FILING),
    ("operator-admission", "apply"): _ALL_FILING,
    ("impersonation-report", "report"): _ALL_FILING,
    ("capacity-grant", "grant"): _with_editors(OPENING["capacity_grant_grant"]),
    ("secure-access", "grant"): _with_editors(OPENING["secure_access_grant"]),
    ("staff-clearance", "clear"): of(*STAFF, roles=ADMINISTERING),
}
"""Forms that open a case: who may file or prepare. Everyone else is told that they may not."""


def rows() -> Iterator[Row]:
    """Every row of the office."""
    yield from _lists()
    yield from _cases()
    yield from _forms()
    yield from _organisation()
    yield from _operations()
    yield Row("GET", "office_elsewhere", NOBODY, args={"rest": "no/such/page/"})


def _lists() -> Iterator[Row]:
    for name in ("office_today", "office_cases", "office_cases_csv", "office_messages"):
        yield Row("GET", name, ALL, homeless=200)
    yield Row("GET", "office_file", ALL, homeless=302)
    yield Row("GET", "office_from_answer", ALL, homeless=302)
    yield Row("POST", "office_from_answer", ALL, 422, homeless=302, data={})
    yield Row("GET", "office_keeping", of(*STAFF), otherwise=403)
    signs = of(*STAFF, roles=("signatory",))
    yield Row("POST", "office_keeping_hold", signs, 422, otherwise=403, data={})
    yield Row(
        "POST",
        "office_keeping_lift",
        NOBODY,
        sees=EVERYONE,
        otherwise=403,
        args={"hold_id": "nothing"},
        special=dict.fromkeys(signs, 404),
    )
    for proposal, staff in (("proposal", 200), ("nothing", 404)):
        args = {"proposal_id": proposal}
        found = dict.fromkeys(of(*STAFF), staff)
        yield Row("GET", "office_keeping_proposal", NOBODY, otherwise=403, args=args, special=found)
    # A decision names the proposal as it was looked at; without that there is none.
    undecided = dict.fromkeys(of(*STAFF), 404)
    yield Row(
        "POST",
        "office_keeping_proposal",
        NOBODY,
        otherwise=403,
        args={"proposal_id": "proposal"},
        special=undecided,
        data={},
    )
    yield Row("GET", "office_reads", AUDITORS, otherwise=403)
    yield Row("GET", "office_reads", AUDITORS, 422, otherwise=403, query="day=soon")
    yield Row("GET", "office_reads_csv", AUDITORS, otherwise=403)
    yield Row("POST", "office_messages_read_all", ALL, 302, homeless=302)


def _cases() -> Iterator[Row]:
    for thing, readers in READERS.items():
        yield Row("GET", "office_case", readers, args={"case_id": thing})
        yield Row("GET", "office_receipt", readers, args={"case_id": thing, "sequence": "1"})
        yield Row("GET", "office_receipt_pdf", readers, args={"case_id": thing, "sequence": "1"})
    for thing in ("held", "secure held"):
        yield Row("GET", "office_letter", READERS[thing], args={"case_id": thing})
    yield Row("GET", "office_letter", NOBODY, args={"case_id": "public"})
    yield Row("GET", "office_document", READERS["public"], args={"document_id": "document"})
    yield Row("GET", "office_document", of(FILER), args={"document_id": "secure document"})
    # The address names the case too: whoever may see it is led there, and the message of others stays unread.
    yield Row("GET", "office_message", READERS["public"], 302, args={"notice_id": "notice", "case_id": "public"})
    for notice in ("secure notice", "secure office notice"):
        yield Row("GET", "office_message", READERS["secure"], 302, args={"notice_id": notice, "case_id": "secure"})


def _forms() -> Iterator[Row]:
    for (name, thing), (may, ok) in STEPS.items():
        args = {"case_id": thing, "name": name}
        yield Row("GET", "office_step", may, ok, READERS[thing], args=args)
        yield Row("POST", "office_step", may, 422, READERS[thing], args=args, data={})
    yield Row("GET", "office_step", NOBODY, args={"case_id": "public", "name": "no_such_step"})
    # What a service does, nobody does by hand.
    yield Row("GET", "office_step", NOBODY, sees=READERS["hearing"], args={"case_id": "hearing", "name": "clear"})
    for (slug, name), may in OPENINGS.items():
        args = {"slug": slug, "name": name}
        yield Row("GET", "office_opening", may, otherwise=403, args=args)
        yield Row("POST", "office_opening", may, 422, otherwise=403, args=args, data={})
    yield Row("GET", "office_opening", NOBODY, args={"slug": "nl-algorithm-register", "name": "take_over"})
    for name, thing in (("update", "public"), ("update", "secure"), ("flag", "secure")):
        filing = STEPS[name, thing][0]
        args = {"case_id": thing, "name": name}
        yield Row(
            "POST",
            "office_step_draft",
            filing,
            otherwise=409,
            sees=READERS[thing],
            refused=409,
            out=401,
            args=args,
            data={},
        )
    for slug, name in (("high-risk-registration", "file"), ("secure-access", "grant")):
        args = {"slug": slug, "name": name}
        yield Row("POST", "office_opening_draft", OPENINGS[slug, name], otherwise=409, out=401, args=args, data={})
    for draft, may in (
        ("draft", of(FILER, roles=FILING)),
        ("secure draft", of(FILER, roles=FILING)),
        ("secure office draft", of(OFFICE_CLEARED, roles=FILING)),
        ("secure authority draft", of(EIGHT_CLEARED, roles=FILING)),
    ):
        yield Row("POST", "office_draft_delete", may, 302, args={"draft_id": draft})


def _operations() -> Iterator[Row]:
    """How the office is doing: administrators of the AI Office; queues, which move with every filing, for those who are cleared."""
    may, cleared = of(*STAFF, roles=ADMINISTERING), of(OFFICE_CLEARED, roles=ADMINISTERING)
    yield Row("GET", "office_operations", may, otherwise=403)
    yield Row("POST", "office_operations", may, 422, otherwise=403, data={})
    # There is no such job: whoever may look is told so.
    yield Row(
        "POST", "office_job_retry", NOBODY, otherwise=403, args={"job_id": "1"}, special=dict.fromkeys(cleared, 404)
    )
    nothing = {"announcement_id": "0193a000-0000-7000-8000-000000000000"}
    yield Row("POST", "office_announcement_end", NOBODY, otherwise=403, args=nothing, special=dict.fromkeys(may, 404))


def _organisation() -> Iterator[Row]:
    without_right = dict.fromkeys(of(*OPERATORS, roles=(AUDITOR,)), 302)
    yield Row("GET", "office_organisation", ALL, homeless=302, special=without_right)
    yield Row("GET", "office_people", ALL, homeless=302)
    founding = of(UNADMITTED, roles=ADMINISTERING)
    yield Row("GET", "office_found", ALL, homeless=200, special=dict.fromkeys(founding, 302))
    yield Row("POST", "office_found", ALL, 422, homeless=422, special=dict.fromkeys(founding, 302), data={})
    yield Row("POST", "office_switch", ALL, 302, homeless=302, data={"organisation": "rival organisation"})
    not_yet = dict.fromkeys(founding, 409)
    yield Row("GET", "office_invite", _ADMINISTRATORS, otherwise=403, special=not_yet)
    yield Row("POST", "office_invite", _ADMINISTRATORS, 422, otherwise=403, special=not_yet, data={})
    yield Row("GET", "office_token_new", _ADMINISTRATORS, otherwise=403)
    yield Row("POST", "office_token_new", _ADMINISTRATORS, 422, otherwise=403, data={})
    yield Row("GET", "office_tokens", _ADMINISTRATORS, otherwise=403)
    yield Row("GET", "office_calendar", _ADMINISTRATORS, otherwise=403)
    yield Row("POST", "office_calendar", _ADMINISTRATORS, otherwise=403, data={})
    yield Row("GET", "office_webhooks", _ADMINISTRATORS, otherwise=403)
    yield Row("GET", "office_webhook_new", _ADMINISTRATORS, otherwise=403)
    yield Row("POST", "office_webhook_new", _ADMINISTRATORS, 422, otherwise=403, special=not_yet, data={})
    # Whoever has the secret of an address reads it, signed in or not; nobody has this one.
    yield Row("GET", "office_calendar_feed", NOBODY, out=404, args={"key": "key"})
    of_filer = of(FILER, roles=ADMINISTERING)
    foreign = dict.fromkeys(_ADMINISTRATORS - of_filer, 404)
    yield Row("GET", "office_member", of_filer, otherwise=403, args={"membership_id": "membership"}, special=foreign)
    yield Row(
        "POST",
        "office_member",
        of_filer,
        422,
        otherwise=403,
        args={"membership_id": "membership"},
        special=foreign,
        data={},
    )
    hook = {"webhook_id": "webhook"}
    for name in ("office_webhook", "office_webhook_change"):
        yield Row("GET", name, of_filer, otherwise=403, args=hook, special=foreign)
    yield Row("POST", "office_webhook_change", of_filer, 422, otherwise=403, args=hook, special=foreign, data={})
    yield Row("POST", "office_webhook_rotate", of_filer, 200, otherwise=403, args=hook, special=foreign)
    for name in ("office_webhook_test", "office_webhook_remove"):
        yield Row("POST", name, of_filer, 302, otherwise=403, args=hook, special=foreign)
    again = {**hook, "delivery_id": "delivery"}
    yield Row("POST", "office_webhook_send_again", of_filer, 302, otherwise=403, args=again, special=foreign)
    asked = {"invitation_id": "invitation"}
    yield Row("POST", "office_invitation_withdraw", of_filer, 302, otherwise=403, args=asked, special=foreign)
    for name in ("office_invitation_accept", "office_invitation_decline"):
        yield Row("POST", name, frozenset({NOBODYS}), 302, args=asked)
    # Colleagues who may not are led back with the reason; what happened is looked at in a test of its own.
    yield Row("POST", "office_member_remove", of(FILER), 302, args={"membership_id": "membership"})
    yield Row("POST", "office_token_revoke", of_filer, 302, otherwise=403, args={"token_id": "token"}, special=foreign)


ACCOUNT_CALLERS = (
    ANONYMOUS,
    SHUT_OUT,
    NOBODYS,
    LEFT,
    ENDED,
    f"{FILER}/reader",
    f"{RIVAL}/administrator",
    f"{OFFICE_CLEARED}/editor",
)
"""An account is a person's, whatever the organisation: these stand for everybody."""
PUBLIC_CALLERS = (ANONYMOUS, NOBODYS, f"{FILER}/signatory", f"{OFFICE_CLEARED}/editor", f"{AUTHORITY}/reader")

ACCOUNT: Mapping[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "account_corner": ((200, 200), (405, 405)),
    "account_login": ((200, 302), (200, 302)),
    "account_logout": ((302, 200), (302, 302)),
    "account_inactive": ((200, 200), (405, 405)),
    "account_signup": ((200, 302), (200, 302)),
    "account_reauthenticate": ((302, 403), (302, 403)),
    "account_email": ((302, 200), (302, 302)),
    "account_email_verification_sent": ((200, 200), (405, 405)),
    "account_change_password": ((302, 302), (302, 302)),
    "account_set_password": ((302, 200), (302, 200)),
    "account_reset_password": ((200, 200), (200, 200)),
    "account_confirm_login_code": ((302, 302), (302, 302)),
    "account_confirm_email": ((200, 200), (404, 404)),
    "account_reset_password_from_key_done": ((200, 200), (405, 405)),
    "account_reset_password_from_key": ((200, 200), (200, 200)),
    "account_reset_password_done": ((200, 200), (405, 405)),
    "mfa_index": ((302, 200), (302, 405)),
    "mfa_authenticate": ((302, 302), (302, 302)),
    "mfa_reauthenticate": ((302, 403), (302, 403)),
    "mfa_activate_totp": ((302, 200), (302, 200)),
    "mfa_deactivate_totp": ((302, 404), (302, 404)),
    "mfa_view_recovery_codes": ((302, 404), (302, 405)),
    "mfa_generate_recovery_codes": ((302, 200), (302, 200)),
    "mfa_download_recovery_codes": ((302, 404), (302, 404)),
    "mfa_list_webauthn": ((302, 200), (302, 405)),
    "mfa_add_webauthn": ((302, 200), (302, 200)),
    "mfa_reauthenticate_webauthn": ((302, 403), (302, 403)),
    "mfa_remove_webauthn": ((302, 404), (302, 404)),
    "mfa_edit_webauthn": ((302, 404), (302, 404)),
    "mfa_login_webauthn": ((302, 302), (302, 302)),
    "socialaccount_login_cancelled": ((200, 200), (405, 405)),
    "socialaccount_login_error": ((401, 401), (405, 405)),
    "socialaccount_signup": ((302, 302), (302, 302)),
    "socialaccount_connections": ((302, 200), (302, 200)),
    "/account/social/login/cancelled/": ((301, 301), (301, 301)),
    "/account/social/login/error/": ((301, 301), (301, 301)),
    "/account/social/signup/": ((301, 301), (301, 301)),
    "/account/social/connections/": ((301, 301), (301, 301)),
    "openid_connect_login": ((404, 404), (404, 404)),
    "openid_connect_callback": ((404, 404), (404, 404)),
}
"""Account pages: what GET and POST answer to nobody and to somebody signed in. Those that change something ask for the password again
(403 and 302), show a form (200) or know of nothing to change (404); signing in with an identity provider is not set up (404)."""
_ACCOUNT_ARGS = {
    "account_confirm_email": {"key": "abc"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "abc"},
    "mfa_remove_webauthn": {"pk": "1"},
    "mfa_edit_webauthn": {"pk": "1"},
    "openid_connect_login": {"provider_id": "eu-login"},
    "openid_connect_callback": {"provider_id": "eu-login"},
}


def account_rows() -> Iterator[Row]:
    """Every row of the account pages."""
    for name, answers in ACCOUNT.items():
        for method, (out, signed_in) in zip(("GET", "POST"), answers, strict=True):
            yield Row(method, name, NOBODY, out=out, otherwise=signed_in, args=_ACCOUNT_ARGS.get(name, {}))


def public_taking_rows() -> Iterator[Row]:
    """What is sent there is judged alike: here it is nothing that can be read."""
    for name in PUBLIC_TAKING:
        yield Row("POST", name, NOBODY, out=400, otherwise=400)


def public_rows() -> Iterator[Row]:
    """Every row of the public site: one answer for all."""
    for name, args in PUBLIC.items():
        yield Row("GET", name, NOBODY, out=200, otherwise=200, args=args)
    for name, answers in PUBLIC_POSTS.items():
        yield Row("POST", name, NOBODY, out=200, otherwise=200, data=dict(answers))
    for name, (status, args) in PUBLIC_ELSEWHERE.items():
        yield Row("GET", name, NOBODY, out=status, otherwise=status, args=args)
