"""API tokens: a secret shown once, roles a machine may hold, an end within a year."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aioffice.kernel.db import acting, plumbing
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_token
from aioffice.kernel.parties.models import ApiToken, AuditEntry
from aioffice.kernel.parties.tokens import LONGEST, create_token, list_tokens, revoke_token
from aioffice.kernel.parties.vocabulary import Capacity, Role
from aioffice.kernel.procedures.errors import Invalid, NotAllowed, NotFound
from tests.support.parties import NOW, acting_for, organisation

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(days=30)


@pytest.fixture
def administrator() -> Actor:
    return acting_for(organisation("Example Systems", Capacity.PROVIDER))


def test_a_token_acts_for_its_organisation_with_its_roles(administrator: Actor) -> None:
    made = create_token("Release pipeline", {Role.EDITOR}, expires_at=SOON, actor=administrator, at=NOW)
    assert made.secret.startswith("aio_")
    with plumbing():
        machine = actor_for_token(made.secret, NOW)
    assert machine is not None
    assert machine.organisation == administrator.organisation
    assert machine.roles == {Role.EDITOR}
    assert machine.person is None


def test_the_secret_is_kept_nowhere(administrator: Actor) -> None:
    made = create_token("Release pipeline", {Role.EDITOR}, expires_at=SOON, actor=administrator, at=NOW)
    with acting(administrator, NOW):
        stored = ApiToken.objects.filter(pk=made.token.pk).values().get()
        audited = list(AuditEntry.objects.filter(action="token.create").values())
    assert made.secret not in str(stored)
    assert made.secret not in str(audited)
    assert [entry["actor"] for entry in audited] == [administrator.id]


@pytest.mark.parametrize(
    ("name", "roles", "length", "pointer"),
    [
        ("", {Role.EDITOR}, timedelta(days=1), "/name"),
        ("x" * 101, {Role.EDITOR}, timedelta(days=1), "/name"),
        ("x", set(), timedelta(days=1), "/roles"),
        ("x", {Role.ADMINISTRATOR}, timedelta(days=1), "/roles"),
        ("x", {Role.EDITOR}, timedelta(0), "/expires_at"),
        ("x", {Role.EDITOR}, LONGEST + timedelta(seconds=1), "/expires_at"),
    ],
)
def test_what_a_token_cannot_be(
    administrator: Actor, name: str, roles: set[Role], length: timedelta, pointer: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        create_token(name, roles, expires_at=NOW + length, actor=administrator, at=NOW)
    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_a_token_ends_when_it_was_said_to(administrator: Actor) -> None:
    made = create_token("Year", {Role.READER}, expires_at=NOW + LONGEST, actor=administrator, at=NOW)
    with plumbing():
        assert actor_for_token(made.secret, NOW + LONGEST - timedelta(seconds=1)) is not None
        assert actor_for_token(made.secret, NOW + LONGEST) is None


def test_a_revoked_token_acts_no_more_and_stays_in_the_list(administrator: Actor) -> None:
    made = create_token("Lost", {Role.EDITOR}, expires_at=SOON, actor=administrator, at=NOW)
    revoke_token(made.token.pk, actor=administrator, at=NOW)
    again = revoke_token(made.token.pk, actor=administrator, at=SOON)
    assert again.revoked_at == NOW
    with plumbing():
        assert actor_for_token(made.secret, NOW) is None
    with acting(administrator, NOW):
        assert [token.name for token in list_tokens(actor=administrator)] == ["Lost"]


def test_only_administrators_of_the_organisation_have_a_say(administrator: Actor) -> None:
    made = create_token("Ours", {Role.EDITOR}, expires_at=SOON, actor=administrator, at=NOW)
    stranger = acting_for(organisation("Another"))
    signatory = acting_for(organisation("Third"), roles=[Role.SIGNATORY, Role.EDITOR, Role.READER])
    with pytest.raises(NotFound):
        revoke_token(made.token.pk, actor=stranger, at=NOW)
    with acting(stranger, NOW):
        assert list_tokens(actor=stranger) == []
    with pytest.raises(NotAllowed):
        create_token("x", {Role.READER}, expires_at=SOON, actor=signatory, at=NOW)
    with pytest.raises(NotAllowed):
        list_tokens(actor=signatory)
    with pytest.raises(NotAllowed):
        revoke_token(made.token.pk, actor=signatory, at=NOW)
