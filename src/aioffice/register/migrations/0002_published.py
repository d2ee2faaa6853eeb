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
  select e.case_id, e.number::text, case when e.withheld ? 'trade_name' then e.number else c.subject end::text,
         c.facts ->> 'annex_iii_point', e.secure, c.state = 'registered'
    from office.register_entry e join office.procedures_case c on c.id = e.case_id
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
                SELECT_ENTRY,
                PUBLISHED,
            ],
            migrations.RunSQL.noop,
        )
    ]
