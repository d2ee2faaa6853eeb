"""What waits for a log has a number from the database, so that its order rests on no clock of the machines that write it.

Whoever notes a newer statement on a document waits for the row of the older one, so its number is higher. What waits already keeps its
order by id, before everything that has a number. The default is set apart from the column: no row is rewritten.
"""

from django.db import migrations

NUMBERED = """
create sequence office.ledger_pending_turn as bigint;
alter table office.ledger_pending add column turn bigint;
alter table office.ledger_pending alter column turn set default nextval('office.ledger_pending_turn');
alter sequence office.ledger_pending_turn owned by office.ledger_pending.turn;
create index ledger_pending_turns on office.ledger_pending (log, turn nulls first, id);
drop index office.ledger_pending_order;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_hold")]
    operations = [migrations.RunSQL(NUMBERED, migrations.RunSQL.noop)]
