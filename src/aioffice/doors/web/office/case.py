"""The case page, one for every kind of case: where it stands, what one can do, what it says, what happened, who is involved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aioffice.act.clocks.wording import provision_words
from aioffice.act.text import text
from aioffice.doors.web.office.audiences import readers_in_words
from aioffice.doors.web.office.clocks import ClockLine, line_of
from aioffice.doors.web.office.filling import opened
from aioffice.doors.web.office.frame import Visit, office_page
from aioffice.doors.web.office.presenting import Fact, facts_of
from aioffice.doors.web.office.sheet import is_short, parts_of, read_id
from aioffice.doors.web.templatetags._dates import long_date
from aioffice.doors.web.templatetags._names import state_name
from aioffice.kernel.clocks.computing import deadline_of
from aioffice.kernel.clocks.presenting import answer_words
from aioffice.kernel.clocks.queries import clocks_of
from aioffice.kernel.procedures.case_view import (
    CaseView,
    Choice,
    PlaceView,
    RecordView,
    RoundView,
    view_case,
    visible_case,
)
from aioffice.kernel.procedures.declaration import CasePublished, Step
from aioffice.kernel.procedures.erasing import label_of
from aioffice.kernel.procedures.errors import NotFound
from aioffice.kernel.procedures.models import Case
from aioffice.kernel.procedures.pointers import pointer_from_name
from aioffice.kernel.reading.vocabulary import Door, Thing
from aioffice.register.queries import EntryView, entry_of, letter_of, unanswered_questions


@require_safe
@office_page
def case(visit: Visit, case_id: UUID) -> HttpResponseBase:
    """Everything about one case."""
    found = visible_case(case_id, actor=visit.actor, door=Door.PAGE)
    view = view_case(found, actor=visit.actor)
    entry = entry_of(found)
    done = _done(visit, view)
    awaited = _awaited(visit, view)
    # One thing to do is done on the spot; a decision between several is laid open, none of them before the others.
    primary = awaited[0] if len(awaited) == 1 else None
    decisions = awaited if len(awaited) > 1 else []
    return visit.render(
        "office/case.html",
        view=view,
        case=found,
        entry=entry,
        standing=status_words(view),
        done=done,
        sheet=_inline(visit, view, primary),
        primary=primary,
        question=question_to(view, primary.step if primary else None),
        decisions=decisions,
        others=[choice for choice in view.choices if choice not in awaited and not choice.waits_because],
        not_now=[choice for choice in view.choices if choice.waits_because],
        facts=_facts(view),
        content=_content(view, entry),
        events=[_event(record, view) for record in reversed(view.records)],
        readers=_readers(view),
        letter=letter_of(found, on=visit.at),
        clocks=_clocks(visit, found),
        rounds=[(asked, _places(visit, asked)) for asked in view.rounds],
        public_url=public_url(entry),
        made_public=bool(done and done.step and CasePublished in done.step.emits),
        changes_url=_changes_url(entry),
    )


@require_safe
@office_page
def letter(visit: Visit, case_id: UUID) -> HttpResponseBase:
    """The letter to the provider under Article 26(8) as a text file."""
    found = visible_case(case_id, actor=visit.actor, door=Door.PAGE, thing=Thing.LETTER)
    written = letter_of(found, on=visit.at)
    if written is None:
        raise NotFound(_("This case has no letter to send."))
    response = HttpResponse(written.text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="letter-article-26-8-{found.pk}.txt"'
    return response


def _clocks(visit: Visit, found: Case) -> list[ClockLine]:
    """The clocks of the case, and of its rounds the reader's own; those of others stand beside their places."""
    lines = [line_of(clock, visit.actor) for clock in clocks_of(found)]
    return [line for line in lines if line.yours or not line.addressee]


def _places(visit: Visit, asked: RoundView) -> list[tuple[PlaceView, ClockLine | None]]:
    """The places of a round, each with its clock in words."""
    return [(place, line_of(place.clock, visit.actor) if place.clock else None) for place in asked.places]


@dataclass(frozen=True, slots=True)
class Happening:
    """A step in the timeline: the record, what was sent with it, and who took it in words. What is short stands open."""

    record: RecordView
    who: str
    sent: list[Fact]
    sent_on_time: bool
    open: bool


def _event(record: RecordView, view: CaseView) -> Happening:
    sent = facts_of(record.form, record.data, view.documents, language=_language(record.data)) if record.data else []
    who = f"{record.organisation} ({record.part})" if record.organisation else record.part
    if record.person:
        who = f"{record.person}, {who}"
    short = record.step is not None and is_short(record.step)
    return Happening(record, who, sent, sent_on_time=record.took_place_at == record.recorded_at, open=short)


def _awaited(visit: Visit, view: CaseView) -> list[Choice]:
    """The steps the reader is waited for: asked in a round, awaited in this state, or the answer to an authority."""
    ready = [choice for choice in view.choices if not choice.waits_because]
    found = [choice for choice in ready if choice.awaited]
    if not found and any(question.case.pk == view.case.pk for question in unanswered_questions(visit.actor)):
        found = [choice for choice in ready if choice.step.name == "reply"]
    return found


def question_to(view: CaseView, step: Step | None) -> Happening | None:
    """The question of an authority that a step answers, to stand above the answer; None for any other step."""
    if step is None or step.name != "reply":
        return None
    asked = [record for record in view.records if record.step is not None and record.step.name == "question"]
    return _event(asked[-1], view) if asked else None


def _done(visit: Visit, view: CaseView) -> RecordView | None:
    """The step that the reader has just taken, to be confirmed above the page."""
    wanted = read_id(visit.request.GET.get("done", ""))
    return next((record for record in view.records if record.id == wanted), None)


def _inline(visit: Visit, view: CaseView, primary: Choice | None) -> dict[str, Any] | None:
    """The form of the awaited step, where it is short enough to stand on the case page itself."""
    if primary is None or not is_short(primary.step):
        return None
    sheet = opened(visit, primary.step, view.case)
    if primary.step.asks is None:
        return {"sheet": sheet, "parts": []}
    return {"sheet": sheet, "parts": parts_of(sheet, sheet.bound()), "left_out": ""}


def status_words(view: CaseView) -> str:
    """Where the case stands and what it waits for, in one or two sentences."""
    since = _("%(state)s since %(day)s.") % {"state": view.state.title, "day": long_date(view.since)}
    waited = [_waited(asked) for asked in view.rounds if asked.open_places and not asked.over]
    if view.state.awaits:
        waited.append(_next(view))
    return " ".join([since, *waited])


def _waited(asked: RoundView) -> str:
    """Whose answers a round waits for, until when, and what happens if none comes."""
    open_places = [place for place in asked.places if place.answered_at is None]
    ends = [
        (clock.due_at, place, clock) for place in open_places if (clock := place.clock) is not None and clock.due_at
    ]
    if not ends:
        names = ", ".join(place.addressee for place in open_places)
        return _("“%(question)s” waits for an answer from %(who)s.") % {"question": asked.title, "who": names}
    _due, last, clock = max(ends, key=lambda end: end[0])
    found, language = deadline_of(clock), get_language() or "en"
    words = ngettext(
        "“%(question)s” waits for the answer of %(who)s until %(due)s.",
        "“%(question)s” waits for %(open)s answers, the last of %(who)s until %(due)s.",
        len(open_places),
    ) % {
        "question": asked.title,
        "open": len(open_places),
        "who": last.addressee,
        "due": (answer_words(found) or {}).get(language, ""),
    }
    # Where the law of the places differs, each place says what silence means there.
    alike = {place.clock.silence for place in open_places if place.clock is not None} == {found.silence}
    silence = text(f"silence.{found.silence}", language) if found.silence and alike else ""
    return f"{words} {silence.removesuffix('.')} ({provision_words(asked.basis, language)})." if silence else words


def _next(view: CaseView) -> str:
    """The steps the case waits for, and whose they are."""
    steps = [view.procedure.steps[name] for name in view.state.awaits]
    who = "; ".join(dict.fromkeys(str(kind.title) for step in steps for kind in step.by))
    titles = _(", or: ").join(str(step.title) for step in steps)
    return _("Next: %(steps)s – by: %(who)s.") % {"steps": titles, "who": who}


def _readers(view: CaseView) -> list[str]:
    """Everybody who may see the case: the filer, the other party where it may, and the audiences its procedure names."""
    found = [view.case.organisation.name]
    if view.case.counterpart is not None and f"org:{view.case.counterpart_id}" in view.readers:
        found.append(view.case.counterpart.name)
    return [*found, *readers_in_words(view.readers)]


def _facts(view: CaseView) -> list[Fact]:
    found = view.case
    facts: list[Fact] = [
        {"label": _("Number"), "value": found.number or _("None yet")},
        {"label": _("Procedure"), "value": str(view.procedure.title)},
        {"label": _("Filer"), "value": found.organisation.name},
    ]
    if found.counterpart is not None:
        facts.append({"label": _("Other party"), "value": found.counterpart.name})
    if found.member_states:
        facts.append(
            {"label": _("Member States"), "value": ", ".join(state_name(code) for code in found.member_states)}
        )
    facts.append({"label": _("Opened"), "date": found.opened_at})
    if found.updated_at != found.opened_at:
        facts.append({"label": _("Last step"), "date": found.updated_at})
    return facts


def _content(view: CaseView, entry: EntryView | None) -> list[Fact]:
    """What the case says: of an entry its current version, of any other case what it was opened with."""
    if entry is not None:
        shown = facts_of(entry.form, entry.content, view.documents, language=entry.language, withheld=entry.withheld)
        return [*shown, *(_erased(entry, name, since) for name, since in entry.erased.items())]
    first = view.first
    if first is None:
        return []
    # An application that was corrected says what was last stated with the same form.
    said = [record for record in view.records if record.form is first.form and record.data is not None]
    if not said:
        return []
    data = said[-1].data or {}
    return facts_of(said[-1].form, data, view.documents, language=_language(data))


def _erased(entry: EntryView, name: str, since: str) -> Fact:
    return {
        "label": label_of(entry.form, pointer_from_name(name)) if name != "reason" else _("Why it changes"),
        "withheld": {"erased": True, "on": since},
    }


def _language(data: Mapping[str, Any]) -> str:
    """The language in which a filing says that its texts are; empty where it does not."""
    routing = data.get("routing")
    return str(routing.get("language", "")) if isinstance(routing, Mapping) else ""


def public_url(entry: EntryView | None) -> str:
    """Where the public reads the entry; empty for what the public never sees."""
    return reverse("entry", args=[entry.number]) if entry is not None and not entry.secure else ""


def _changes_url(entry: EntryView | None) -> str:
    """Where the public compares the last two versions."""
    if entry is None or entry.secure or len(entry.versions) < 2:
        return ""
    return reverse("changes", args=[entry.number, entry.versions[-2].n, entry.current.n])
