"""The operations of the API for the page that describes it, read from the OpenAPI document itself."""

from functools import cache

import msgspec
from django import template
from django.utils.translation import gettext, gettext_noop, pgettext_lazy

from aioffice.kernel.procedures.declaration import step_by_key

register = template.Library()

SAID = (
    gettext_noop("A case: state, what you may do now, and everything that was done"),
    gettext_noop("A file that a public entry shows, by its SHA-256"),
    gettext_noop("About this API"),
    gettext_noop("An entry as it stands, or as it stood on a day"),
    gettext_noop("Cases"),
    gettext_noop("Collections and how many current entries each holds"),
    gettext_noop("Counts beside the filters"),
    gettext_noop("Documents"),
    gettext_noop("Every time limit of the Act"),
    gettext_noop("The signed receipt of a step, as PDF for people"),
    gettext_noop("The facts as a JSON Schema"),
    gettext_noop("Everything that can be asked, in words"),
    gettext_noop("Who read confidential files, newest first"),
    gettext_noop("What a system or model is under the Act, and which duties follow"),
    gettext_noop("Classification"),
    gettext_noop("Every version of an entry, the latest first"),
    gettext_noop("One time limit"),
    gettext_noop("One version of an entry"),
    gettext_noop("Open a document of your organisation, or of a case that you may see"),
    gettext_noop("Search the register"),
    gettext_noop("File many registrations"),
    gettext_noop(
        "One provision, with its parts and the rules, duties, limits, fields, fines and procedures that rest on it"
    ),
    gettext_noop(
        "Every Article, paragraph, point and annex of the Act: in a line of our own, since when, and what was changed"
    ),
    gettext_noop("Send in a file"),
    gettext_noop("The 24 official languages, each with its name in itself"),
    gettext_noop("The 27 Member States"),
    gettext_noop("The Act"),
    gettext_noop("The cases that concern you, last opened first"),
    gettext_noop("The fields of Annex VIII in force on a day (today), with the dates from and to which each is"),
    gettext_noop("The use cases of Annex III, and in which register a system under each is registered"),
    gettext_noop("Time limits"),
    gettext_noop("What a kind of problem means and what to do about it"),
    gettext_noop("What a time limit comes to: when it ends, and why"),
    gettext_noop("Proof that the public log states an entry as it stands"),
    gettext_noop("Proof that the public log states a version of an entry"),
    gettext_noop("The signed receipt of a step"),
    gettext_noop("What differs between two versions of an entry"),
    gettext_noop("Webhooks"),
    gettext_noop("The webhooks of your organisation"),
    gettext_noop("Register an address to be told at"),
    gettext_noop("One webhook"),
    gettext_noop("Change a webhook, or switch it on or off"),
    gettext_noop("Remove a webhook"),
    gettext_noop("Make a new secret for a webhook"),
    gettext_noop("Send a test to a webhook"),
    gettext_noop("What was sent to a webhook, and what came back"),
    gettext_noop("Send a message once more, under the same id"),
    gettext_noop("Who your token acts for, and what it may do"),
)
"""What the document says of its own operations and groups, for the catalogues; those of steps have the titles of procedures."""


TITLES = {"Register": pgettext_lazy("the list", "Register")}
"""Groups whose word has another meaning elsewhere."""


@register.simple_tag
def operations() -> list[dict[str, object]]:
    """The operations by group: ``title``, ``headers`` and ``rows`` as the tag ``table`` takes them.

    The document is in English; here its words stand in the language of the page, those of steps as their procedures say them.
    """
    headers = [gettext("Request"), gettext("What it does")]
    return [_group(title, headers, rows) for title, rows in _groups()]


def _group(title: str, headers: list[str], rows: list[tuple[str, str, str]]) -> dict[str, object]:
    procedure = step_by_key(rows[0][2]).procedure if rows[0][2] else None
    return {
        "title": str(procedure.title) if procedure else str(TITLES.get(title) or gettext(title)),
        "headers": headers,
        "rows": [[request, str(step_by_key(key).title) if key else gettext(said)] for request, said, key in rows],
    }


@cache
def _groups() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """For each group its operations: the request, what is said of it, and the key of the step where it takes one."""
    from aioffice.doors.api.documenting import document
    from aioffice.doors.api.v1 import api

    groups: dict[str, list[tuple[str, str, str]]] = {}
    body, _etag = document(api)
    for path, methods in msgspec.json.decode(body)["paths"].items():
        for method, operation in methods.items():
            row = (f"{method.upper()} {path}", operation["summary"], operation.get("x-step", ""))
            groups.setdefault(operation["tags"][0], []).append(row)
    return list(groups.items())
