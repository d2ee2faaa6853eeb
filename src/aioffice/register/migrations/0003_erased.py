"""Versions say which of their values were erased; the service `eraser` takes them out, and the database lets nothing come in."""

from django.db import migrations, models

from aioffice.kernel.db import rls

VERSIONS = """
create function office.guard_version() returns trigger language plpgsql as $$
begin
  perform office.only_erased('what a version of an entry says');
  if not office.only_less(old.content, new.content) or new.reason not in (old.reason, '') or not office.only_less(new.erased, old.erased) then
    raise exception 'an erasure takes values out and puts none in' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger guard_version before update of content, reason, erased on office.register_entryversion
  for each row execute function office.guard_version();
grant update (content, reason, erased) on office.register_entryversion to aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0002_published"), ("procedures", "0004_erased_values")]
    operations = [
        migrations.AddField("entryversion", "erased", models.JSONField(default=dict)),
        migrations.RunSQL(
            [
                rls.lets("eraser", "register_entry", "select", "update"),
                rls.lets("eraser", "register_entryversion", "select", "update"),
                rls.lets("eraser", "register_system", "select", "update"),
                VERSIONS,
            ],
            migrations.RunSQL.noop,
        ),
    ]
