"""Performing an erasure: what is named is looked up, every room that holds copies takes them out, and traces are swept up afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

from django.utils.translation import gettext as _
from pydantic import BaseModel, TypeAdapter, ValidationError

from aioffice.kernel.db import acting
from aioffice.kernel.failpoints import reach
from aioffice.kernel.parties.actor import service
from aioffice.kernel.procedures.copies import ERASER, Copy, Erasing, forms_of, holders
from aioffice.kernel.procedures.declaration import procedure
from aioffice.kernel.procedures.erasing import Erasure, SentValue, sent_values, value_at, within
from aioffice.kernel.procedures.errors import FieldError, Invalid
from aioffice.kernel.procedures.models import Case, ErasedValue, StepPayload, StepRecord

if TYPE_CHECKING:
    from aioffice.kernel.procedures.ask import Form
    from aioffice.kernel.procedures.work import Work


def form_of(record: StepRecord) -> type[Form] | None:
    """The form to which the data of a record was sent; None where its step asks nothing or is declared no longer."""
    slug, _dot, name = record.step.rpartition(".")
    try:
        step = procedure(slug).steps.get(name)
    except KeyError:
        return None
    return step.asks if step is not None else None


def values_of(payload: StepPayload) -> list[SentValue]:
    """What can still be erased of a payload, in the order of its form."""
    return sent_values(form_of(payload.record), payload.data)[0]


def erasable(case: Case) -> list[tuple[StepRecord, list[SentValue]]]:
    """The steps of a case with the values that can be erased, in order; those where nothing is left are not among them."""
    payloads = StepPayload.objects.filter(record__case=case).select_related("record").order_by("record__sequence")
    found = []
    for payload in payloads:
        payload.record.payload = payload
        if values := values_of(payload):
            found.append((payload.record, values))
    return found


def choices(case: Case) -> list[tuple[str, Any]]:
    """The pointers of everything that can be erased of any step of a case, with their labels."""
    found = {one.pointer: one.label for _record, values in erasable(case) for one in values}
    return list(found.items())


def plan(case: Case, sequence: int, pointers: Sequence[str], *, at: datetime, basis: str) -> Erasing:
    """What an erasure of these pointers (none: everything) of a step takes out. Raises `Invalid`, naming what the step does hold."""
    payload = (
        StepPayload.objects.filter(record__case=case, record__sequence=sequence)
        .select_related("record", "record__case")
        .first()
    )
    if payload is None:
        message = _("This case has no step of that number whose payload is still there.")
        raise Invalid(errors=[FieldError("/sequence", message, "no-such-step")])
    found, stays = sent_values(form_of(payload.record), payload.data)
    chosen = found if not pointers else _chosen(payload.record, found, stays, pointers)
    written = _as_parsed(form_of(payload.record), payload.data)
    values = {one.pointer: forms_of(one.value, value_at(written, one.pointer)) for one in chosen}
    return Erasing(case, payload.record, values, not pointers, at, basis)


def _chosen(
    record: StepRecord, found: Sequence[SentValue], stays: Sequence[str], pointers: Sequence[str]
) -> list[SentValue]:
    errors = []
    for index, named in enumerate(pointers):
        if named and any(within(one.pointer, named) for one in found):
            continue
        place = f"/pointers/{index}"
        gone = ErasedValue.objects.filter(record=record, pointer=named).first()
        if gone is not None:
            message = _("“%(pointer)s” was erased before.") % {"pointer": named}
            errors.append(FieldError(place, message, "erased-before"))
        elif any(within(one, named) or within(named, one) for one in stays):
            message = _(
                "“%(pointer)s” stays: it is a code, a number or a day on which the case rests, such as where it was filed."
            ) % {"pointer": named}
            errors.append(FieldError(place, message, "stays"))
        else:
            listed = ", ".join(one.pointer for one in found) or _("nothing")
            message = _("This step holds no value at “%(pointer)s”. It holds: %(pointers)s.") % {
                "pointer": named,
                "pointers": listed,
            }
            errors.append(FieldError(place, message, "no-such-value"))
    if errors:
        raise Invalid(errors=errors)
    return [one for one in found if any(within(one.pointer, named) for named in pointers)]


def _as_parsed(form: type[BaseModel] | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as the form made of it, which is how effects keep it; without what the form of today does not take."""
    found: dict[str, Any] = {}
    for name, info in form.model_fields.items() if form is not None else ():
        value = data.get(name)
        if value is None:
            continue
        try:
            kind: TypeAdapter[Any] = TypeAdapter(info.annotation or Any)
            found[name] = kind.dump_python(kind.validate_python(value), mode="json", warnings=False)
        except ValidationError:
            # A part of a group was erased before: the others are read one by one.
            group = next((one for one in (info.annotation, *get_args(info.annotation)) if _is_form(one)), None)
            if group is not None and isinstance(value, Mapping):
                found[name] = _as_parsed(group, value)
    return found


def _is_form(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def fault(work: Work) -> Invalid | None:
    """What is wrong with the erasure that a step asks for; None if it can be done."""
    assert isinstance(work.form, Erasure), "an erasing step asks for an Erasure"
    try:
        plan(work.case, work.form.sequence, work.form.pointers, at=work.at, basis=work.step.basis)
    except Invalid as error:
        return error
    return None


def also_in(erasing: Erasing) -> list[Copy]:
    """Where else the values stand that an erasure would take out, as far as whoever may see the case may know."""
    return [copy for holder in holders() for copy in holder.find(erasing)]


def erase(works: Iterable[Work]) -> None:
    """Take the values out of every place that holds them, in the transaction of the erasing steps."""
    from aioffice.kernel.procedures.jobs import vacuum

    done = False
    for work in works:
        assert work.record is not None, "the erasing step is on record"
        assert isinstance(work.form, Erasure), "an erasing step asks for an Erasure"
        erasing = plan(work.case, work.form.sequence, work.form.pointers, at=work.at, basis=work.step.basis)
        with acting(service(ERASER), work.at):
            for holder in holders():
                holder.redact(erasing, work.record)
        done = True
    if done:
        vacuum.defer()
        reach("erase.redacted")
