"""The catalogues are gathered by Babel from Python and from templates."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from scripts import messages

TEMPLATE = b"""{% load i18n %}
    <p title="{% translate "Sign in" %}">{{ f.label|default:_("Remove") }}</p>
  {% translate "May" context "month" as month %}
{% blocktranslate trimmed count number=n %}
      One problem: it's
      "this"
   {% plural %}{{ number }} problems{% endblocktranslate %}
"""


def test_a_template_gives_up_all_its_messages() -> None:
    found = [
        (call, message)
        for _line, call, message, _comments in messages.extract_template(
            io.BytesIO(TEMPLATE), messages.KEYWORDS, [], {}
        )
    ]
    assert ("gettext", "Sign in") in found
    assert "Remove" in [message for _call, message in found]
    assert ("pgettext", ("month", "May")) in found
    (plural,) = [message for call, message in found if call == "ngettext"]
    assert plural[:2] == ('One problem: it\'s "this"', "%(number)s problems")


def test_messages_of_templates_and_of_python_are_gathered() -> None:
    gathered = messages.gather()
    assert "Skip to the main content" in gathered
    assert "Market surveillance authority" in gathered
    assert [place for place, _line in gathered["Skip to the main content"].locations] == [
        "aioffice/doors/web/templates/base.html"
    ]


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    return tmp_path


def some(*texts: str) -> Catalog:
    catalogue = Catalog(locale="fr")
    for text in texts:
        catalogue.add(text)
    return catalogue


def test_check_names_what_is_missing_stale_and_without_words(locale: Path) -> None:
    kept = some("Sign in", "Gone", "%(n)d pages")
    kept["Sign in"].string = "Se connecter"
    kept["Gone"].string = "Parti"
    messages.save(kept, messages.po("fr"))
    assert messages.faults("fr", some("Sign in", "New", "%(n)d pages")) == [
        "fr: not in the catalogue: 'New'",
        "fr: no longer used: 'Gone'",
        "fr: without words: '%(n)d pages'",
    ]


def test_check_finds_a_placeholder_that_was_lost(locale: Path) -> None:
    kept = some("%(n)d pages")
    kept["%(n)d pages"].string = "des pages %(m)d"
    messages.save(kept, messages.po("fr"))
    (fault,) = messages.faults("fr", some("%(n)d pages"))
    assert fault.startswith("fr: '%(n)d pages'")


def test_an_update_keeps_words_and_guesses_none(locale: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = some("Sign in")
    kept["Sign in"].string = "Se connecter"
    messages.save(kept, messages.po("fr"))
    monkeypatch.setattr(messages, "gather", lambda: some("Sign in", "Sign in now"))
    assert messages.main(["update", "fr"]) == 0
    catalogue = messages.load("fr")
    assert catalogue["Sign in"].string == "Se connecter"
    assert catalogue["Sign in now"].string == ""
    assert messages.main(["check"]) == 1
