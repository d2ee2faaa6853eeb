"""Addresses of the signed-in office, below `/{language}/office/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from aioffice.doors.web.office import (
    case,
    cases,
    chooser,
    clocks,
    documents,
    forms,
    founding,
    messages,
    organisation,
    people,
    receipts,
    slashes,
    today,
    tokens,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="office_today"),
    path("cases/", cases.cases, name="office_cases"),
    path("cases.csv", cases.cases_csv, name="office_cases_csv"),
    path("cases/<uuid:case_id>/", case.case, name="office_case"),
    path("cases/<uuid:case_id>/records/<int:sequence>/receipt.json", receipts.receipt, name="office_receipt"),
    path("cases/<uuid:case_id>/records/<int:sequence>/receipt.pdf", receipts.printed, name="office_receipt_pdf"),
    path("cases/<uuid:case_id>/letter.txt", case.letter, name="office_letter"),
    path("cases/<uuid:case_id>/<str:name>/", forms.on_case, name="office_step"),
    path("cases/<uuid:case_id>/<str:name>/draft/", forms.draft_on_case, name="office_step_draft"),
    path("file/", chooser.chooser, name="office_file"),
    path("file/<str:slug>/<str:name>/", forms.opening, name="office_opening"),
    path("file/<str:slug>/<str:name>/draft/", forms.opening_draft, name="office_opening_draft"),
    path("drafts/<uuid:draft_id>/delete/", chooser.discard, name="office_draft_delete"),
    path("documents/<uuid:document_id>/", documents.document, name="office_document"),
    path("organisation/", organisation.organisation, name="office_organisation"),
    path("organisation/new/", founding.found, name="office_found"),
    path("organisation/switch/", organisation.switch, name="office_switch"),
    path("organisation/people/", people.people, name="office_people"),
    path("organisation/people/invite/", people.invite, name="office_invite"),
    path("organisation/people/<uuid:membership_id>/", people.member, name="office_member"),
    path("organisation/people/<uuid:membership_id>/remove/", people.remove, name="office_member_remove"),
    path("organisation/invitations/<uuid:invitation_id>/withdraw/", people.withdraw, name="office_invitation_withdraw"),
    path("invitations/<uuid:invitation_id>/accept/", people.accept, name="office_invitation_accept"),
    path("invitations/<uuid:invitation_id>/decline/", people.decline, name="office_invitation_decline"),
    path("organisation/tokens/", tokens.tokens, name="office_tokens"),
    path("organisation/tokens/new/", tokens.create, name="office_token_new"),
    path("organisation/tokens/<uuid:token_id>/revoke/", tokens.revoke, name="office_token_revoke"),
    path("organisation/calendar/", clocks.calendar, name="office_calendar"),
    path("calendar/<str:key>.ics", clocks.feed, name="office_calendar_feed"),
    path("messages/", messages.messages, name="office_messages"),
    path("messages/read-all/", messages.read_all, name="office_messages_read_all"),
    path("messages/<uuid:notice_id>/<uuid:case_id>/", messages.message, name="office_message"),
    path("<path:rest>", slashes.elsewhere, name="office_elsewhere"),
]
