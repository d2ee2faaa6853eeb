"""That a log is held: the service `watchman` reads why, everybody may know of the public log that it is and since when.

Why stays inside: the view has no reason. It runs with the owner's rights, since the public site reads nothing of the schema `office`.
"""

from django.db import migrations

HELD = """
create policy ledger_hold_watchman on office.ledger_hold for select to aio_office
  using ((select office.asking_actor()) = 'service:watchman');
create view published.log_held as select since from office.ledger_hold where log = 'public';
revoke insert, update, delete, truncate on published.log_held from aio_office;
"""


class Migration(migrations.Migration):
    dependencies = [("watching", "0001_initial"), ("ledger", "0003_hold")]
    operations = [migrations.RunSQL(HELD, migrations.RunSQL.noop)]
