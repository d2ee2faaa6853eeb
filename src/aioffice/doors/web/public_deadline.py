"""What the page of one time limit shows: the answer, the form whose address holds the question, the steps, the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.clocks.deadlines import Deadline, Outcome, QuestionError
from aioffice.act.clocks.law import INCIDENT_LIMITS, SettingError
from aioffice.act.clocks.wording import day_words, moment_words, period_words, provision_words, rule_words, step_words
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.places import place, places
from aioffice.act.text import text
from aioffice.act.time_limits import Nature, TimeLimit
from aioffice.act.time_limits import time_limit as limit_of
from aioffice.doors.web.templatetags._names import state_name
from aioffice.kernel.clocks.asking import Question, answer

type Field = dict[str, Any]

_WRITTEN_SETTINGS = {"period_set_by_authority", "sectoral_corrective_period", "log_retention"}
"""Settings of law that a page asks for as a length or a day."""


def context(limit: TimeLimit, given: Mapping[str, str]) -> dict[str, Any]:
    """The context of the page for what its address asks."""
    language = get_language() or "en"
    asked = any(name in given for name in ("from", "place", "k", "setting"))
    found, errors = _answered(limit, given, asked=asked, language=language)
    form = _fields(limit, given, errors)
    return {
        "limit": limit,
        "heading": capfirst(text(limit.action_key, language)),
        "actor": capfirst(text(limit.actor_key, language)),
        "provision": provision_words(limit.basis, language),
        "fields": form,
        "form_errors": bool(errors),
        "answers": [shown(one, language, of=limit) for one in (found.alternatives or (found,))] if found else [],
        "case_decides": text(Outcome.CASE_DECIDES.key, language) if found and found.alternatives else "",
        "facts": _facts(limit, language),
    }


def _answered(
    limit: TimeLimit, given: Mapping[str, str], *, asked: bool, language: str
) -> tuple[Deadline | None, dict[str, str]]:
    """The answer, or what is wrong by field. Where nobody asked yet, an answer that needs no event stands there already."""
    needs_place = asked and limit.date is None and bool(_event_widget(limit))
    where = given.get("place", "").strip().upper() or ("" if needs_place and limit.acts_at == "MS" else _usual(limit))
    if not where:
        return None, {"place": _("Choose where the action has to be taken.")}
    law = _setting(limit, given.get("setting", ""))
    try:
        return answer(Question(limit.id, where, given.get("from", ""), given.get("k", ""), law)), {}
    except QuestionError as error:
        field = "from" if error.field == "event" else error.field
        return None, {field: text(f"question.error.{error.code}", language)} if asked else {}
    except SettingError:
        return None, {"setting": _("Write a number and a unit, such as 10 days, or a day such as 2027-03-05.")}
    except UnknownCodeError:
        return None, {"place": _("Choose a place of the list.")}
    except CalendarNotPublishedError as error:
        words = text("question.error.calendar", language)
        return None, {"from": words.format(first=error.first_year, last=error.last_year)}


def _usual(limit: TimeLimit) -> str:
    return "EU" if limit.acts_at == "MS" else limit.acts_at


def _setting(limit: TimeLimit, value: str) -> dict[str, str]:
    return {limit.setting: value.strip()} if value.strip() and _setting_widget(limit) else {}


def shown(found: Deadline, language: str, *, of: TimeLimit) -> dict[str, Any]:
    """An answer as the page of a limit shows it: what to do by when, and the steps that led there.

    Of several answers each has a title: which other limit it is, or the setting of law in which it differs.
    """
    limit = found.limit
    steps = [{"text": step_words(one, found, language), "rule": rule_words(one.rule, language)} for one in found.steps]
    answers = found.outcome is Outcome.COMPUTED and found.due is not None
    target = found.target if found.target != found.legal else None
    return {
        "title": capfirst(text(limit.action_key, language)) if limit != of or not steps else steps[0]["text"],
        "words": "" if answers else text(found.outcome.key, language),
        "label": _until(limit, language, outer=target is not None) if answers else "",
        "due": _due(found, language) if answers else "",
        "legal": found.legal if answers else None,
        "machine": found.due.isoformat() if found.due else "",
        "target": day_words(target, language) if target else "",
        "target_day": target,
        "binding": found.binding,
        "silence": text(f"silence.{found.silence}", language) if found.silence else "",
        "ends": _ends(found, language),
        "steps": steps,
        "calendar": found.calendar,
        "place": place_name(found.place, language),
    }


def _until(limit: TimeLimit, language: str, *, outer: bool) -> str:
    if outer and limit.setting == "conservative_incident_dates":
        return _("At the very latest by")
    return text(f"until.{limit.nature.value}", language)


def _due(found: Deadline, language: str) -> str:
    assert found.due is not None
    return moment_words(found.due.astimezone(ZoneInfo(found.zone)), place(found.place).city, language, ends=True)


def _ends(found: Deadline, language: str) -> list[dict[str, Any]]:
    if found.nominal is None or found.legal is None:
        return []
    return [
        {"label": _("Nominal end"), "value": day_words(found.nominal, language), "help": _("Found by counting alone.")},
        {"label": _("Legal end"), "value": day_words(found.legal, language), "help": _("The last day in time.")},
    ]


def place_name(code: str, language: str) -> str:
    """The name of a place in the language of the page."""
    found = place(code)
    return text(found.key, language) if found.is_institution else state_name(code)


def _facts(limit: TimeLimit, language: str) -> list[dict[str, Any]]:
    found = [
        {"label": _("Kind"), "value": text(limit.nature.key, language)},
        {"label": _("What starts it"), "value": text(limit.trigger_key, language)},
        {"label": _("Who has to act"), "value": text(limit.actor_key, language)},
    ]
    if limit.addressee_key:
        found.append({"label": _("Towards whom"), "value": text(limit.addressee_key, language)})
    if limit.n and limit.unit:
        found.append(
            {
                "label": pgettext("of a time limit", "How long"),
                "value": period_words(limit.n, limit.unit.value, language),
            }
        )
    if limit.extension:
        more = period_words(limit.extension.n, limit.extension.unit.value, language)
        once = _("%(length)s more, once") if limit.extension.times == 1 else _("%(length)s more at a time")
        found.append({"label": _("May be extended"), "value": once % {"length": more}})
    found.append({"label": _("Provision"), "value": provision_words(limit.basis, language)})
    return [{**fact, "value": capfirst(fact["value"])} for fact in found]


def _event_widget(limit: TimeLimit) -> str:
    """How the event is asked for; empty where the limit has no event to ask for."""
    if limit.unit is not None and limit.unit.value == "hour":
        return "datetime-local"
    idle = limit.nature in (Nature.IMMEDIATE, Nature.FIXED_DATE) or limit.n == 0 or limit.date is not None
    return "" if idle or limit.asks_cycle or limit.setting == "forum_meetings_per_year" else "date"


def _setting_widget(limit: TimeLimit) -> str:
    if limit.setting == "article_73_case":
        return "select"
    if limit.asks_cycle:
        return "date"
    return "text" if limit.setting in _WRITTEN_SETTINGS else ""


def _fields(limit: TimeLimit, given: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    """What the page asks; nothing where no answer would change anything."""
    language = get_language() or "en"
    event, setting = _event_widget(limit), _setting_widget(limit)
    found: list[Field] = []
    if event:
        value = given.get("from", "")
        label = _("When it happened") if event == "date" else _("When it happened, with the hour")
        typed = value[:10] if event == "date" and not errors.get("from") else value
        starts = capfirst(text(limit.trigger_key, language))
        found.append(
            {
                "name": "from",
                "label": label,
                "widget": event,
                "value": typed,
                "help": starts,
                "required": limit.id not in ("DEL-5Y", "DEL-REP", "DEL-OPP"),
            }
        )
    if event or limit.date is not None:
        chosen = given.get("place", "").upper() or (limit.acts_at if limit.acts_at != "MS" else "")
        choices = [(one.code, place_name(one.code, language), one.code == chosen) for one in places()]
        hint = _("Its public holidays and its clock count.")
        found.append(
            {
                "name": "place",
                "label": _("Where the action has to be taken"),
                "widget": "select",
                "choices": choices,
                "help": hint,
                "required": limit.date is None,
            }
        )
    if setting:
        found.append(_setting_field(limit, setting, given.get("setting", "")))
    if limit.repeats:
        hint = _("1 is the first.")
        found.append(
            {
                "name": "k",
                "label": _("Which one of those that follow each other"),
                "widget": "number",
                "value": given.get("k", ""),
                "help": hint,
                "required": False,
                "inputmode": "numeric",
            }
        )
    return [{**field, "error": errors.get(field["name"], "")} for field in found] + [
        {"name": name, "label": "", "widget": "hidden", "value": "", "error": message}
        for name, message in errors.items()
        if name not in {field["name"] for field in found}
    ]


def _setting_field(limit: TimeLimit, widget: str, value: str) -> Field:
    labels = {
        "article_73_case": _("Which incident it is"),
        "period_set_by_authority": _("What the authority set"),
        "sectoral_corrective_period": _("Period in the product legislation, or set by the authority"),
        "log_retention": _("Another period, if the purpose or other law asks for one"),
    }
    language = get_language() or "en"
    field: Field = {
        "name": "setting",
        "label": labels.get(limit.setting, _("First day of the yearly cycle")),
        "widget": widget,
        "value": value,
        "required": False,
    }
    if widget == "select":
        keys = [(code, limit_of(code).trigger_key) for code in INCIDENT_LIMITS]
        field["choices"] = [(code, capfirst(text(key, language)), code == value) for code, key in keys]
    elif widget == "text":
        field["help"] = _("For example 10 days, 15 working days or 6 months.")
    else:
        field["help"] = _("The Act names none.")
    return field
