"""Row-level security of notices: an organisation's own, and of cases in the restricted section only to those who may see the case."""

from django.db import migrations

from aioffice.kernel.db import rls

OWN = "organisation_id = (select office.asking_organisation())"
OWN_AND_CLEARED = f"{OWN} and (not secure or audience && (select office.asking_keys()))"
# Whoever takes a step tells others of it, whose inbox it cannot read.
TELL = """
create policy notices_notice_tell on office.notices_notice for insert to aio_office
  with check ((select office.asking_actor()) <> 'anonymous');
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                rls.FUNCTIONS,
                rls.enable("notices_notice", condition=OWN_AND_CLEARED, services=["notifier"]),
                TELL,
                rls.append_only("notices_notice"),
                "grant update (mailed_at) on office.notices_notice to aio_office;",
                rls.enable("notices_readmark", condition=OWN),
                rls.enable("notices_mailing", condition=OWN, services=["notifier"]),
            ],
            migrations.RunSQL.noop,
        )
    ]
