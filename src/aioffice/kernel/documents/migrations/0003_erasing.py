"""The service `eraser` takes away what a case refers to, and the document itself; nobody else takes a reference away."""

from django.db import migrations

from aioffice.kernel.db import rls

USES = """
grant delete on office.documents_documentuse to aio_office;
create policy documents_documentuse_erased on office.documents_documentuse as restrictive for delete to aio_office
  using ((select office.asking_actor()) = 'service:eraser');
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_rows")]
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
