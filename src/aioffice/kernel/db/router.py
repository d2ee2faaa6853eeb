"""Which connection Django takes: models live behind the application's role, and only the owner may change tables."""

from __future__ import annotations

OFFICE = "default"
OWNER = "owner"


class OwnerMigrates:
    """Database router: reads and writes go to the application's connection, migrations run as the owner alone."""

    def db_for_read(self, model: object, **hints: object) -> str:
        """Models are read as the application; the public site reads without models."""
        return OFFICE

    def db_for_write(self, model: object, **hints: object) -> str:
        """Models are written as the application."""
        return OFFICE

    def allow_relation(self, one: object, other: object, **hints: object) -> bool:
        """All connections reach one and the same database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Only `migrate --database owner` does anything."""
        return db == OWNER
