"""Run as a program against the office that the environment names: opens cases that wait in silence, or sweeps after their end.

`python -m tests.support.sweeping open 3` opens three cases; `... sweep` sweeps at their end.
"""

from __future__ import annotations

import sys

import django


def main(what: str, number: str = "1") -> None:
    """Do one of the two."""
    django.setup()
    from datetime import UTC, datetime

    from aioffice.kernel.clocks.sweeping import sweep
    from aioffice.kernel.parties.vocabulary import Capacity
    from tests.support.clocks import opened, plan
    from tests.support.parties import acting_for, organisation

    with plan() as kind:
        if what == "open":
            organisation("Authority (fictional)", Capacity.MARKET_SURVEILLANCE_AUTHORITY)
            provider = acting_for(organisation("Provider (fictional)", Capacity.PROVIDER))
            for _one in range(int(number)):
                opened(kind, provider, "submit")
        else:
            sweep(at=datetime(2027, 4, 5, 23, 0, tzinfo=UTC))


if __name__ == "__main__":
    main(*sys.argv[1:])
