"""What a form's fields tell people: an `Ask` in `Annotated` beside the type. One source for page, API, command line and spreadsheets.

Shapes a form may have: scalar, choice, several choices, yes/no/not known, a group of scalars, a list of flat rows, a file (the id of
an uploaded document).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict

from aioffice.kernel.procedures.errors import FieldError

Choices = Callable[[], Sequence[tuple[str, Any]]]
"""Returns (code, label) pairs, the label lazy or in the language in force."""


class Widget(Enum):
    """How a field is shown on a page; without one it follows from the type."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    SELECT = "select"
    RADIOS = "radios"
    CHECKBOXES = "checkboxes"
    TRISTATE = "tristate"
    DATE = "date"
    FILE = "file"
    GROUP = "group"
    ROWS = "rows"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Ask:
    """A field's plain-language label, help, provision, who sees the answer, widget and choices.

    `public` tells the filer whether the answer is published; `not_annex_viii` marks routing facts, which are kept apart. The law asks
    an `if_applicable` field of whom it concerns: that is not the same as optional.
    `relevant_when` names, for pages, the answers that make the field worth showing: (name, codes) pairs, all of which must hold.
    `choices_for` names a kind of choices only a case can give (such as the filer's documents); the desk fills them in.
    `secret` answers are checked and not kept: neither payload nor digests nor drafts hold them.
    `stays` marks codes, numbers and days on which the case itself rests, such as where it was filed: they are not erased one by one.
    """

    label: Any
    help: Any = ""
    provision: str = ""
    public: bool = True
    not_annex_viii: bool = False
    if_applicable: bool = False
    widget: Widget | None = None
    choices: Choices | None = None
    relevant_when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    choices_for: str = ""
    autocomplete: str = ""
    secret: bool = False
    stays: bool = False


@dataclass(frozen=True)
class Asking:
    """What a form asks of one filing, as far as the answers given so far decide it.

    `left_out` and `needed` name fields at the top level: those not asked at all, and those that must be filled although the form lets
    them be empty elsewhere. `depends_on` names the inputs whose answers decide; `title` and `explanation` say in words what they did.
    """

    left_out: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = ()
    title: Any = ""
    explanation: Any = ""


class Form(BaseModel):
    """Base of everything a step asks: unknown fields are an error, surrounding blanks go, values never change afterwards."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    def faults(self, on: date) -> Iterable[FieldError]:
        """What the law of that day finds wrong in data whose form is right; nothing by default."""
        return ()

    @classmethod
    def asking(cls, answers: Mapping[str, Any], on: date) -> Asking:
        """What a page shall ask after these answers, which may be incomplete or wrong; everything by default."""
        return Asking()


def code(choices: Choices, *, optional: bool = False) -> Any:
    """Metadata for a text that must be one of the codes (or None, where `optional`): a plain error lists them."""

    def check(value: str | None) -> str | None:
        if value is None and optional:
            return None
        codes = [known for known, _label in choices()]
        if value not in codes:
            listed = ", ".join(codes[:12]) + (" …" if len(codes) > 12 else "")
            raise ValueError(
                _("%(value)s is not one of the codes: %(codes)s.") % {"value": f"“{value}”", "codes": listed}
            )
        return value

    return AfterValidator(check)


class YesNoUnknown(Enum):
    """Three-valued answer."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


def kept(form: type[Form] | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be kept of data sent to a form: all but the secret answers, which stand at the top level only."""
    if form is None:
        return dict(data)
    secret = {
        name
        for name, info in form.model_fields.items()
        if any(isinstance(item, Ask) and item.secret for item in info.metadata)
    }
    return {name: value for name, value in data.items() if name not in secret}
