"""A field is drawn from its members alone: one contract for what the kernel binds and for the forms of sign-in."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from aioffice.doors.web.templatetags import _django_forms, _forms
from tests.doors.web import gallery


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def draw(field: object) -> str:
    return engines["django"].from_string("{% load office_ui %}{% field f %}").render({"f": field})


def test_a_mapping_serves_as_well_as_an_object() -> None:
    members = {"name": "provider.name", "label": "Name", "value": "Kolibri", "required": True}
    assert draw(members) == draw(SimpleNamespace(**members))


def test_the_id_follows_from_the_name() -> None:
    assert _forms.field_id({"name": "members.0.e_mail"}) == "f-members-0-e-mail"
    assert _forms.field_id({"name": "a", "id": "own"}) == "own"


def test_help_error_and_budget_describe_the_input() -> None:
    field = gallery.ask("a", "A", help="Why", error="Wrong.", widget="longtext", max_length=10)
    assert _forms.drawing(field)["described"] == "f-a-help f-a-budget f-a-error"
    html = draw(field)
    for suffix in ("help", "budget", "error"):
        assert html.count(f'id="f-a-{suffix}"') == 1
    assert 'aria-invalid="true"' in html


def test_a_text_is_never_cut_short_by_the_browser() -> None:
    assert "maxlength" not in draw(gallery.ask("a", "A", widget="longtext", max_length=10))


def test_a_widget_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="provider: no widget named 'slider'"):
        _forms.drawing({"name": "provider", "widget": "slider"})


@pytest.mark.parametrize("widget", sorted(_forms.WIDGETS))
def test_every_widget_escapes_what_was_typed(widget: str) -> None:
    evil = '"><script>x</script>'
    field = gallery.ask("a", evil, widget=widget, value=evil, error=evil, help=evil, provision=evil,
                        choices=[(evil, evil, True)], children=[gallery.ask("a.b", evil)],
                        rows=[SimpleNamespace(name="a.0", label=evil, fields=[gallery.ask("a.0.b", evil)])])  # fmt: skip
    assert "<script" not in draw(field)


def test_a_password_is_never_sent_back() -> None:
    class Login(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

    form = Login({"password": "correct horse"})
    assert "correct horse" not in draw(next(_django_forms.fields_of(form)))


def test_django_fields_become_fields_of_the_office() -> None:
    class Account(forms.Form):
        email = forms.EmailField(label="E-mail", help_text="Where notices go")
        keep = forms.BooleanField(required=False, initial=True)
        kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect, initial="b")
        key = forms.CharField(widget=forms.HiddenInput, initial="k")

    email, keep, kind, key = _django_forms.fields_of(Account({"email": "ana", "kind": "b"}))
    assert (email["widget"], email["value"], email["required"]) == ("email", "ana", True)
    assert email["error"] == "Enter a valid email address."
    assert (keep["widget"], keep["required"]) == ("checkbox", False)
    assert kind["choices"] == [("a", "A", False), ("b", "B", True)]
    assert (key["widget"], key["id"]) == ("hidden", "id_key")


def test_errors_are_gathered_from_groups_and_rows_in_the_order_of_the_page() -> None:
    found = [(error["id"], error["message"]) for error in _forms.errors_of(gallery.form())]
    assert found == [
        ("f-system-trade-name", "Say how the system is called on the market."),
        ("f-system-purpose", "40 characters too many: at most 200."),
        ("f-provider-kind", "Choose one."),
        ("f-members-0-email", "An e-mail address has an @ sign."),
    ]


def test_every_error_leads_to_an_element_of_the_page() -> None:
    html = gallery.render()
    for error in _forms.errors_of(gallery.form()):
        assert f'href="#{error["id"]}"' in html
        assert f'id="{error["id"]}"' in html


def test_a_field_with_an_error_is_never_hidden() -> None:
    conditions = (("status", ("market",)),)
    relevant = _forms.drawing(gallery.ask("a", "A", relevant_when=conditions))["relevant_when"]
    assert json.loads(str(relevant)) == [["status", ["market"]]]
    assert _forms.drawing(gallery.ask("a", "A", relevant_when=conditions, error="Wrong."))["relevant_when"] == ""


def test_the_filer_is_told_what_is_not_published() -> None:
    assert "Not published" in draw(gallery.ask("a", "A", public=False))
    assert "Not published" not in draw(gallery.ask("a", "A", public=True))
    assert "Not asked by Annex VIII" in draw(gallery.ask("a", "A", not_annex_viii=True))


def test_rows_are_added_and_removed_by_buttons_that_send_the_form() -> None:
    field = gallery.ask(
        "members", "Member", widget="rows", rows=[SimpleNamespace(name="members.0", label="", fields=[])]
    )
    html = " ".join(draw(field).split())
    assert 'name="_remove" value="members.0" formnovalidate' in html
    assert 'name="_add" value="members" formnovalidate' in html
    field.may_add = False
    assert "_add" not in draw(field)


def test_an_e_mail_address_is_called_so_wherever_it_is_asked_for() -> None:
    class Package(forms.Form):
        login = forms.EmailField(label="Email", widget=forms.TextInput(attrs={"autocomplete": "email"}))
        code = forms.CharField(label="Code")

    assert [field["label"] for field in _django_forms.fields_of(Package())] == ["E-mail address", "Code"]
    with translation.override("fr"):
        assert next(_django_forms.fields_of(Package()))["label"] == "Adresse électronique"
