"""Reads a file of facts (YAML, or JSON, which YAML can read), and says of every mistake in which line it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from aioffice.act.reasoning.facts import FactsError, check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aioffice.act.reasoning.vocabulary import Vocabulary

_NOT_KNOWN = {None, "unknown", "not known"}


class FactsFileError(ValueError):
    """A file that cannot be used; `lines` says what is wrong and where."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read_facts(path: Path, vocabulary: Vocabulary) -> dict[str, object]:
    """The facts of a file by name; what is null or `unknown` is left out. Raises FactsFileError with every mistake in it."""
    facts: dict[str, object] = {}
    lines: dict[str, int] = {}
    wrong: list[str] = []
    for name, value, line in _pairs(path):
        if name in lines:
            wrong.append(f"{path}:{line}: {name}: stands here a second time; line {lines[name]} has it already.")
            continue
        lines[name] = line
        if value in _NOT_KNOWN:
            continue
        try:
            facts[name] = check(vocabulary[name], value)
        except FactsError as error:
            wrong.append(f"{path}:{line}: {error}")
    if not wrong:
        try:
            vocabulary.read(facts)
        except FactsError as error:
            wrong.append(f"{path}:{lines.get(error.fact, 1)}: {error}")
    if wrong:
        raise FactsFileError(wrong)
    return facts


def _pairs(path: Path) -> Iterator[tuple[str, Any, int]]:
    loader = yaml.SafeLoader
    try:
        text = path.read_text("utf-8-sig")
        root = yaml.compose(text, Loader=loader)
    except UnicodeDecodeError as error:
        raise FactsFileError([f"{path}: is no text in UTF-8 (byte {error.start})."]) from None
    except OSError as error:
        raise FactsFileError([f"{path}: cannot be read: {error.strerror}."]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise FactsFileError([f"{where}: is no YAML: {getattr(error, 'problem', None) or error}."]) from None
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        raise FactsFileError(
            [f"{path}:{root.start_mark.line + 1}: a list of names with values is expected, such as is_provider: true."]
        )
    constructor = loader(text)
    for key, value in root.value:
        line = key.start_mark.line + 1
        if not isinstance(value, yaml.ScalarNode):
            raise FactsFileError([f"{path}:{line}: {key.value}: one value is expected, not a list or a group."])
        yield str(key.value), constructor.construct_object(value), line
