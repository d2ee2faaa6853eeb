"""The service `eraser` takes away what a case refers to, and the document itself; nobody else takes a reference away."""

from django.db import migrations

from aioffice.kernel.db import rls

USES = """
grant delete on office.documents_documentuse to aio_office;
create trigger guard_removal before delete on office.documents_documentuse
  for each statement execute function office.guard_removal('that a filing refers to a document');
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_rows"), ("procedures", "0004_erased_values")]
    operations = [
        migrations.RunSQL(
            [
                rls.lets("eraser", "documents_document", "select", "update", "delete"),
                rls.lets("eraser", "documents_documentuse", "select", "delete"),
                USES,
            ],
            migrations.RunSQL.noop,
        )
    ]
