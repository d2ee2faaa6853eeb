"""The steps of a computation in words, in every language of the texts of `act`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from aioffice.act.clocks.steps import HOUSE
from aioffice.act.places import place
from aioffice.act.text import text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aioffice.act.clocks.results import Deadline
    from aioffice.act.clocks.steps import Step, Value

_BETWEEN = re.compile(r"[;,] ")
_ARTICLE = re.compile(r"(?P<article>\d+[a-z]?)(?:\((?P<paragraph>\d+[a-z]?)\)(?:\((?P<point>[a-z])\))?)?")


def day_words(day: date, language: str) -> str:
    """ "Friday 12 March 2027"; the first of a month as the language writes it."""
    number = text("day.first", language) if day.day == 1 else str(day.day)
    return f"{text(f'weekday.{day.weekday()}', language)} {number} {text(f'month.{day.month}', language)} {day.year}"


def moment_words(moment: datetime, city: str, language: str, *, ends: bool = False) -> str:
    """ "Friday 12 March 2027, 24:00 Brussels": a moment on the clock of a city (a code of `places`).

    With `ends`, midnight is 24:00 of the day that it closes (1182/71, Article 3(2)).
    """
    day, hour = moment.date(), f"{moment:%H:%M}"
    if ends and moment.time() == time.min:
        day, hour = day - timedelta(days=1), "24:00"
    return text("moment", language).format(day=day_words(day, language), hour=hour, city=text(f"city.{city}", language))


def period_words(n: int, unit: str, language: str) -> str:
    """ "15 working days" """
    return f"{n} {text(f'unit.{unit}.' + ('one' if n == 1 else 'many'), language)}"


def holiday_words(names: Mapping[str, str], language: str) -> str:
    """The name of a holiday in the language asked, with the place's own where that is another; the place's own alone where it has none."""
    own = names.get("own", "")
    asked = names.get(language.partition("-")[0], "") or own or names.get("en", "")
    return asked if own in ("", asked) else f"{asked} ({own})"


def rule_words(rule: str, language: str) -> str:
    """The rule of a step: an Article of Regulation 1182/71, a provision of the AI Act, or this software's own."""
    if rule == HOUSE:
        return text("rule.house", language)
    kind = "rule.act" if rule.startswith("AI Act ") else "rule.1182"
    return text(kind, language).format(rule=provision_words(rule.removeprefix("AI Act "), language))


def is_citable(basis: str) -> bool:
    """Whether `provision_words` can cite this: Articles with paragraph and point, no deeper."""
    return all(_ARTICLE.fullmatch(part) for part in _BETWEEN.split(basis))


def provision_words(basis: str, language: str) -> str:
    """Provisions as people cite them: `73(3); 75(1a)` is "Articles 73(3) and 75(1a)", `49(1), 49(2)` is "Article 49(1) and (2)"."""
    same = groupby(_BETWEEN.split(basis), key=_grouped_by)
    listed = [_together([*parts], language) for _article_of, parts in same]
    if len(listed) == 1:
        return text("rule.article_one", language).format(list=listed[0])
    return text("rule.articles", language).format(list=_joined(listed, language))


def _grouped_by(written: str) -> str:
    """The Article where it is a whole paragraph, which its neighbours may stand beside; else the citation itself."""
    found = _ARTICLE.fullmatch(written)
    assert found is not None, written
    return found["article"] if found["paragraph"] and not found["point"] else written


def _together(parts: list[str], language: str) -> str:
    """Paragraphs of one Article, named once."""
    if len(parts) == 1:
        return _article(parts[0], language)
    read = [_ARTICLE.fullmatch(part) for part in parts]
    alone = text("rule.paragraph_alone", language)
    listed = [alone.format(paragraph=_inserted(found["paragraph"], language)) for found in read if found]
    article = _inserted(_grouped_by(parts[0]), language)
    return text("rule.paragraphs", language).format(article=article, list=_joined(listed, language))


def _joined(listed: list[str], language: str) -> str:
    return text("rule.and", language).format(list=", ".join(listed[:-1]), last=listed[-1])


def _article(written: str, language: str) -> str:
    found = _ARTICLE.fullmatch(written)
    assert found is not None, written
    parts = {name: _inserted(part or "", language) for name, part in found.groupdict().items()}
    kind = "point" if parts["point"] else "paragraph" if parts["paragraph"] else "article"
    return text(f"rule.{kind}", language).format(**parts)


def _inserted(number: str, language: str) -> str:
    """An Article or paragraph that was put in later has a letter in English and a Latin numeral in French."""
    digits = number.rstrip("abcd")
    if digits in ("", number):
        return number
    return text(f"inserted.{number[-1]}", language).format(number=digits)


def step_words(step: Step, deadline: Deadline, language: str) -> str:
    """What a step says, as one sentence."""
    city = place(deadline.place).city
    said = {name: _value(name, value, city, language) for name, value in step.parameters.items()}
    found = step.parameters
    if isinstance(found.get("n"), int) and isinstance(found.get("unit"), str):
        said["period"] = period_words(int(str(found["n"])), str(found["unit"]), language)
    if step.code == "setting":
        return text(f"setting.{found['name']}", language).format(value=said.get("period") or said["value"])
    for key in (step.key, f"{step.key}.{found.get('reason', found.get('effect', ''))}"):
        if key in texts(language):
            return text(key, language).format(**said)
    named = "holiday" if found.get("names") else "weekend"
    return text(f"{step.key}.{named}", language).format(**said)


def _value(name: str, value: Value, city: str, language: str) -> str:
    if isinstance(value, datetime):
        return moment_words(value, city, language)
    if isinstance(value, date):
        return day_words(value, language)
    if name == "names" and not isinstance(value, int | str):
        return holiday_words(value, language)
    if name == "value":
        return _setting_value(str(value), language)
    return str(value)


def _setting_value(value: str, language: str) -> str:
    try:
        return day_words(date.fromisoformat(value), language)
    except ValueError:
        key = f"value.{value}"
        return text(key, language) if key in texts(language) else value
