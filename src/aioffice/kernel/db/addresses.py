"""Where the database is: connection parameters of the three roles, from the settings and the data folder's secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.conninfo import conninfo_to_dict

from aioffice.kernel import secrets
from aioffice.kernel.postgres import files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from aioffice.kernel.settings import Settings

type Conninfo = dict[str, Any]

ROLES: Mapping[str, str] = {"owner": "aio_owner", "office": "aio_office", "site": "aio_site"}
SEARCH_PATHS: Mapping[str, str] = {
    "owner": "office,published,public",
    "office": "office,published,public",
    "site": "published,public",
}


def parse(address: SecretStr) -> Conninfo:
    """Connection parameters of a `postgresql://` address."""
    return {name: value for name, value in conninfo_to_dict(address.get_secret_value()).items() if value is not None}


def conninfo(who: str, settings: Settings) -> Conninfo | None:
    """Connection parameters for "owner", "office" or "site".

    None when this process was given no address for it (a web server without the right to migrate). Passwords that the set-up has
    not made yet are left out: connecting then fails, reading the settings does not.
    """
    given: SecretStr | None = getattr(settings, f"{who}_url")
    if given is not None:
        return parse(given)
    if settings.office_url is not None and settings.database_url is None:
        return None
    if settings.database_url is not None:
        base = parse(settings.database_url)
        base.setdefault("dbname", str(base.get("user", settings.database_name)))
    else:
        base = {
            "host": str(files.socket_folder(settings.data_dir)),
            "port": files.PORT,
            "dbname": settings.database_name,
        }
    base |= {"user": ROLES[who]}
    base.pop("password", None)
    password = secrets.read(settings.data_dir).get(ROLES[who])
    return base | ({"password": password} if password else {})


def django(who: str, settings: Settings) -> dict[str, Any] | None:
    """The entry of Django's DATABASES for one of the roles, or None when there is no address for it."""
    found = conninfo(who, settings)
    if found is None:
        return None
    named = {name: found.pop(key, "") for name, key in _NAMES.items()}
    parameters = {"search_path": SEARCH_PATHS[who], **_limits(who, settings)}
    options: dict[str, object] = {**found, "application_name": f"aioffice-{who}"}
    # A server that is gone without a word must not hold up whoever asks whether it is there.
    options.setdefault("connect_timeout", 5)
    if who == "site":
        # The hot reads of the public: statements are prepared once a connection has seen them twice, and nothing can be written.
        options |= {"server_side_binding": True, "prepare_threshold": 2}
        parameters["default_transaction_read_only"] = "on"
    options["options"] = " ".join(f"-c {name}={value}" for name, value in parameters.items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "OPTIONS": options,
        "CONN_MAX_AGE": None if who != "owner" else 0,
        "CONN_HEALTH_CHECKS": True,
    }


def _limits(who: str, settings: Settings) -> dict[str, str]:
    """How long this role may keep others waiting, as PostgreSQL's own parameters. Migrations may take their time, but not wait."""
    found = {"lock_timeout": settings.lock_seconds}
    if who != "owner":
        found["statement_timeout"] = getattr(settings, f"{who}_statement_seconds")
        found["idle_in_transaction_session_timeout"] = settings.idle_transaction_seconds
    return {name: f"{round(seconds * 1000)}ms" for name, seconds in found.items()}


_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
