"""`aioffice token` makes, lists and ends an organisation's tokens; an administrator signs in for that with e-mail and password."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from aioffice.doors.cli._acting import Email, OfOrganisation, Password, Token, actor_of, refusals, sign_in
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, note, print_facts, print_json, print_table

if TYPE_CHECKING:
    from aioffice.kernel.parties.models import ApiToken

app = typer.Typer(name="token", help="Tokens with which machines act for an organisation.", no_args_is_help=True)


class TokenRole(StrEnum):
    """Roles a token may hold."""

    READER = "reader"
    EDITOR = "editor"
    SIGNATORY = "signatory"
    AUDITOR = "auditor"


def _line(token: ApiToken) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "roles": token.roles,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    }


@app.command(epilog=EXITS)
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, such as the machine's name.")],
    *,
    email: Email,
    password: Password,
    role: Annotated[list[TokenRole], typer.Option(help="May be repeated.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="Days until it ends.")] = 90,
    organisation: OfOrganisation = "",
    as_json: AsJson = False,
) -> None:
    """Make a token and print its secret, which is never shown again.

    Example: aioffice token create "release pipeline" --email ana@example.com --role signatory
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.parties.tokens import create_token
        from aioffice.kernel.parties.vocabulary import Role

        at = timezone.now()
        actor = sign_in(email, password, organisation)
        roles = [Role(one.value) for one in role]
        made = create_token(name, roles, expires_at=at + timedelta(days=days), actor=actor, at=at)
    if as_json:
        print_json({**_line(made.token), "secret": made.secret})
    else:
        note(f"Token {made.token.pk}, until {made.token.expires_at:%Y-%m-%d}. Keep the secret; it is not shown again.")
        print(made.secret)


@app.command("list", epilog=EXITS)
def list_all(email: Email, password: Password, organisation: OfOrganisation = "", as_json: AsJson = False) -> None:
    """List the organisation's tokens, newest first.

    Example: aioffice token list --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.db import acting
        from aioffice.kernel.parties.tokens import list_tokens

        actor = sign_in(email, password, organisation)
        with acting(actor, timezone.now()):
            tokens = [_line(token) for token in list_tokens(actor=actor)]
    if as_json:
        print_json({"items": tokens, "complete": True})
        return
    rows = [
        (one["id"], one["name"], ", ".join(one["roles"]), _day(one["expires_at"]), _day(one["revoked_at"]))
        for one in tokens
    ]
    print_table(("Id", "Name", "Roles", "Ends", "Revoked"), rows)


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


@app.command(epilog=EXITS)
def revoke(
    token_id: Annotated[UUID, typer.Argument(help="Its id, as `token list` shows it.")],
    email: Email,
    password: Password,
    organisation: OfOrganisation = "",
) -> None:
    """End a token now.

    Example: aioffice token revoke 0193a000-0000-7000-8000-000000000000 --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.parties.tokens import revoke_token

        actor = sign_in(email, password, organisation)
        token = revoke_token(token_id, actor=actor, at=timezone.now())
    print(f"Token {token.pk} ended.")


@app.command(epilog=EXITS)
def whoami(token: Token, as_json: AsJson = False) -> None:
    """Show for whom a token acts, and what it may do.

    Example: aioffice token whoami
    """
    with office():
        from django.utils import timezone

        from aioffice.doors.api.cases import describe_actor

        me = describe_actor(actor_of(token, timezone.now()))
    if as_json:
        print_json(me)
    else:
        print_facts(me)
