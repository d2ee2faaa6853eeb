"""What sign-in remembers for a while, for all processes together: attempts by address and account, one-time codes that were used."""

from django.db import migrations

CACHE = """
create table office.sign_in_cache (
  cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index sign_in_cache_expires on office.sign_in_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_invitation")]
    operations = [migrations.RunSQL(CACHE, "drop table office.sign_in_cache")]
