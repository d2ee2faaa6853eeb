"""Who is asking the database: `acting` for everything people and services do, `plumbing` for the machinery around it."""

from aioffice.kernel.db.acting import OutsideActing, acting, current_actor, current_time, plumbing
from aioffice.kernel.db.locks import Busy, is_busy, serialise

__all__ = ["Busy", "OutsideActing", "acting", "current_actor", "current_time", "is_busy", "plumbing", "serialise"]
