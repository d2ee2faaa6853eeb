"""`aioffice webhook` manages an organisation's webhooks; an administrator signs in for that with e-mail and password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from aioffice.doors.cli._acting import Email, OfOrganisation, Password, refusals, sign_in
from aioffice.doors.cli._office import office
from aioffice.doors.cli._printing import EXITS, AsJson, Exit, note, print_json, print_table, stop

if TYPE_CHECKING:
    from aioffice.kernel.webhooks.models import Webhook

app = typer.Typer(name="webhook", help="Addresses at which an organisation's programs are told.", no_args_is_help=True)

Id = Annotated[UUID, typer.Argument(help="Its id, as `webhook list` shows it.")]
Procedures = Annotated[
    list[str] | None, typer.Option("--procedure", help="What it is told of, by slug; may be repeated.")
]


def _told(found: Webhook, secret: str, as_json: bool) -> None:
    from aioffice.doors.api.webhooks import shape

    if as_json:
        print_json({**shape(found), "secret": secret})
    else:
        note(f"Webhook {found.pk}. Keep the secret; it is not shown again.")
        print(secret)


@app.command(epilog=EXITS)
def add(
    name: Annotated[str, typer.Argument(help="Such as that of the system.")],
    url: Annotated[str, typer.Argument(help="Where it is told: https, on the public internet.")],
    email: Email,
    password: Password,
    *,
    procedure: Procedures = None,
    organisation: OfOrganisation = "",
    as_json: AsJson = False,
) -> None:
    """Register an address and print its secret, which is never shown again.

    Example: aioffice webhook add "release pipeline" https://hooks.example.com/aioffice --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.webhooks.service import add_webhook

        actor = sign_in(email, password, organisation)
        made = add_webhook(name, url, procedure or [], actor=actor, at=timezone.now())
        _told(made.webhook, made.secret, as_json)


@app.command("list", epilog=EXITS)
def list_all(email: Email, password: Password, *, organisation: OfOrganisation = "", as_json: AsJson = False) -> None:
    """List the organisation's webhooks, newest first.

    Example: aioffice webhook list --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.doors.api.webhooks import shape
        from aioffice.kernel.db import acting
        from aioffice.kernel.webhooks.service import list_webhooks

        actor = sign_in(email, password, organisation)
        with acting(actor, timezone.now()):
            found = [shape(one) for one in list_webhooks(actor=actor)]
    if as_json:
        print_json({"items": found, "complete": True})
        return
    rows = [(one["id"], one["name"], one["url"], _standing(one), ", ".join(one["procedures"])) for one in found]
    print_table(("Id", "Name", "Address", "Standing", "Told of"), rows)


def _standing(one: dict[str, Any]) -> str:
    if not one["active"]:
        return "switched off" if one["switched_off_at"] is None else "switched off: it failed"
    return "on" if one["failing_since"] is None else "fails"


@app.command(epilog=EXITS)
def change(
    webhook_id: Id,
    email: Email,
    password: Password,
    *,
    name: Annotated[str | None, typer.Option(help="A new name.")] = None,
    url: Annotated[str | None, typer.Option(help="A new address.")] = None,
    procedure: Procedures = None,
    everything: Annotated[bool, typer.Option("--everything", help="Tell it of everything from now on.")] = False,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Switch it on or off.")] = None,
    organisation: OfOrganisation = "",
    as_json: AsJson = False,
) -> None:
    """Change a webhook, or switch it on or off; what is not named stays as it is.

    Example: aioffice webhook change 0193a000-0000-7000-8000-000000000000 --off --email ana@example.com
    """
    if everything and procedure:
        stop(Exit.MISREAD, "--everything and --procedure exclude each other: leave one of them out.")
    if (name, url, procedure, on) == (None, None, None, None) and not everything:
        stop(Exit.MISREAD, "Say what is to change: --name, --url, --procedure, --everything, --on or --off.")
    with office(), refusals():
        from django.utils import timezone

        from aioffice.doors.api.webhooks import shape
        from aioffice.kernel.webhooks.service import change_webhook

        changed = change_webhook(
            webhook_id,
            name=name,
            url=url,
            slugs=[] if everything else procedure,
            active=on,
            actor=sign_in(email, password, organisation),
            at=timezone.now(),
        )
        shown = shape(changed)
    if as_json:
        print_json(shown)
    else:
        print(f"Webhook {webhook_id} changed. It is {_standing(shown)}.")


@app.command(epilog=EXITS)
def rotate(
    webhook_id: Id, email: Email, password: Password, *, organisation: OfOrganisation = "", as_json: AsJson = False
) -> None:
    """Make a new secret and print it; the old one works a day longer.

    Example: aioffice webhook rotate 0193a000-0000-7000-8000-000000000000 --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.webhooks.service import new_secret

        made = new_secret(webhook_id, actor=sign_in(email, password, organisation), at=timezone.now())
        _told(made.webhook, made.secret, as_json)


@app.command("test", epilog=EXITS)
def try_out(webhook_id: Id, email: Email, password: Password, *, organisation: OfOrganisation = "") -> None:
    """Send a test; `webhook deliveries` shows what came of it.

    Example: aioffice webhook test 0193a000-0000-7000-8000-000000000000 --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.webhooks.service import send_test

        sent = send_test(webhook_id, actor=sign_in(email, password, organisation), at=timezone.now())
    print(f"Test {sent.pk} is on its way.")


@app.command(epilog=EXITS)
def deliveries(
    webhook_id: Id, email: Email, password: Password, *, organisation: OfOrganisation = "", as_json: AsJson = False
) -> None:
    """Show what was sent last, and what came back.

    Example: aioffice webhook deliveries 0193a000-0000-7000-8000-000000000000 --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.doors.api.webhooks import delivery_shape
        from aioffice.kernel.db import acting
        from aioffice.kernel.webhooks.service import deliveries_of, webhook_of

        actor = sign_in(email, password, organisation)
        with acting(actor, timezone.now()):
            found = [delivery_shape(one) for one in deliveries_of(webhook_of(webhook_id, actor=actor))]
    if as_json:
        print_json({"items": found})
        return
    rows = [
        (
            one["id"],
            one["message_id"],
            one["state"],
            one["attempts"],
            one["outcome"],
            one["status"],
            one["attempted_at"],
        )
        for one in found
    ]
    print_table(("Id", "Message", "State", "Attempts", "Outcome", "Answer", "Last attempt"), rows)


@app.command("send-again", epilog=EXITS)
def send_once_more(
    webhook_id: Id,
    delivery_id: Annotated[UUID, typer.Argument(help="Its id, as `webhook deliveries` shows it.")],
    email: Email,
    password: Password,
    *,
    organisation: OfOrganisation = "",
) -> None:
    """Send a message once more, under the same id.

    Example: aioffice webhook send-again 0193a000-0000-7000-8000-000000000000 0193a000-0000-7000-8000-000000000001 --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.webhooks.service import send_again

        sent = send_again(webhook_id, delivery_id, actor=sign_in(email, password, organisation), at=timezone.now())
    print(f"Message {sent.message_id} is sent once more.")


@app.command(epilog=EXITS)
def remove(webhook_id: Id, email: Email, password: Password, *, organisation: OfOrganisation = "") -> None:
    """Remove a webhook; what waits for it is given up.

    Example: aioffice webhook remove 0193a000-0000-7000-8000-000000000000 --email ana@example.com
    """
    with office(), refusals():
        from django.utils import timezone

        from aioffice.kernel.webhooks.service import remove_webhook

        remove_webhook(webhook_id, actor=sign_in(email, password, organisation), at=timezone.now())
    print(f"Webhook {webhook_id} removed.")
