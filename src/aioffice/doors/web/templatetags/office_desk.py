"""Words of the signed-in pages: provisions and roles."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from aioffice.doors.web.templatetags._provisions import provision_links
from aioffice.kernel.parties.vocabulary import Role

register = template.Library()


@register.filter
def provision(basis: str) -> SafeString:
    """A step's basis as people read it, linked: `49(1)` is an Article, `house: …` a rule of the Office where the Act has none."""
    return provision_links(str(basis))


@register.filter
def role_name(code: str) -> str:
    """A role in words: what it is called and what it may do."""
    return str(Role(code).label) if code in Role.values else str(code)
