"""Row-level security of webhooks: an organisation's own, and all of them to the service that tells them. A webhook is never deleted."""

from django.db import migrations

from aioffice.kernel.db import rls

OWN = "organisation_id = (select office.asking_organisation())"


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                rls.FUNCTIONS,
                rls.enable("webhooks_webhook", condition=OWN, services=["notifier"]),
                rls.enable("webhooks_delivery", condition=OWN, services=["notifier"]),
                "revoke delete, truncate on office.webhooks_webhook from aio_office;",
            ],
            migrations.RunSQL.noop,
        )
    ]
