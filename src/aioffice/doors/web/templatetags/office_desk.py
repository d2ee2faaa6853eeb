"""Words of the signed-in pages: provisions and roles."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from aioffice.kernel.parties.vocabulary import Role

register = template.Library()


@register.filter
def provision(basis: str) -> str:
    """A step's basis as people read it: `49(1)` is an Article of the Act, `house: …` a rule of the Office where the Act has none."""
    head, colon, rest = str(basis).partition(":")
    if colon and head == "house":
        return _("rule of this Office, where the Act leaves it open (%(rule)s)") % {"rule": rest.strip()}
    if str(basis)[:1].isdigit():
        plural = "," in str(basis)
        return (_("Articles %(list)s") if plural else _("Article %(list)s")) % {"list": basis}
    return str(basis)


@register.filter
def role_name(code: str) -> str:
    """A role in words: what it is called and what it may do."""
    return str(Role(code).label) if code in Role.values else str(code)
