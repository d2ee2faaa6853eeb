"""Forms beside procedures (people, tokens): fields as the templates draw them, errors from services at their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aioffice.kernel.parties.vocabulary import Role
from aioffice.kernel.procedures.errors import FieldError

type Field = dict[str, Any]


def field(name: str, label: Any, *, value: str = "", widget: str = "text", required: bool = True, **more: Any) -> Field:
    """One field."""
    return {"name": name, "label": label, "value": value, "widget": widget, "required": required, "error": "", **more}


def roles_field(
    label: Any, held: Iterable[str], offered: Sequence[Role], help_text: Any = "", prefix: str = ""
) -> Field:
    """Roles to tick."""
    chosen = set(held)
    choices = [(role.value, role.label, role.value in chosen) for role in offered]
    return field("roles", label, widget="checkboxes", choices=choices, help=help_text, id=f"{prefix}roles")


def with_errors(fields: Sequence[Field], errors: Iterable[FieldError]) -> list[Field]:
    """The fields with what is wrong at each; a pointer that no field has stands at the first."""
    found = [dict(one) for one in fields]
    by_name: Mapping[str, Field] = {one["name"]: one for one in found}
    for error in errors:
        home = by_name.get(error.pointer.removeprefix("/"), found[0])
        home["error"] = " ".join(filter(None, [home["error"], error.message]))
    return found


def chosen_roles(values: Iterable[str]) -> list[Role]:
    """The roles among what a page sent."""
    known = {role.value: role for role in Role}
    return [known[value] for value in values if value in known]
