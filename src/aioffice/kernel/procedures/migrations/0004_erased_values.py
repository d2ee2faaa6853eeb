"""What was erased, and by whom it may be: the service `eraser` takes values out of payloads, and the database lets nothing come in."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import aioffice.kernel.ids
from aioffice.kernel.db import rls

WORKERS = ["importer", "publisher", "dispatcher", "registrar", "sweeper", "eraser"]

ONLY_LESS = """
create function office.only_less(was jsonb, becomes jsonb) returns boolean language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  if becomes is null or becomes = was or jsonb_typeof(becomes) = 'null' then
    return true;
  end if;
  if jsonb_typeof(was) <> jsonb_typeof(becomes) then
    return false;
  end if;
  if jsonb_typeof(becomes) = 'object' then
    return not exists (
      select from jsonb_each(becomes) as n (key, value)
       where not was ? n.key or not office.only_less(was -> n.key, n.value));
  end if;
  if jsonb_typeof(becomes) = 'array' then
    return jsonb_array_length(was) = jsonb_array_length(becomes) and not exists (
      select from generate_series(0, jsonb_array_length(becomes) - 1) i where not office.only_less(was -> i, becomes -> i));
  end if;
  return false;
end $$;
-- The owner migrates and is not asked; the application is, whoever acts.
create function office.only_erased(what text) returns void language plpgsql as $$
begin
  if current_user = 'aio_office' and office.asking_actor() <> 'service:eraser' then
    raise exception '% goes by an erasure alone', what using errcode = 'insufficient_privilege';
  end if;
end $$;
create function office.guard_removal() returns trigger language plpgsql as $$
begin
  perform office.only_erased(tg_argv[0]);
  return null;
end $$;
"""
PAYLOADS = """
create function office.guard_payload() returns trigger language plpgsql as $$
begin
  perform office.only_erased('what was sent with a step');
  if not office.only_less(old.data, new.data) or not office.only_less(old.salts, new.salts) or new.evidence not in (old.evidence, '') then
    raise exception 'an erasure takes values out and puts none in' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger guard_payload before update of data, salts, evidence on office.procedures_steppayload
  for each row execute function office.guard_payload();
grant update (data, salts, evidence) on office.procedures_steppayload to aio_office;
create trigger guard_removal before delete on office.procedures_steppayload
  for each statement execute function office.guard_removal('what was sent with a step');
"""
ERASED = """
create policy procedures_erasedvalue_eraser on office.procedures_erasedvalue as restrictive for insert to aio_office
  with check ((select office.asking_actor()) = 'service:eraser');
revoke update, delete, truncate on office.procedures_erasedvalue from aio_office;
grant update (audience) on office.procedures_erasedvalue to aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0003_drafts"), ("parties", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="ErasedValue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=aioffice.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pointer", models.CharField(max_length=300)),
                ("erased_at", models.DateTimeField()),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erased_values",
                        to="procedures.case",
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.steprecord"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.organisation"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erased_values",
                        to="procedures.steprecord",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("record", "pointer"), name="erased_once")],
            },
        ),
        migrations.RunSQL(
            [
                rls.enable("procedures_erasedvalue", services=WORKERS),
                rls.lets("eraser", "procedures_case", "select", "update"),
                rls.lets("eraser", "procedures_steprecord", "select"),
                rls.lets("eraser", "procedures_steppayload", "select", "update", "delete"),
                rls.lets("eraser", "procedures_draft", "select", "update"),
                ONLY_LESS,
                PAYLOADS,
                ERASED,
            ],
            migrations.RunSQL.noop,
        ),
    ]
