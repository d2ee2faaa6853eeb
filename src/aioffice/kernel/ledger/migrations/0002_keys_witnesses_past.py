"""Keys of both logs over time; cosignatures, and what this office witnesses itself; documents as they stood at an earlier checkpoint.

All of it is public, and lies where the public site reads it. None of it is evidence by itself: keys follow from the entries, cosignatures
are signed, and past documents go after two days.
"""

from django.db import migrations

KEYS = """
create table published.log_key (
  log text not null check (log in ('public', 'internal')),
  number integer not null,
  verifier text not null,
  since timestamptz not null,
  entry bigint,
  noted boolean not null,
  primary key (log, number),
  unique (log, verifier)
);
insert into published.log_key (log, number, verifier, since, entry, noted)
select 'public', 0, said -> 'says' ->> 'verifier', (said ->> 'recorded_at')::timestamptz, 0, true
from (select convert_from(entry, 'UTF8')::jsonb as said from published.log_entry where index = 0) as first;
insert into published.log_key (log, number, verifier, since, entry, noted)
select 'internal', 0, said -> 'says' ->> 'verifier', (said ->> 'recorded_at')::timestamptz, null, false
from (select convert_from(entry, 'UTF8')::jsonb as said from office.ledger_entry where index = 0) as first;
revoke delete, truncate on published.log_key from aio_office;
"""
WITNESSES = """
create table published.log_cosignature (
  size bigint not null,
  witness text not null,
  line text not null,
  cosigned_at timestamptz not null,
  primary key (size, witness)
);
revoke update, delete, truncate on published.log_cosignature from aio_office;
create table published.log_witness (
  witness text primary key,
  asked_at timestamptz not null,
  refusal text not null
);
create table published.witnessed_log (
  origin text primary key,
  size bigint not null,
  note bytea not null,
  cosigned_at timestamptz not null
);
revoke delete, truncate on published.witnessed_log from aio_office;
create table published.split_view (
  origin text not null,
  size bigint not null,
  kept bytea not null,
  shown bytea not null,
  seen_at timestamptz not null,
  primary key (origin, size)
);
revoke update, delete, truncate on published.split_view from aio_office;
"""
PAST = """
alter table published.statement add column settled boolean not null default false;
update published.statement s set settled = s.index is not null
  and not exists (select from office.ledger_pending p where p.id = s.pending);
create table published.statement_past (
  pending uuid primary key,
  subject text not null,
  index bigint,
  document text,
  salts jsonb,
  until timestamptz not null,
  redaction boolean not null default false,
  gone boolean not null default false
);
create index statement_past_redactions on published.statement_past (index) where redaction;
create index statement_past_of on published.statement_past (subject, index);
create index statement_past_order on published.statement_past (index);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL([KEYS, WITNESSES, PAST], migrations.RunSQL.noop)]
