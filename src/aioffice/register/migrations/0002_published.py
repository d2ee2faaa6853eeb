"""The schema `published`, row-level security of entries, and the function by which a deployer selects the provider's entry."""

from pathlib import Path

from django.db import migrations

from aioffice.kernel.db import rls

PUBLISHED = (Path(__file__).parents[1] / "sql" / "published.sql").read_text()
# Answers for one exact number with what the deployer's own entry must take over: field C 3 has to work for entries the deployer
# cannot see. Numbers of the secure section cannot be guessed.
SELECT_ENTRY = """
create function office.register_select_entry(wanted text)
returns table (case_id uuid, number text, name text, annex_iii_point text, secure boolean, in_force boolean)
language sql stable security definer set search_path = office, pg_temp as $$
  select e.case_id, e.number::text,
         case when e.withheld ? 'trade_name' then e.number
              else coalesce((select p.name from published.entry p where p.number = e.number), c.subject) end::text,
         c.facts ->> 'annex_iii_point', e.secure,
         -- Of a filer under report of impersonation, what was filed before the report; what waits is as if it were not there.
         c.state = 'registered' and (o.publications_frozen_at is null or e.secure or exists (
           select 1 from office.register_entryversion v
            where v.entry_id = e.case_id and v.n = 1 and v.recorded_at < o.publications_frozen_at))
    from office.register_entry e join office.procedures_case c on c.id = e.case_id
    join office.parties_organisation o on o.id = e.organisation_id
   where e.number = wanted and e.section = 'A' and e.collection = 'eu';
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("procedures", "0002_rows")]
    operations = [
        migrations.RunSQL(
            [
                rls.enable("register_system", services=["publisher"]),
                rls.enable("register_entry", services=["importer", "publisher"]),
                rls.enable("register_entryversion", services=["importer", "publisher"]),
                "revoke delete, truncate on office.register_entry from aio_office;",
                "revoke delete, truncate on office.register_entryversion from aio_office;",
                "revoke update on office.register_entryversion from aio_office;",
                "grant update (filing_status, audience) on office.register_entryversion to aio_office;",
                PUBLISHED,
                SELECT_ENTRY,
            ],
            migrations.RunSQL.noop,
        )
    ]
