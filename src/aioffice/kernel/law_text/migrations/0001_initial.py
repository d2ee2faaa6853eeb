"""Imported texts of the Act and their lines, in the schema that the public site reads."""

from django.db import migrations

TABLES = """
create table published.act_text (
  id uuid primary key,
  language text not null check (language ~ '^[a-z]{2}$'),
  day date not null,
  form text not null check (form in ('formex', 'json')),
  title text not null,
  file text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  imported_at timestamptz not null,
  unique (language, day)
);
create table published.act_line (
  text_id uuid not null references published.act_text (id) on delete cascade,
  place integer not null,
  top text not null,
  node text not null,
  label text not null,
  words text not null,
  primary key (text_id, place)
);
create index act_line_top on published.act_line (text_id, top, place);
revoke truncate on published.act_text, published.act_line from aio_office;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("parties", "0005_attempts")]
    operations = [migrations.RunSQL(TABLES, migrations.RunSQL.noop)]
