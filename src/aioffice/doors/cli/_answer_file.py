"""`aioffice classify --pdf`: the answer as pages to print, made here without an office."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aioffice.doors.cli._office import start_django
from aioffice.doors.cli._printing import Exit, note, stop

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from aioffice.act.classification import Law
    from aioffice.kernel.results.keys import SigningKey

LANGUAGES = ("en", "fr")


def write_pdf(
    out: Path,
    given: Mapping[str, object],
    on: date,
    law: Law,
    *,
    language: str,
    key: SigningKey | None,
    by: str,
) -> None:
    """Write the answer as a PDF, with the result attached, signed where a key is given. What cannot be written ends the command."""
    from aioffice.doors import prepare

    start_django()
    prepare.translations()
    from django.utils import translation

    from aioffice.act.classification import classify
    from aioffice.act.duties import duties, vocabulary
    from aioffice.act.results import result_of
    from aioffice.doors.answer_pdf import answer_pdf
    from aioffice.doors.cli._results import signed
    from aioffice.doors.web.public_check_answer import context, told_of
    from aioffice.doors.web.public_checking_form import as_text

    answer, found = classify(given, law, vocabulary()), duties(given, law)
    content = result_of(answer, found, on, given)
    with translation.override(language):
        answers = {name: as_text(answer.facts[name]) for name in given}
        shown = context(answer, found, on, language) | {"told": told_of(answers, language)}
        attached = signed(content, key, by) if key is not None else ""
        made = answer_pdf(shown, content, at=datetime.now(UTC), signed=attached)
    try:
        out.write_bytes(made)
    except OSError as error:
        stop(Exit.FAILED, f"{out}: cannot be written: {error.strerror}.")
    note(f"The answer is in {out}.")
