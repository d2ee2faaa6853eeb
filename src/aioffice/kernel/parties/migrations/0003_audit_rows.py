"""Row-level security of the audit trail: whoever acts adds to it; people read what they did, and an organisation its own part."""

from django.db import migrations

from aioffice.kernel.db import rls

AUDIT = """
alter table office.parties_auditentry enable row level security;
create policy parties_auditentry_writers on office.parties_auditentry for insert to aio_office
  with check (actor = (select office.asking_actor()));
create policy parties_auditentry_askers on office.parties_auditentry for select to aio_office
  using (organisation_id = (select office.asking_organisation()) or actor = (select office.asking_actor()));
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_append_only")]
    operations = [migrations.RunSQL([rls.FUNCTIONS, AUDIT], migrations.RunSQL.noop)]
