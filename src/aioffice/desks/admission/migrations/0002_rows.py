"""Row-level security of letter codes, and the one function that says whose a public entry is.

Whoever reports an impersonation knows the number of an entry and cannot see its case. The function runs as the tables' owner, answers
for one exact public number alone, and with nothing but the filer's id.
"""

from django.db import migrations

from aioffice.kernel.db import rls

FILER_OF = """
create function office.admission_filer_of(entry_number text) returns uuid
language sql stable security definer set search_path = office, pg_temp as $$
  select e.organisation_id from office.register_entry e
   where e.number = entry_number and e.collection = 'eu' and not e.secure
     and not e.withheld ?| array['provider', 'provider.name', 'deployer', 'deployer.name']
     and exists (select 1 from published.entry p where p.number = e.number);
$$;
revoke execute on function office.admission_filer_of(text) from public;
grant execute on function office.admission_filer_of(text) to aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [("admission", "0001_initial"), ("register", "0002_published")]
    operations = [
        migrations.RunSQL(
            [
                rls.enable("admission_lettercode", services=["postmaster"]),
                "revoke delete, truncate on office.admission_lettercode from aio_office;",
                FILER_OF,
            ],
            migrations.RunSQL.noop,
        )
    ]
