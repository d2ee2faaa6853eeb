"""The people of the demo: how they come in, who they act as, and the file with their logins."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from aioffice.kernel import durable
from aioffice.kernel.parties.actor import Actor
from aioffice.kernel.parties.actors import actor_for_person
from aioffice.kernel.parties.models import Person
from aioffice.kernel.parties.services import invite_member
from aioffice.kernel.parties.vocabulary import Role

LIGHT_ROUNDS = 20_000
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Login:
    """One line of the file with logins."""

    who: str
    email: str
    password: str


@dataclass(slots=True)
class People:
    """Everybody in the demo, by e-mail address. `at` is the moment up to which the demo's history reaches."""

    at: datetime
    logins: list[Login] = field(default_factory=list)

    def day(self, days_ago: float) -> datetime:
        """A moment so many days before the demo was loaded."""
        return self.at - timedelta(days=days_ago)

    def actor(self, email: str) -> Actor:
        """Who the person acts as, with what the organisation may do now."""
        return actor_for_person(Person.objects.get(email=email))

    def sign_up(self, email: str, name: str, who: str, *, language: str = "en") -> Person:
        """Somebody makes an account without being invited."""
        person = Person.objects.create_user(email, name=name, language=language)
        self.note(email, who)
        return person

    def note(self, email: str, who: str) -> None:
        """Put somebody who has an account on the list of logins, with a password made for the demo."""
        password = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3))
        self.logins.append(Login(who, email, password))

    def invite(self, email: str, name: str, who: str, roles: Collection[Role], *, by: str, at: datetime) -> None:
        """An administrator lets somebody in."""
        invite_member(email, roles, name=name, actor=self.actor(by), at=at)
        self.note(email, who)

    def set_passwords(self) -> None:
        """Let everybody sign in: addresses verified, and passwords hashed lightly.

        Many rounds protect words that people think of; these passwords are random. Django hashes them anew, with all its rounds,
        when somebody signs in.
        """
        hasher = PBKDF2PasswordHasher()
        for login in self.logins:
            person = Person.objects.get(email=login.email)
            person.password = hasher.encode(login.password, hasher.salt(), iterations=LIGHT_ROUNDS)
            person.save(update_fields=["password"])
            EmailAddress.objects.update_or_create(
                user=person, email=login.email, defaults={"verified": True, "primary": True}
            )


def write_logins(logins: Collection[Login], path: Path, address: str) -> None:
    """Write the file with logins, readable by its owner alone: one line for each person."""
    widths = [max(len(getattr(login, name)) for login in logins) for name in ("who", "email")]
    lines = [
        f"Everybody here is fictional. Sign in at {address}/en/account/login/",
        "",
        *(f"{login.who:<{widths[0]}}  {login.email:<{widths[1]}}  {login.password}" for login in logins),
    ]
    durable.replace(path, "\n".join([*lines, ""]).encode())
