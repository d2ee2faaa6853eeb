"""Acting from the command line: with a token of an organisation, in this process, past the same guards as the API.

Modules of the office are imported inside functions: `aioffice --help` needs neither database nor Django.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO
from uuid import UUID

import typer
import yaml

from aioffice.doors.cli._printing import Exit, quiet, stop

if TYPE_CHECKING:
    from datetime import datetime

    from aioffice.kernel.parties.actor import Actor
    from aioffice.kernel.procedures.declaration import Step
    from aioffice.kernel.procedures.models import Case, StepRecord

Token = Annotated[str, typer.Option("--token", envvar="AIOFFICE_TOKEN", help="Token of your organisation.")]
Email = Annotated[str, typer.Option(help="Administrator of the organisation.")]
Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, envvar="AIOFFICE_PASSWORD", help="Asked for when it is not given.")
]
OfOrganisation = Annotated[str, typer.Option(help="Id of the organisation, for those who belong to several.")]
LONGEST_FILE = 5_000_000


def actor_of(token: str, at: datetime) -> Actor:
    """Who the token acts for; ends the command when it is not in force."""
    from aioffice.kernel.db import plumbing
    from aioffice.kernel.parties.actors import actor_for_token

    with plumbing():
        actor = actor_for_token(token, at)
    if actor is None:
        stop(Exit.NOT_ALLOWED, "This token is not in force: it is unknown, revoked or past its end.")
    return actor


def sign_in(email: str, password: str, organisation: str) -> Actor:
    """The person behind e-mail address and password, acting for an organisation; ends the command otherwise."""
    from allauth.mfa.utils import is_mfa_enabled
    from django.contrib.auth import authenticate

    from aioffice.kernel.db import plumbing
    from aioffice.kernel.parties.actors import actor_for_person
    from aioffice.kernel.parties.models import Person

    with plumbing():
        person = authenticate(None, username=email, password=password)
        if not isinstance(person, Person):
            stop(Exit.NOT_ALLOWED, "E-mail address or password is wrong.")
        if is_mfa_enabled(person):
            stop(
                Exit.NOT_ALLOWED,
                "This account signs in with a second factor: do this on the organisation's page.",
            )
        try:
            wanted = UUID(organisation) if organisation else None
        except ValueError:
            stop(Exit.MISREAD, "--organisation: this is not an id.")
        return actor_for_person(person, wanted)


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """End the command in plain words when the office refuses, with the exit status for it."""
    from django.db import OperationalError

    from aioffice.kernel.db import is_busy
    from aioffice.kernel.procedures import errors as e

    quiet()
    try:
        yield
    except OperationalError as error:
        if not is_busy(error):
            raise
        stop(
            Exit.CONFLICT,
            "Somebody else is working on the same thing. Nothing was done; send it again in a few seconds.",
        )
    except e.Invalid as error:
        stop(Exit.INVALID, *(f"{fault.pointer or '/'}: {fault.message}" for fault in error.errors))
    except e.IdempotencyMismatch as error:
        stop(Exit.CONFLICT, error.message, *(f"{pointer}: differs" for pointer in error.extra.get("pointers", ())))
    except e.Conflict as error:
        stop(Exit.CONFLICT, error.message)
    except e.NotFound as error:
        stop(Exit.NOT_FOUND, error.message)
    except e.NotAllowed as error:
        stop(Exit.NOT_ALLOWED, error.message)
    except e.ProcedureError as error:
        stop(Exit.REFUSED, error.message)


def read_data(path: Path | None) -> dict[str, Any]:
    """Read what a step asks from a JSON or YAML file; ends the command when that cannot be done. None: the step asks for nothing."""
    from aioffice.doors.api.reading import faults_of, first_of

    if path is None:
        return {}
    try:
        if path.stat().st_size > LONGEST_FILE:
            stop(
                Exit.FAILED,
                f"{path}: no filing is longer than {LONGEST_FILE} bytes; files it refers to stand by themselves.",
            )
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        stop(Exit.FAILED, f"There is no file {path}.")
    except (OSError, UnicodeDecodeError) as error:
        stop(Exit.FAILED, f"{path}: {error}")
    try:
        data = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a safe loader
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        stop(Exit.INVALID, f"{path}: not {'JSON' if path.suffix == '.json' else 'YAML'}: {error}")
    if not isinstance(data, dict):
        stop(Exit.INVALID, f"{path}: holds no object with the fields of the form.")
    if faults := first_of(faults_of(data)):
        stop(Exit.INVALID, *(f"{fault.pointer or '/'}: {fault.message}" for fault in faults))
    return data


class _PlainLoader(yaml.SafeLoader):
    """YAML in which dates stay the text they were written as: forms take text."""


_PlainLoader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def send_in_files(step: Step, data: dict[str, Any], folder: Path, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Replace names of files by the ids of documents: a field that asks for a file may name one beside the data."""
    from aioffice.kernel.documents.service import upload
    from aioffice.kernel.procedures.ask import Widget
    from aioffice.kernel.procedures.spec import spec_of

    if step.asks is None:
        return data
    sent = dict(data)
    for field in spec_of(step.asks).fields:
        value = sent.get(field.key)
        if field.widget is not Widget.FILE or not isinstance(value, str) or _is_id(value):
            continue
        path = folder / value
        try:
            with path.open("rb") as file:
                document = upload(_chunks(file), path.name, actor=actor, at=at, pointer=field.pointer)
        except FileNotFoundError:
            stop(Exit.INVALID, f"{field.pointer}: there is no file {value!r} beside the data, in {folder.resolve()}.")
        except OSError as error:
            stop(Exit.FAILED, f"{field.pointer}: {error}")
        sent[field.key] = str(document.pk)
    return sent


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(1 << 16):
        yield chunk


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def find_case(text: str, actor: Actor, *, shown: bool) -> Case:
    """The case with that id or number, as far as it concerns the actor; raise NotFound. `shown`: its file is printed, which is
    written down. Called inside `acting`.
    """
    from aioffice.kernel.procedures.case_view import visible_case
    from aioffice.kernel.reading.vocabulary import Door

    return visible_case(UUID(text) if _is_id(text) else text, actor=actor, door=Door.CLI if shown else None)


def step_taken(record: StepRecord, actor: Actor, at: datetime) -> dict[str, Any]:
    """What a step led to, as the API answers it."""
    from aioffice.doors.api import casefile
    from aioffice.kernel.db import acting
    from aioffice.kernel.procedures.policy import policy

    with acting(actor, at):
        case = policy.visible_to(actor).select_related("organisation").get(pk=record.case_id)
        return {
            "case": casefile.summary(case, record),
            "record": casefile.record_line(record),
            "replayed": record.recorded_at != at,
        }
