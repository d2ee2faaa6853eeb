"""Django application of the ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Brings the tables; its jobs are found by the worker in `jobs.py`."""

    name = "aioffice.kernel.ledger"
    label = "ledger"
