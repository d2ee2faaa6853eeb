"""What silence brings about may touch whatever the step touches: the sweeper works on the case data of every desk."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections

from aioffice.kernel.clocks.declaring import SWEEPER
from aioffice.kernel.db import rls

KERNEL = "aioffice.kernel."
"""The kernel says of its own tables, one by one, which services work on them."""


def let_silence_act(sender: AppConfig, using: str = "owner", **_: Any) -> None:
    """Let the sweeper work on the tables of desks and register that hold data of cases: said after migrations, of every such table.

    So a desk that declares `on_silence` has nothing to add to its migrations. The tables are known by what row-level security looks at:
    whose a row is and who may see it.
    """
    if using != "owner":
        return
    above = tuple(
        f"{config.label}_"
        for config in apps.get_app_configs()
        if config.name.startswith("aioffice.") and not config.name.startswith(KERNEL)
    )
    with connections[using].cursor() as cursor:
        cursor.execute(rls.NOT_LET_IN, [SWEEPER])
        for table in [row[0] for row in cursor.fetchall() if row[0].startswith(above)]:
            cursor.execute(rls.let_in(table, SWEEPER))
