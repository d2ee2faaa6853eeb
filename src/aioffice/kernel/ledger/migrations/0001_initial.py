"""Tables of the two logs: what waits, entries, tiles, checkpoints; and what the newest entry on each public document is.

The public log lies in the schema `published`, where the public site reads it; the internal one lies beside the cases. Entries and
checkpoints are added and read, never changed or deleted, by anyone.
"""

from django.db import migrations

WAITING = """
create table office.ledger_pending (
  id uuid primary key,
  log text not null check (log in ('public', 'internal')),
  entry bytea not null,
  record_id uuid,
  recorded_at timestamptz not null
);
create index ledger_pending_order on office.ledger_pending (log, id);
alter table office.ledger_pending enable row level security;
create policy ledger_pending_writers on office.ledger_pending for insert to aio_office
  with check ((select office.asking_actor()) <> '');
create policy ledger_pending_sequencer on office.ledger_pending for all to aio_office
  using ((select office.asking_actor()) = 'service:sequencer') with check ((select office.asking_actor()) = 'service:sequencer');
revoke update, truncate on office.ledger_pending from aio_office;
"""
LOG = """
create table {schema}.{prefix}_entry (index bigint primary key, entry bytea not null{more});
create table {schema}.{prefix}_tile (level integer not null, index bigint not null, hashes bytea not null, primary key (level, index));
create table {schema}.{prefix}_checkpoint (size bigint primary key, note bytea not null, signed_at timestamptz not null);
revoke update, delete, truncate on {schema}.{prefix}_entry, {schema}.{prefix}_checkpoint from aio_office;
revoke delete, truncate on {schema}.{prefix}_tile from aio_office;
"""
STATEMENTS = """
create table published.statement (
  subject text primary key,
  pending uuid not null unique,
  index bigint,
  fingerprint text not null,
  salts jsonb not null
);
create index statement_in_order on published.statement (index);
"""
GUARDED = """
alter table office.ledger_{table} enable row level security;
create policy ledger_{table}_sequencer on office.ledger_{table} for all to aio_office
  using ((select office.asking_actor()) = 'service:sequencer') with check ((select office.asking_actor()) = 'service:sequencer');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("procedures", "0002_rows")]
    operations = [
        migrations.RunSQL(
            [
                WAITING,
                LOG.format(schema="office", prefix="ledger", more=", record_id uuid unique"),
                LOG.format(schema="published", prefix="log", more=""),
                STATEMENTS,
                *(GUARDED.format(table=table) for table in ("entry", "tile", "checkpoint")),
            ],
            migrations.RunSQL.noop,
        )
    ]
