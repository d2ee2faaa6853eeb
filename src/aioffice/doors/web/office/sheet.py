"""A form being filled in: what was typed, what it asks after the first answers, and how the page lays it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from aioffice.doors.web.office.frame import Visit
from aioffice.doors.web.office.titles import form_url, title_of
from aioffice.doors.web.templatetags._provisions import provision_words
from aioffice.kernel.days import office_day
from aioffice.kernel.documents.rules import ANY_DOCUMENT
from aioffice.kernel.documents.service import own_documents
from aioffice.kernel.procedures.ask import Asking, Form, Widget, kept
from aioffice.kernel.procedures.declaration import Step
from aioffice.kernel.procedures.decoding import BoundField, BoundForm, Raw, bind, decode, encode
from aioffice.kernel.procedures.errors import FieldError
from aioffice.kernel.procedures.models import Case, Draft
from aioffice.kernel.procedures.pointers import location_from_name
from aioffice.kernel.procedures.policy import policy
from aioffice.kernel.procedures.spec import FormSpec, Shape, schema_hash, spec_of
from aioffice.kernel.procedures.who import FILING_ROLES

SALT = "aioffice.office.sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """A field on the page. `hidden` fields are not asked after the answers given so far; what was typed in them stays."""

    name: str
    field: BoundField
    hidden: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that stand together. `apart` marks what Annex VIII does not ask; `id` is that of a group that is itself the part."""

    title: Any
    lead: Any
    lines: tuple[Line, ...]
    apart: bool = False
    id: str = ""
    decides: bool = False
    error: str = ""


@dataclass
class Sheet:
    """The form of one step as somebody fills it in.

    `seen` holds the names of fields that the page shown before had left out; `version` is the case's version that the person looked at;
    `once` makes sending twice file once. `notes` are pairs of variant and sentence that stand above the form.
    """

    visit: Visit
    step: Step
    case: Case | None
    raw: Raw = field(default_factory=dict)
    errors: Sequence[FieldError] = ()
    draft: Draft | None = None
    once: str = field(default_factory=lambda: uuid4().hex)
    version: int | None = None
    seen: frozenset[str] = frozenset()
    notes: list[tuple[str, str]] = field(default_factory=list)
    status: int = 422
    """HTTP status of the page when it is shown again."""

    @property
    def form(self) -> type[Form]:
        """The form asked; a step without one has no sheet to fill."""
        assert self.step.asks is not None, "a step without a form is only confirmed"
        return self.step.asks

    @cached_property
    def spec(self) -> FormSpec:
        """The form as a tree of fields."""
        return spec_of(self.form)

    @property
    def title(self) -> Any:
        """Heading of the page."""
        return title_of(self.step) if self.case is None else self.step.title

    @property
    def url(self) -> str:
        """Where the form is sent."""
        return form_url(self.step, self.case.pk if self.case else None)

    @property
    def page(self) -> str:
        """Where the form is found again with what was typed."""
        return f"{self.url}?draft={self.draft.pk}" if self.draft else self.url

    @property
    def signs(self) -> bool:
        """Whether the reader may file it, and not only prepare it."""
        return policy.may(self.visit.actor, self.step, self.case)

    @property
    def schema(self) -> str:
        """Hash of what the form asks today."""
        return schema_hash(self.form)

    @property
    def stamp(self) -> str:
        """Says to whom the page was shown, so that nobody else is given back what was typed on it."""
        return signing.dumps(str(self.visit.actor.person), salt=SALT)

    @property
    def draft_seen(self) -> str:
        """The moment of the save that the page shows."""
        return self.draft.updated_at.isoformat() if self.draft else ""

    @property
    def savable(self) -> bool:
        """Whether there is anything to save as a draft, and the reader writes drafts: secret answers are not kept."""
        return bool(
            self.step.asks is not None
            and kept(self.form, dict.fromkeys(self.form.model_fields))
            and self.visit.actor.roles & FILING_ROLES
        )

    def keepable(self) -> Raw:
        """What a draft may hold: everything typed but secret answers."""
        return {name: [str(value) for value in values] for name, values in kept(self.form, self.raw).items()}

    def prefill(self) -> None:
        """Fill in what the form holds when it is opened."""
        if self.step.prefill is not None:
            self.raw = encode(self.spec, self.step.prefill(self.visit.actor, self.case))

    def asking(self) -> Asking:
        """What the form asks after the answers given so far."""
        return self.form.asking(decode(self.spec, self.raw), office_day(self.visit.at))

    def data(self) -> dict[str, Any]:
        """What is filed: the answers without those the form does not ask for."""
        left_out = self.asking().left_out
        return {name: value for name, value in decode(self.spec, self.raw).items() if name not in left_out}

    def would_be_dropped(self) -> list[str]:
        """Labels of fields that the reader saw and filled and that the latest answers leave out: nothing goes without being said."""
        typed = decode(self.spec, self.raw)
        gone = self.asking().left_out - self.seen
        return [
            str(one.label)
            for one in self.spec.fields
            if one.key in gone and typed.get(one.key) not in (None, "", [], {})
        ]

    def bound(self) -> BoundForm:
        """The fields with what was typed and what is wrong."""
        choices = {name: given(self.case) for name, given in self.step.choices.items() if self.case is not None}
        return bind(
            self.spec, self.raw, self.errors, choices_for=choices, files=self._files(), accept=ANY_DOCUMENT.accept
        )

    def _files(self) -> dict[str, Any]:
        fields = ((self.spec.find(location_from_name(name)), values) for name, values in self.raw.items())
        ids = {
            value
            for field, values in fields
            if field is not None and field.widget is Widget.FILE
            for value in values
            if _is_id(value)
        }
        return {
            str(found.pk): {
                "name": found.filename,
                "size": found.size,
                "url": reverse("office_document", args=[found.pk]),
            }
            for found in own_documents(self.visit.actor).filter(pk__in=ids)
        }


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def parts_of(sheet: Sheet, bound: BoundForm) -> list[Part]:
    """Lay the fields out: what decides the rest first and apart, then what the law asks, then what stands beside it."""
    asking = sheet.asking()
    private = _nothing_public(bound.fields)
    lines = [_line(one, asking, private=private) for one in bound.fields]
    if not any(line.field.not_annex_viii for line in lines):
        return [Part("", _("Nothing of this is published.") if private and len(lines) > 1 else "", tuple(lines))]
    found: list[Part] = []
    run: list[Line] = []
    for line in lines:
        if line.field.not_annex_viii and line.field.widget == "group":
            found += _run(run)
            found.append(_group(line, asking))
            run = []
        else:
            run.append(line)
    return [*found, *_run(run)]


def _nothing_public(fields: Iterable[BoundField]) -> bool:
    return all(not one.public or (one.children and _nothing_public(one.children)) for one in fields)


def _line(one: BoundField, asking: Asking, *, private: bool) -> Line:
    if one.name in asking.needed:
        one = replace(one, required=True)
    return Line(one.name, _quiet(one, private=private), hidden=one.name in asking.left_out and not one.error)


def _quiet(one: BoundField, *, private: bool) -> BoundField:
    """Say once what holds for a whole page or group, and name provisions as people do."""
    children = tuple(_quiet(child, private=private or not one.public) for child in one.children)
    # Where the case itself gives the choices, nobody needs to be told how they are written.
    help_text = "" if one.given else one.help
    provision = provision_words(one.provision)
    return replace(one, public=one.public or private, children=children, help=help_text, provision=provision)


def _group(line: Line, asking: Asking) -> Part:
    """A group that Annex VIII does not ask is a part of the page: said once, not at every field."""
    children = tuple(
        Line(child.name, replace(child, not_annex_viii=False), hidden=False) for child in line.field.children
    )
    decides = any(name.startswith(f"{line.name}.") for name in asking.depends_on)
    lead = (
        _("These answers are not part of Annex VIII and are kept apart from it. They decide where this is registered.")
        if decides
        else _("This is not part of Annex VIII and is kept apart from it.")
    )
    return Part(line.field.label, lead, children, apart=True, id=line.field.id, decides=decides, error=line.field.error)


def _run(lines: Sequence[Line]) -> list[Part]:
    """Fields side by side: those of Annex VIII under their heading, others under theirs."""
    found: list[Part] = []
    for line in lines:
        apart = line.field.not_annex_viii
        plain = replace(line, field=replace(line.field, not_annex_viii=False))
        if found and found[-1].apart == apart:
            found[-1] = replace(found[-1], lines=(*found[-1].lines, plain))
        elif apart:
            found.append(
                Part(
                    _("Not asked by Annex VIII"),
                    _("This is not part of Annex VIII and is kept apart from it."),
                    (plain,),
                    apart=True,
                )
            )
        else:
            found.append(Part(_("Information under Annex VIII"), "", (plain,)))
    return found


def is_short(step: Step) -> bool:
    """Whether a step's form fits where its button would stand: a few plain fields, nothing to upload."""
    if step.asks is None:
        return True
    fields = spec_of(step.asks).fields
    return len(fields) <= 3 and all(
        one.shape not in (Shape.GROUP, Shape.ROWS) and one.widget is not Widget.FILE for one in fields
    )


def read_moment(text: str) -> datetime | None:
    """The moment a page names, None for any other text."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_id(text: str) -> UUID | None:
    """The id a page names, None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None


def names(text: str) -> frozenset[str]:
    """Names that a page sends in one hidden field."""
    return frozenset(filter(None, text.split(",")))


def plain_values(sent: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a page sent, without signs that no text may have."""
    lists = sent.lists() if hasattr(sent, "lists") else sent.items()
    return {str(name): [str(value).replace("\0", "") for value in values] for name, values in lists}
