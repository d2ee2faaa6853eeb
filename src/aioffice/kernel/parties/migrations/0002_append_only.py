"""What the application may only add to: the audit trail; and what it may only read: which migrations ran."""

from django.db import migrations

from aioffice.kernel.db import rls


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                rls.append_only("parties_auditentry"),
                "revoke insert, update, delete on office.django_migrations from aio_office;",
            ],
            migrations.RunSQL.noop,
        )
    ]
