"""The catalogues of translations: gather the messages of Python and templates, bring them into each language, compile.

    python scripts/messages.py extract    write locale/django.pot
    python scripts/messages.py update     bring every locale/<language>/LC_MESSAGES/django.po up to date (also: update fr)
    python scripts/messages.py compile    write the .mo beside every .po
    python scripts/messages.py check      fail when a catalogue lacks a message, has a stale one or one without words

Babel does the work, so that no gettext tools need be installed.
"""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from aioffice import __version__

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "aioffice"
LOCALE = PACKAGE / "doors" / "web" / "locale"
TEMPLATE = LOCALE / "django.pot"
KEYWORDS = {
    "_": None, "_now": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def extract_template(source: io.BufferedIOBase, keywords: Any, comment_tags: list[str], options: Any) -> Iterable[Any]:
    """The messages of a Django template: Django turns it into calls of gettext, Babel reads those as Python."""
    text = templatize(source.read().decode())
    # What is not a message is blanked out with its indentation, which Python's tokenizer would stumble over.
    lines = "\n".join(line.lstrip() for line in text.splitlines())
    return extract_python(io.BytesIO(lines.encode()), keywords, comment_tags, options)


def sources() -> Iterator[tuple[Path, Any]]:
    """Every file that may hold messages, with its way of reading, in a stable order."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield path, "python"
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            yield path, extract_template


def gather() -> Catalog:
    """All messages of the package, with the files they stand in; no dates, so that only real changes show."""
    if not settings.configured:
        settings.configure()
    catalogue = Catalog(project="AI Office", charset="utf-8", fuzzy=False)
    for path, method in sources():
        place = path.relative_to(PACKAGE.parent).as_posix()
        for _line, message, comments, context in extract_from_file(method, path, KEYWORDS, ["Translators:"]):
            catalogue.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return catalogue


def languages(only: list[str]) -> list[str]:
    """The languages asked for, else all that have a catalogue."""
    return only or sorted(path.parents[1].name for path in LOCALE.glob("*/LC_MESSAGES/django.po"))


def po(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    """The catalogue of a language; an empty one when there is none yet."""
    if po(language).exists():
        with po(language).open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    catalogue.header_comment = "# AI Office, licence EUPL-1.2."
    catalogue.project, catalogue.version = "AI Office", __version__
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = "AI Office"
    return catalogue


def save(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue without line numbers and without messages that are gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False,
                 omit_header=path == TEMPLATE)  # fmt: skip


def update(only: list[str]) -> None:
    """Bring the catalogues up to date; nothing is guessed from similar messages."""
    gathered = gather()
    for language in languages(only):
        catalogue = load(language)
        catalogue.update(gathered, no_fuzzy_matching=True, update_creation_date=False)
        save(catalogue, po(language))
        print(f"{language}: {len(catalogue)} messages, {len(list(unfinished(catalogue)))} without words")


def compile_all(only: list[str]) -> None:
    """Compile every catalogue."""
    for language in languages(only):
        with po(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, load(language))


def unfinished(catalogue: Catalog) -> Iterator[str]:
    """Messages without words, or of which the words are only guessed."""
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.id and (message.fuzzy or not all(texts)):
            yield str(message.id)


def faults(language: str, gathered: Catalog) -> list[str]:
    """What keeps a catalogue from being complete, one line each."""
    catalogue = load(language)
    here = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in catalogue}
    there = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in gathered}
    lines = [f"{language}: not in the catalogue: {text!r}" for text, _context in sorted(there - here, key=str)]
    lines += [f"{language}: no longer used: {text!r}" for text, _context in sorted(here - there, key=str)]
    lines += [f"{language}: without words: {text!r}" for text in unfinished(catalogue)]
    for message in catalogue:
        lines += [f"{language}: {message.id!r}: {error}" for error in message.check(catalogue)]
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 1 when ``check`` finds a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["extract", "update", "compile", "check"])
    parser.add_argument("languages", nargs="*", help="two-letter codes; all that there are when left out")
    asked = parser.parse_args(arguments)
    if asked.command == "extract":
        catalogue = gather()
        save(catalogue, TEMPLATE)
        print(f"{len(catalogue)} messages in {TEMPLATE.name}")
    elif asked.command == "update":
        update(asked.languages)
    elif asked.command == "compile":
        compile_all(asked.languages)
    else:
        gathered = gather()
        found = [line for language in languages(asked.languages) for line in faults(language, gathered)]
        print("\n".join(found) or "Every catalogue is complete.")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
