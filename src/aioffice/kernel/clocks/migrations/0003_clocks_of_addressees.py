"""Clocks of rounds: each addressee has one of its own, so that a case may have several of one limit at a time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clocks", "0002_rows"), ("procedures", "0003_drafts")]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="round_place",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="procedures.roundplace",
            ),
        ),
        migrations.RemoveConstraint(model_name="clock", name="one_live_clock_of_a_limit"),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("round_place", None), ("state__in", ("running", "suspended"))),
                fields=("case", "limit"),
                name="one_live_clock_of_a_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("round_place__isnull", False)),
                fields=("round_place",),
                name="one_clock_of_an_addressee",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("state__in", ["expired", "lapsed"])), fields=["due_at"], name="clocks_ended"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("earlier_end__isnull", False)), fields=["due_at"], name="clocks_to_decide"
            ),
        ),
    ]
