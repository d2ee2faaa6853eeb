"""Logs: one event per line, JSON for machines, readable lines on a terminal.

What people file, their names and their tokens never enter a log line; identifiers do.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from structlog.typing import Processor

    from aioffice.kernel.settings import Settings

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


_VALUES = re.compile(
    r"^(DETAIL|CONTEXT|LINE \d+|Params):.*(\n +\^)?$|(?<=input_value=).*?(?=, input_type=)", re.MULTILINE
)
"""Where messages of the database and of Pydantic quote values: the row that failed, the key that is there, what was sent."""


_SECRET_ADDRESS = re.compile(r"(?<=calendar/)[A-Za-z0-9_-]{20,}")
"""The secret in the address of a calendar: programs that read calendars ask it in ways that Django writes down."""


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave the secret out of an address that is logged."""
    for name, value in event.items():
        if isinstance(value, str) and "calendar/" in value:
            event[name] = _SECRET_ADDRESS.sub("(left out)", value)
    return event


def without_values(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out of a traceback what its messages quote of values: nobody could erase it from a log."""
    if isinstance(event.get("exception"), str):
        event["exception"] = _VALUES.sub("(left out)", event["exception"])
    return event


def configuration(settings: Settings) -> dict[str, Any]:
    """Django's LOGGING, which also carries everything that libraries log; sets up structlog on the way."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    raised: list[Processor] = [structlog.processors.format_exc_info, without_values, without_secrets]
    for_people = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    renderers: list[Processor] = (
        [*raised, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if for_people
        else [*raised, structlog.processors.JSONRenderer(sort_keys=True)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": settings.log_level},
        "loggers": {
            "django": {"handlers": [], "level": settings.log_level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # two lines per job, every minute, bury what matters; the figures count jobs
            "procrastinate": {"level": settings.log_level if settings.log_level == "DEBUG" else "WARNING"},
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.jobs": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            # SQL carries what people filed
            "django.db.backends": {"level": "INFO"},
        },
    }
