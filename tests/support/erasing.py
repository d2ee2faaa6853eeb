"""Run as a program against the office that the environment names: files with a word in it, or erases that word.

`python -m tests.support.erasing file` files and publishes; `... erase` erases.
"""

from __future__ import annotations

import sys

import django

WORD = "Qwertzuiop"


def main(what: str) -> None:
    """Do one of the two."""
    django.setup()
    from aioffice.kernel.db import acting, plumbing
    from aioffice.kernel.parties.models import Organisation
    from aioffice.kernel.parties.vocabulary import Capacity
    from aioffice.kernel.procedures.models import Case
    from aioffice.kernel.procedures.performing import perform
    from aioffice.register.procedure import RegisterExempt
    from tests.support.filings import section_b
    from tests.support.parties import NOW, acting_for, organisation
    from tests.support.sequencing import settle

    if what == "file":
        organisation("AI Office", Capacity.AI_OFFICE, state="", country="EU")
        provider = acting_for(organisation("Provider", Capacity.PROVIDER))
        data = section_b(trade_name=WORD, intended_purpose=f"{WORD} for all.")
        perform(RegisterExempt.file, None, actor=provider, data=data, at=NOW)
        settle(NOW)
        return
    with plumbing():
        office = Organisation.objects.get(name="AI Office")
    actor = acting_for(office, roles=[what])
    with acting(actor, NOW):
        case = Case.objects.get()
    data = {"sequence": 1, "pointers": ["/trade_name", "/intended_purpose"], "reason": "It must go."}
    perform(RegisterExempt.erase, case.pk, actor=actor, data=data, at=NOW)
    settle(NOW)


if __name__ == "__main__":
    main(*sys.argv[1:])
