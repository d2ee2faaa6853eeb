"""SQL for row-level security, written once and used by the migrations of every room.

Policies compare columns of the same row with what `acting` told the database, never with other tables.
"""

from __future__ import annotations

from collections.abc import Sequence

FUNCTIONS = """
create or replace function office.asking_actor() returns text language plpgsql stable parallel safe as $$
declare asker text := current_setting('aio.actor', true);
begin
  if asker is null or asker = '' then
    raise exception 'nobody is asking: this table is read inside acting() only' using errcode = 'insufficient_privilege';
  end if;
  return asker;
end $$;
create or replace function office.asking_organisation() returns uuid language plpgsql stable parallel safe as $$
begin
  perform office.asking_actor();
  return nullif(current_setting('aio.organisation', true), '')::uuid;
end $$;
create or replace function office.asking_keys() returns bigint[] language plpgsql stable parallel safe as $$
begin
  perform office.asking_actor();
  return coalesce(nullif(current_setting('aio.keys', true), '')::bigint[], '{}'::bigint[]);
end $$;
"""

OWN_OR_AUDIENCE = "organisation_id = (select office.asking_organisation()) or audience && (select office.asking_keys())"


def is_service(*names: str) -> str:
    """Condition that holds for the named service actors alone."""
    listed = ", ".join(f"'service:{name}'" for name in names)
    return f"(select office.asking_actor()) in ({listed})"


def enable(table: str, *, condition: str = OWN_OR_AUDIENCE, services: Sequence[str] = ()) -> str:
    """SQL that puts `office.<table>` under row-level security.

    `condition` decides reading and writing alike; `services` are named service actors that work on every row.
    """
    parts = [
        f"alter table office.{table} enable row level security;",
        f"create policy {table}_askers on office.{table} for all to aio_office using ({condition}) with check ({condition});",
    ]
    if services:
        rule = is_service(*services)
        parts.append(
            f"create policy {table}_services on office.{table} for all to aio_office using ({rule}) with check ({rule});"
        )
    return "\n".join(parts)


def append_only(table: str) -> str:
    """SQL that lets the application add and read rows of `office.<table>`, never change or delete them."""
    return f"revoke update, delete, truncate on office.{table} from aio_office;"


def lets(name: str, table: str, *commands: str) -> str:
    """SQL that lets one named service actor see or change every row of `office.<table>`, beside whoever else may.

    `commands`: "select", "insert", "update", "delete".
    """
    rule = is_service(name)
    clauses = {"insert": f"with check ({rule})", "update": f"using ({rule}) with check ({rule})"}
    return "\n".join(
        f"create policy {table}_{name}_{command} on office.{table} for {command} to aio_office "
        f"{clauses.get(command, f'using ({rule})')};"
        for command in commands
    )


NOT_LET_IN = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'office'
 where c.relkind = 'r' and c.relrowsecurity
   and (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attname in ('organisation_id', 'audience')) = 2
   and not exists (select from pg_policies p
                    where p.schemaname = 'office' and p.tablename = c.relname and p.policyname = c.relname || '_' || %s)
 order by 1
"""
"""Tables with data of cases (known by whose a row is and who may see it) that have no policy yet for the service of that name alone."""


def let_in(table: str, service: str) -> str:
    """SQL that lets a named service work on every row of `office.<table>`."""
    rule = is_service(service)
    return (
        f"create policy {table}_{service} on office.{table} for all to aio_office using ({rule}) with check ({rule});"
    )
