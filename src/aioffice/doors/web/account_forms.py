"""What signing up asks beside e-mail address and password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aioffice.kernel.parties.models import Person


class NamedSignup(forms.Form):
    """The name under which colleagues know the person; the language is that of the page."""

    field_order = ("name", "email", "password1", "password2")
    name = forms.CharField(
        max_length=200,
        label=_("Your name"),
        help_text=_("Colleagues in your organisation see it. It is not published."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Keep both with the new account."""
        user.name = " ".join(str(self.cleaned_data["name"]).split())
        user.language = (get_language() or "en")[:2]
        user.save(update_fields=["name", "language"])
