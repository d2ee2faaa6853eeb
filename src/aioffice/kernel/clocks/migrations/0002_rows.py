"""Row-level security of clocks: whoever may see a case may see its clocks. A clock is never deleted, a reminder never changed."""

from django.db import migrations

from aioffice.kernel.db import rls

WORKERS = ["importer", "publisher", "dispatcher", "registrar", "sweeper"]
KEPT = """
revoke delete, truncate on office.clocks_clock from aio_office;
revoke delete, truncate on office.clocks_feedaddress from aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial"), ("procedures", "0003_drafts")]

    operations = [
        migrations.RunSQL(
            [
                rls.FUNCTIONS,
                rls.enable("clocks_clock", services=WORKERS),
                rls.enable("clocks_reminder", condition=rls.is_service("sweeper")),
                rls.append_only("clocks_reminder"),
                KEPT,
            ],
            migrations.RunSQL.noop,
        )
    ]
