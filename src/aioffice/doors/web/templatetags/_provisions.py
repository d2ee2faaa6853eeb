"""Provisions as people read them."""

from __future__ import annotations

from django.utils.translation import gettext as _


def provision_words(basis: str) -> str:
    """`49(1)` is an Article of the Act, `house: …` a rule of the Office where the Act has none; all else stays as it is."""
    head, colon, rest = basis.partition(":")
    if colon and head == "house":
        return _("rule of this Office where the Act leaves it open: %(rule)s") % {"rule": rest.strip()}
    if not basis[:1].isdigit():
        return basis
    several = "," in basis or " to " in basis
    return (_("Articles %(list)s") if several else _("Article %(list)s")) % {"list": basis}
