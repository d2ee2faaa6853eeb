"""Forms of Django and allauth (sign-in, passwords, keys) as the fields that our templates draw."""

from collections.abc import Iterator

from django.forms import BaseForm, BoundField, widgets
from django.utils.safestring import SafeString
from django.utils.translation import gettext

# The first class that fits decides: EmailInput is also a TextInput.
_WIDGETS: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.HiddenInput, "hidden"),
    (widgets.PasswordInput, "password"),
    (widgets.EmailInput, "email"),
    (widgets.URLInput, "url"),
    (widgets.NumberInput, "number"),
    (widgets.CheckboxInput, "checkbox"),
    (widgets.Textarea, "longtext"),
    (widgets.RadioSelect, "radios"),
    (widgets.Select, "select"),
    (widgets.TextInput, "text"),
)


def fields_of(form: BaseForm) -> Iterator[dict[str, object]]:
    """Every field of a Django form with the members of :mod:`._forms`."""
    for bound in form:
        yield _field(bound)


def _field(bound: BoundField) -> dict[str, object]:
    widget = bound.field.widget
    kind = next((name for known, name in _WIDGETS if isinstance(widget, known)), "text")
    value = "" if kind == "password" else bound.value()
    choices = getattr(bound.field, "choices", ())
    return {
        "name": bound.html_name,
        "id": bound.auto_id,
        # one word for it on all pages, whatever the package calls it
        "label": gettext("E-mail address") if widget.attrs.get("autocomplete") == "email" else bound.label,
        # Plain text of a package is escaped by the template; what it marked safe (a link, a list) stays HTML.
        "help": SafeString(bound.help_text) if hasattr(bound.help_text, "__html__") else str(bound.help_text),
        "required": bound.field.required,
        "widget": kind,
        "value": value,
        "choices": [(code, label, str(code) == str(value)) for code, label in choices],
        "error": " ".join(str(error) for error in bound.errors),
        "autocomplete": widget.attrs.get("autocomplete", ""),
        "inputmode": widget.attrs.get("inputmode", ""),
    }
