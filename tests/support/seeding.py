"""Run as a program against the office that the environment names: makes an AI Office and a provider with an API token.

Prints JSON: the token of the provider, which may file.
"""

from __future__ import annotations

import json
from datetime import timedelta

import django


def main() -> None:
    """Make them, and print the token."""
    django.setup()
    from django.utils import timezone

    from aioffice.desks.admission.reference_data import load
    from aioffice.kernel.db import plumbing
    from aioffice.kernel.parties.actors import token_digest
    from aioffice.kernel.parties.models import ApiToken
    from aioffice.kernel.parties.vocabulary import Capacity, Role
    from tests.support.parties import organisation

    load(timezone.now())
    provider = organisation("Crash Test Systems (fictional)", Capacity.PROVIDER)
    with plumbing():
        ApiToken.objects.create(
            organisation=provider,
            name="crash test",
            digest=token_digest("aio_crash"),
            roles=[Role.EDITOR, Role.SIGNATORY],
            created_by="test",
            created_at=timezone.now(),
            expires_at=timezone.now() + timedelta(days=1),
        )
    print(json.dumps({"token": "aio_crash"}))


if __name__ == "__main__":
    main()
