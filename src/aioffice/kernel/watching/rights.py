"""Who may see how the office is doing, beyond what everybody may."""

from __future__ import annotations

from django.utils.translation import gettext as _

from aioffice.kernel.parties.actor import Actor, service
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import NotAllowed

WATCHMAN = service("watchman")
"""The service that counts and looks at dates."""
OPERATOR = service("operator")
"""Whoever has a command line on the machine that runs the office, and with it everything."""


def may_operate(actor: Actor) -> bool:
    """Whether the actor looks after this office: an administrator of the AI Office, or whoever sits at the machine."""
    if actor.service:
        return actor == OPERATOR
    return Capacity.AI_OFFICE in actor.capacities and Role.ADMINISTRATOR in actor.roles


def may_see_queues(actor: Actor) -> bool:
    """Whether the actor may see queues and their faults, which move with every filing, also with one of the secure section (49(4))."""
    return may_operate(actor) and (actor.secure_access or bool(actor.service))


def must_operate(actor: Actor) -> None:
    """Raise `NotAllowed` for anybody who does not look after this office."""
    if not may_operate(actor):
        raise NotAllowed(_("This is for administrators of the AI Office."))


def must_see_queues(actor: Actor) -> None:
    """Raise `NotAllowed` for anybody who may not see queues."""
    must_operate(actor)
    if not may_see_queues(actor):
        raise NotAllowed(
            _(
                "This is for administrators of the AI Office who are cleared for the secure section: it moves with what is filed there."
            )
        )
