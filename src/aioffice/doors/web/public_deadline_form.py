"""What the page of a time limit asks: when it happened, where, and where the case decides, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aioffice.act.clocks.law import INCIDENT_LIMITS
from aioffice.act.periods import Unit
from aioffice.act.places import place, places
from aioffice.act.text import text
from aioffice.act.time_limits import TimeLimit, time_limit
from aioffice.doors.web.templatetags._names import state_name
from aioffice.kernel.clocks.asking import usual_place
from aioffice.kernel.sorting import by_name

type Field = dict[str, Any]

WRITTEN = {"period_set_by_authority", "sectoral_corrective_period", "log_retention"}
"""Settings of law that a page asks for as a length or a day."""


def fields(limit: TimeLimit, given: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    """What the page asks, with what is wrong at each; nothing where no answer would change anything."""
    found: list[Field] = []
    if limit.needs_event:
        found.append(_event(limit, given, wrong="from" in errors))
    if limit.needs_event or limit.date is not None:
        found.append(_place(limit, given))
    if widget := setting_widget(limit):
        found.append(_setting(limit, widget, given.get("setting", "")))
    if limit.repeats:
        found.append(_which(given))
    asked = {field["name"] for field in found}
    # What the page does not ask may still stand in the address; its error needs a place to lead to.
    hidden = [{"name": name, "label": "", "widget": "hidden", "value": ""} for name in errors if name not in asked]
    return [{**field, "error": errors.get(field["name"], "")} for field in found + hidden]


def setting_widget(limit: TimeLimit) -> str:
    """How the setting of law of a limit is asked for; empty where the page asks for none."""
    if limit.setting == "article_73_case":
        return "select"
    if limit.asks_cycle:
        return "date"
    return "text" if limit.setting in WRITTEN else ""


def place_name(code: str, language: str) -> str:
    """The name of a place in the language of the page."""
    found = place(code)
    return text(found.key, language) if found.is_institution else state_name(code)


def _event(limit: TimeLimit, given: Mapping[str, str], *, wrong: bool) -> Field:
    value, hours = given.get("from", ""), limit.unit is Unit.HOUR
    return {
        "name": "from",
        "label": _("When it happened, with the hour") if hours else _("When it happened"),
        "widget": "datetime-local" if hours else "date",
        "value": value if hours or wrong else value[:10],
        "help": capfirst(text(limit.trigger_key, get_language() or "en")),
        "required": limit.setting != "delegation_start",
    }


def _place(limit: TimeLimit, given: Mapping[str, str]) -> Field:
    language = get_language() or "en"
    chosen = given.get("place", "").upper() or usual_place(limit)
    return {
        "name": "place",
        "label": _("Where the action has to be taken"),
        "widget": "select",
        "choices": [(code, name, code == chosen) for code, name in _by_name(language)],
        "help": _("Its public holidays and its clock count."),
        "required": not usual_place(limit),
    }


def _which(given: Mapping[str, str]) -> Field:
    return {
        "name": "k",
        "label": _("Which one of those that follow each other"),
        "widget": "number",
        "value": given.get("k", ""),
        "help": _("1 is the first."),
        "required": False,
        "inputmode": "numeric",
    }


def _setting(limit: TimeLimit, widget: str, value: str) -> Field:
    labels = {
        "article_73_case": _("Which incident it is"),
        "period_set_by_authority": _("What the authority set"),
        "sectoral_corrective_period": _("Period in the product legislation, or set by the authority"),
        "log_retention": _("Another period, if the purpose or other law asks for one"),
    }
    field: Field = {
        "name": "setting",
        "label": labels.get(limit.setting, _("First day of the yearly cycle")),
        "widget": widget,
        "value": value,
        "required": False,
    }
    if widget == "text":
        field["help"] = _("For example 10 days, 15 working days or 6 months.")
    elif widget == "date":
        field["help"] = _("The Act names none.")
    else:
        keys = [(code, time_limit(code).trigger_key) for code in INCIDENT_LIMITS]
        language = get_language() or "en"
        field["choices"] = [(code, capfirst(text(key, language)), code == value) for code, key in keys]
    return field


def _by_name(language: str) -> list[tuple[str, str]]:
    """The Union's own places first, then the Member States by their names in the language of the page."""
    named = [(one.code, place_name(one.code, language)) for one in places()]
    union = [each for each in named if each[0] in ("EU", "EDPS")]
    return [*union, *by_name(each for each in named if each not in union)]
