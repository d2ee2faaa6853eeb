"""Drafts on cases of the restricted section are seen by those of the organisation who may see the case, and by nobody else of it."""

from django.db import migrations

OWN_AND_CLEARED = "organisation_id = (select office.asking_organisation()) and (audience = '{}' or audience && (select office.asking_keys()))"
DRAFTS = f"""
alter policy procedures_draft_askers on office.procedures_draft using ({OWN_AND_CLEARED}) with check ({OWN_AND_CLEARED});
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0002_rows")]
    operations = [migrations.RunSQL(DRAFTS, migrations.RunSQL.noop)]
