"""A log that must not go on: why nothing is added to it. Written by whoever restores, as the owner; read by the sequencer."""

from django.db import migrations

HOLD = """
create table office.ledger_hold (
  log text primary key check (log in ('public', 'internal')),
  reason text not null,
  since timestamptz not null
);
alter table office.ledger_hold enable row level security;
create policy ledger_hold_sequencer on office.ledger_hold for select to aio_office
  using ((select office.asking_actor()) = 'service:sequencer');
revoke insert, update, delete, truncate on office.ledger_hold from aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_keys_witnesses_past")]
    operations = [migrations.RunSQL(HOLD, migrations.RunSQL.noop)]
