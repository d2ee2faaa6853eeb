"""Row-level security of cases and all that hangs on them; step records can be added and read, never changed or deleted."""

from django.db import migrations

from aioffice.kernel.db import rls

WORKERS = ["importer", "publisher", "dispatcher", "registrar", "sweeper"]

OUTBOX = """
alter table office.procedures_outboxevent enable row level security;
create policy outbox_writers on office.procedures_outboxevent for insert to aio_office
  with check ((select office.asking_actor()) <> '');
create policy outbox_services on office.procedures_outboxevent for select to aio_office
  using ((select office.asking_actor()) like 'service:%');
create policy outbox_forgetting on office.procedures_outboxevent for delete to aio_office
  using ((select office.asking_actor()) = 'service:dispatcher');
revoke update, truncate on office.procedures_outboxevent from aio_office;
"""
# What was recorded stays. Only who may see it follows the case: one column.
RECORDS = """
revoke update, delete, truncate on office.procedures_steprecord from aio_office;
grant update (audience) on office.procedures_steprecord to aio_office;
revoke update on office.procedures_steppayload from aio_office;
grant update (audience) on office.procedures_steppayload to aio_office;
revoke delete, truncate on office.procedures_case from aio_office;
revoke delete, truncate on office.procedures_roundplace from aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                rls.FUNCTIONS,
                rls.enable("procedures_case", services=WORKERS),
                rls.enable("procedures_steprecord", services=WORKERS),
                rls.enable("procedures_steppayload", services=WORKERS),
                rls.enable("procedures_roundplace", services=["registrar", "sweeper"]),
                rls.enable("procedures_caselink", services=["registrar", "sweeper"]),
                rls.enable("procedures_draft"),
                OUTBOX,
                RECORDS,
            ],
            migrations.RunSQL.noop,
        )
    ]
