"""Invitations: seen by the organisation that asks and by the person who is asked, worked on by the services that write and appoint."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import aioffice.kernel.ids
from aioffice.kernel.db import rls

ROLES = [
    ("reader", "Reader: sees the organisation's cases"),
    ("editor", "Editor: prepares filings and takes ordinary steps"),
    ("signatory", "Signatory: files and takes steps that bind the organisation"),
    ("administrator", "Administrator: manages people, roles and tokens"),
]
THE_TWO = (
    "organisation_id = (select office.asking_organisation()) "
    "or 'person:' || person_id::text = (select office.asking_actor())"
)
# Whoever brings an organisation in asks its first administrator on its behalf.
FIRST = """
create policy parties_invitation_first on office.parties_invitation for insert to aio_office
  with check ((select office.asking_actor()) <> 'anonymous');
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_audit_rows")]
    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=aioffice.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=ROLES, max_length=20)
                    ),
                ),
                ("invited_by", models.CharField(max_length=60)),
                ("invited_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("joined", "joined"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="parties.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("organisation", "person"),
                        name="one_open_invitation",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            [
                rls.FUNCTIONS,
                rls.enable("parties_invitation", condition=THE_TWO, services=["notifier", "registrar"]),
                FIRST,
            ],
            migrations.RunSQL.noop,
        ),
    ]
