"""Every visible text has its words in every language of the interface, with the same placeholders and markup.

The messages are gathered anew from the sources, so a text that was added today is missed today: `python scripts/messages.py update`
brings it into the catalogues, where its words are then written.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings
from scripts import messages

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
# %(name)s and %s, {name}, %%, and tags with their attributes: what a translation must take over letter by letter.
KEPT = re.compile(r"%\(\w+\)[#0 +-]*\d*(?:\.\d+)?[a-z]|%[a-z%]|\{\w*\}|<[^>]+>")
# French sets a space that does not break before these signs, and inside its quotation marks.
BARE = re.compile(r"[^\s/][?!;»](?!\w)|(?<=[\w)])[:](?=\s|$)| [:;?!»]|«(?!\N{NO-BREAK SPACE})|'")


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    return messages.gather()


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


def originals(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]


def worded(language: str) -> Iterator[Message]:
    return (message for message in messages.load(language) if message.id)


def differences(message: Message) -> list[str]:
    """Texts of a message that lack or add a placeholder or a tag. A singular may leave the number out, as the original's does."""
    allowed = [Counter(KEPT.findall(text)) for text in originals(message)]
    return [text for text in texts(message) if Counter(KEPT.findall(text)) not in allowed]


def test_there_is_a_catalogue_for_every_language_offered() -> None:
    assert messages.languages([]) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_its_words(language: str, gathered: Catalog) -> None:
    assert len(gathered) > 1000
    assert messages.faults(language, gathered) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_are_kept(language: str) -> None:
    found = [(message.id, text) for message in worded(language) for text in differences(message)]
    assert found == []


def test_a_lost_placeholder_or_tag_would_be_found() -> None:
    for text in ("Sans nom", "%(name)s : <b>oui", "%(nom)s : <b>oui</b>", "%(name)s %(name)s <b>oui</b>"):
        assert differences(Message("%(name)s: <b>yes</b>", text)) == [text]
    assert differences(Message("%(name)s: <b>yes</b>", "%(name)s : <b>oui</b>")) == []
    assert differences(Message(("one page", "%(n)s pages"), ("une page", "%(n)s pages"))) == []


def test_french_sets_its_signs() -> None:
    outside_tags = (
        (message, re.sub(r"<[^>]+>|`[^`]*`|https?://", "", text)) for message in worded("fr") for text in texts(message)
    )
    assert [(message.id, text) for message, text in outside_tags if BARE.search(text)] == []


def aliases(path: Path) -> set[str]:
    """Names under which a module calls Django's translation functions."""
    return {
        name.asname or name.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name
    }


def test_every_name_that_modules_give_to_gettext_is_gathered() -> None:
    paths = [path for path, method in messages.sources() if method == "python"]
    unknown = {(path.name, name) for path in paths for name in aliases(path) - messages.KEYWORDS.keys()}
    assert unknown == set()


NOT_TEXT = re.compile(
    r"{% comment.*?endcomment %}|{#.*?#}|<!--.*?-->|<script.*?</script>|<code>.*?</code>"
    r"|{% block \w+_(?:class|attributes) %}.*?{% endblock.*?%}|{% blocktranslate.*?endblocktranslate %}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
SAID_BY_ATTRIBUTE = re.compile(r'(?:title|alt|aria-label|placeholder)="([^"]*)"')
SAME_IN_EVERY_LANGUAGE = {"JSON"}


def visible(source: str) -> Iterator[str]:
    """Words of a template that a reader sees or hears and that no message holds."""
    text = NOT_TEXT.sub("\n", source)
    for piece in [*SAID_BY_ATTRIBUTE.findall(text), *re.sub(r"<[^>]*>", "\n", text).split("\n")]:
        if re.search(r"[^\W\d_]{2,}", piece) and piece.strip() not in SAME_IN_EVERY_LANGUAGE:
            yield piece.strip()


def test_templates_say_nothing_outside_messages() -> None:
    templates = [path for path, method in messages.sources() if method != "python"]
    assert len(templates) > 100
    assert [(path.name, piece) for path in templates for piece in visible(path.read_text(encoding="utf-8"))] == []


def test_a_word_outside_messages_would_be_found() -> None:
    assert list(visible('{% translate "Yes" %}<p title="Help">{{ name }} is here</p>')) == ["Help", "is here"]
