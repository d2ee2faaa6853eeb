"""Tables of the room that watches, and what the service `watchman` may read elsewhere.

What the public status page shows lies in the schema `published`. The watchman counts and looks at dates; it writes nowhere else.
"""

from django.db import migrations

PUBLISHED = """
create table published.office_state (
  part text primary key,
  works boolean not null,
  since timestamptz not null,
  looked_at timestamptz not null
);
create table published.office_announcement (
  id uuid primary key,
  kind text not null check (kind in ('maintenance', 'incident')),
  texts jsonb not null check (jsonb_typeof(texts) = 'object'),
  starts_at timestamptz not null,
  ends_at timestamptz check (ends_at > starts_at),
  posted_at timestamptz not null,
  ended_at timestamptz
);
create index office_announcement_newest on published.office_announcement (posted_at desc, id desc);
revoke delete, truncate on published.office_announcement from aio_office;
"""
FAULTS = """
create table office.watching_jobfault (
  job_id bigint primary key,
  task text not null,
  error text not null,
  at timestamptz not null
);
alter table office.watching_jobfault enable row level security;
create policy watching_jobfault_watchman on office.watching_jobfault for all to aio_office
  using ((select office.asking_actor()) = 'service:watchman') with check ((select office.asking_actor()) = 'service:watchman');
revoke truncate on office.watching_jobfault from aio_office;
"""
READS = "".join(
    f"create policy {table}_watchman on office.{table} for select to aio_office "
    "using ((select office.asking_actor()) = 'service:watchman');\n"
    for table in ("ledger_pending", "ledger_checkpoint", "clocks_clock", "notices_notice", "documents_document")
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("clocks", "0002_rows"),
        ("documents", "0002_rows"),
        ("ledger", "0001_initial"),
        ("notices", "0002_rows"),
        ("parties", "0005_attempts"),
        ("procedures", "0003_drafts"),
    ]
    operations = [migrations.RunSQL([PUBLISHED, FAULTS, READS], migrations.RunSQL.noop)]
