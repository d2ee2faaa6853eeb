"""What Pydantic found, in plain words: what is wrong and what would be right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic_core import ErrorDetails


def sentence(fault: ErrorDetails) -> str:
    """Return one sentence for one fault."""
    kind = fault["type"]
    context: dict[str, Any] = dict(fault.get("ctx") or {})
    match kind:
        case "missing" | "string_too_short" | "too_short" if context.get("min_length", 1) == 1:
            return _("This is needed and was left out.")
        case "string_too_short":
            return _("This is too short: write at least %(n)s characters.") % {"n": context["min_length"]}
        case "string_too_long":
            return _("This is too long: %(n)s characters at the most.") % {"n": context["max_length"]}
        case "too_long":
            return _("These are too many: %(n)s at the most.") % {"n": context["max_length"]}
        case "extra_forbidden":
            return _("This field is not asked for here. Check its name, or leave it out.")
        case "literal_error" | "enum":
            return _("This is not one of the choices. Use one of: %(choices)s.") % {
                "choices": context.get("expected", "")
            }
        case "value_error":
            return str(context.get("error", fault["msg"]))
        case "string_type":
            return _("Write text here.")
        case "bool_type" | "bool_parsing":
            return _("Answer yes or no.")
        case "list_type":
            return _("Send a list here, with one value per entry.")
        case "model_type" | "model_attributes_type" | "dict_type":
            return _("Send a group of fields here, as an object.")
        case _ if kind.startswith(("date", "datetime")):
            return _("Write a date as year-month-day, for example 2026-11-23.")
        case _ if kind.startswith("int"):
            return _("Write a whole number.")
        case _ if kind.startswith("url"):
            return _("Write a full web address, starting with https://.")
        case _ if kind.startswith("uuid"):
            return _("This is not an identifier given by this office.")
        case _:
            return fault["msg"]
