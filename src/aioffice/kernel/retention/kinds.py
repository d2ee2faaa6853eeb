"""The kinds of records whose end an operator may set. A list of its own, since settings are read before any room has declared its kinds."""

SETTABLE = (
    "audit-trail",
    "calendar-addresses",
    "case-files",
    "drafts",
    "invitations",
    "messages",
    "reads",
    "tokens",
    "unused-documents",
)
"""Those that end by a person's decision; a test holds the list against what the rooms declare."""
