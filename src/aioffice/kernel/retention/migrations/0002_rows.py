"""Row-level security of proposals and holds, and what the keeper may see and delete of others' tables.

The keeper counts and deletes what a person of the Office has accepted. Tables to which the application only adds give it up through
functions of the owner, which delete nothing that is younger than a year, whatever the application asks.
"""

from django.db import migrations

from aioffice.kernel.db import rls

KEEPER = rls.is_service("keeper")
SEEN = "audience && (select office.asking_keys())"
OLDEST_LEFT = "1 year"


def may(table: str, *commands: str) -> str:
    return "\n".join(
        f"create policy {table}_keeper_{command} on office.{table} for {command} to aio_office using ({KEEPER});"
        for command in commands
    )


def forget(function: str, table: str) -> str:
    return f"""
create function office.{function}(keys uuid[]) returns integer
language plpgsql security definer set search_path = office, pg_temp as $$
declare gone integer;
begin
  if office.asking_actor() <> 'service:keeper' then
    raise exception 'only the keeper deletes from {table}' using errcode = 'insufficient_privilege';
  end if;
  delete from office.{table} where id = any(keys) and at < now() - interval '{OLDEST_LEFT}';
  get diagnostics gone = row_count;
  return gone;
end $$;
"""  # noqa: S608 - the names stand in this file


NOTICES = f"""
grant delete on office.notices_notice to aio_office;
create policy notices_notice_deleted on office.notices_notice as restrictive for delete to aio_office using ({KEEPER});
grant delete on office.clocks_feedaddress to aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0001_initial"),
        ("admission", "0002_rows"),
        ("clocks", "0002_rows"),
        ("documents", "0002_rows"),
        ("notices", "0002_rows"),
        ("parties", "0006_auditor"),
        ("procedures", "0003_drafts"),
        ("reading", "0002_rows"),
    ]

    operations = [
        migrations.RunSQL(
            [
                rls.FUNCTIONS,
                rls.enable("retention_proposal", condition=SEEN, services=["keeper"]),
                rls.enable("retention_hold", condition=SEEN, services=["keeper"]),
                "revoke delete, truncate on office.retention_proposal, office.retention_hold from aio_office;",
                may("procedures_draft", "select", "delete"),
                may("procedures_case", "select"),
                may("procedures_steprecord", "select"),
                may("procedures_steppayload", "select"),
                may("documents_document", "select", "delete"),
                may("documents_documentuse", "select"),
                may("notices_notice", "select", "delete"),
                may("notices_readmark", "select", "delete"),
                may("notices_mailing", "select", "delete"),
                may("parties_invitation", "select", "delete"),
                may("parties_auditentry", "select"),
                may("reading_reading", "select"),
                NOTICES,
                forget("forget_reads", "reading_reading"),
                forget("forget_audit", "parties_auditentry"),
            ],
            migrations.RunSQL.noop,
        )
    ]
