"""How long the logs are kept."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aioffice.kernel.retention.declaring import End, Retention, keep

keep(
    Retention(
        "logs",
        _("The public log and the log of all steps: digests, signatures, and what waits for its place"),
        (),
        End.KEPT,
        _(
            "A log that forgets proves nothing. What people wrote is not in it: a digest stays, the text and its salt can go."
        ),
        "71(1)",
        tables=(
            "ledger_entry",
            "ledger_tile",
            "ledger_checkpoint",
            "ledger_pending",
            "published.log_entry",
            "published.log_tile",
            "published.log_checkpoint",
            "published.statement",
            "published.log_key",
            "published.log_cosignature",
            "published.log_witness",
            "published.witnessed_log",
            "published.split_view",
        ),
    ),
    Retention(
        "earlier-publications",
        _("What was public before, for those who check the log as of an earlier moment"),
        (),
        End.AUTOMATIC,
        _("Whoever checks takes minutes. What is withheld or erased leaves it at once."),
        "71(4)",
        days=2,
        counted_from=_("the publication that took its place"),
        tables=("published.statement_past",),
        job="ledger.tidy",
    ),
)
