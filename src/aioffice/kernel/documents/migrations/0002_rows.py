"""Row-level security of documents, and the one function that lets their readers follow the cases that use them."""

from django.db import migrations

from aioffice.kernel.db import rls

# The caller sees only some of the uses of a document, but its readers follow from all of them. The function runs as the owner and
# writes nothing that does not follow from the cases themselves, so it may be called by whoever acts.
FOLLOW = """
create function office.follow_document_audience(cases uuid[]) returns void
language sql security definer set search_path = office, pg_temp as $$
  update office.documents_documentuse u set audience = c.audience
    from office.procedures_case c
   where c.id = u.case_id and c.id = any(cases) and u.audience <> c.audience;
  update office.documents_document d set audience = wanted.audience
    from (select u.document_id, coalesce(array_agg(distinct k order by k) filter (where k is not null), '{}') as audience
            from office.documents_documentuse u left join lateral unnest(u.audience) k on true
           where u.document_id in (select document_id from office.documents_documentuse where case_id = any(cases))
           group by u.document_id) wanted
   where d.id = wanted.document_id and d.audience <> wanted.audience;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [
        migrations.RunSQL(
            [
                rls.FUNCTIONS,
                rls.enable("documents_document", services=["archivist", "publisher"]),
                rls.enable("documents_documentuse", services=["publisher"]),
                rls.append_only("documents_documentuse"),
                FOLLOW,
            ],
            migrations.RunSQL.noop,
        )
    ]
