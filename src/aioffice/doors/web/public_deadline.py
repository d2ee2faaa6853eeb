"""What the page of one time limit shows: the answer with its steps, the form whose address holds the question, the facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from aioffice.act.calendars import CalendarNotPublishedError
from aioffice.act.clocks.law import SettingError
from aioffice.act.clocks.results import Deadline, Outcome, QuestionError
from aioffice.act.clocks.wording import day_words, moment_words, period_words, provision_words, rule_words, step_words
from aioffice.act.lookup import UnknownCodeError
from aioffice.act.places import place
from aioffice.act.text import text
from aioffice.act.time_limits import TimeLimit
from aioffice.doors.web.public_deadline_form import fields, place_name, setting_widget
from aioffice.doors.web.templatetags._act import linked
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.kernel.clocks.asking import Question, answer, usual_place

INSTITUTIONS = "Union institutions"
"""How the version of their calendar begins; the day on which it was written down follows."""


def context(limit: TimeLimit, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """The context of the page for what its address asks. Of fixed dates that repeat, the next one after today stands there first."""
    language = get_language() or "en"
    asked = any(name in given for name in ("from", "place", "k", "setting"))
    event = given.get("from", "") or (today.isoformat() if limit.repeats and limit.date else "")
    found, errors = _answered(limit, given, event, asked=asked, language=language)
    form = fields(limit, given, errors)
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
    limit: TimeLimit, given: Mapping[str, str], event: str, *, asked: bool, language: str
) -> tuple[Deadline | None, dict[str, str]]:
    """The answer, or what is wrong by field. Where nobody asked yet, an answer that needs no event stands there already."""
    where = given.get("place", "").strip().upper() or usual_place(limit) or ("" if asked else "EU")
    if not where:
        return None, {"place": _("Choose where the action has to be taken.")}
    law = _setting(limit, given.get("setting", ""))
    try:
        return answer(Question(limit.id, where, event, given.get("k", ""), law)), {}
    except QuestionError as error:
        field = "from" if error.field == "event" else error.field
        return None, {field: text(f"question.error.{error.code}", language)} if asked else {}
    except SettingError:
        return None, {"setting": _("Write a number and a unit, such as 10 days, or a day such as 2027-03-05.")}
    except UnknownCodeError:
        return None, {"place": _("Choose a place of the list.")}
    except CalendarNotPublishedError as error:
        return None, {"from": _unknown_calendar(error, language)}


def _unknown_calendar(error: CalendarNotPublishedError, language: str) -> str:
    known = text("question.error.calendar", language).format(first=error.first_year, last=error.last_year)
    if error.nominal is None:
        return known
    counted = text("question.error.calendar_counted", language).format(day=day_words(error.nominal, language))
    return f"{known} {counted}"


def _setting(limit: TimeLimit, value: str) -> dict[str, str]:
    return {limit.setting: value.strip()} if value.strip() and setting_widget(limit) else {}


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
        "calendar": _calendar_words(found.calendar),
        "place": place_name(found.place, language),
    }


def _calendar_words(version: str) -> str:
    """Which calendar was read: the dated one of the institutions in words, a library by name and version as they are."""
    name, comma, day = version.partition(", ")
    if name != INSTITUTIONS or not comma:
        return version
    written = datetime.strptime(day, "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone
    return _("Union institutions, as of %(day)s") % {"day": long_date(written)}


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
    provision = {"label": _("Provision"), "value": linked(limit.basis, provision_words(limit.basis, language))}
    return [*({**fact, "value": capfirst(fact["value"])} for fact in found), provision]
