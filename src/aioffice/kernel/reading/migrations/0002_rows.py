"""Row-level security of the log of reads: readers add their own rows, auditors and oversight read, nobody changes or deletes."""

from django.db import migrations

from aioffice.kernel.db import rls

LOG = """
alter table office.reading_reading enable row level security;
create policy reading_writers on office.reading_reading for insert to aio_office
  with check (actor = (select office.asking_actor())
    and organisation_id = nullif(current_setting('aio.behalf', true), '')::uuid);
create policy reading_auditors on office.reading_reading for select to aio_office
  using (audience && (select office.asking_keys()) and (restricted is null or restricted && (select office.asking_keys())));
"""


class Migration(migrations.Migration):
    dependencies = [("reading", "0001_initial"), ("parties", "0006_auditor")]

    operations = [migrations.RunSQL([rls.FUNCTIONS, LOG, rls.append_only("reading_reading")], migrations.RunSQL.noop)]
