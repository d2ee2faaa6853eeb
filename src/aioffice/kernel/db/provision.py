"""Making the database ready for migrations: roles, schemas, extensions and who may do what by default.

Three roles. `aio_owner` owns everything and runs migrations. `aio_office` works with it, owns nothing, and is subject to row-level
security. `aio_site` reads the schema `published` and nothing else. Everything here may be run any number of times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from aioffice.kernel import secrets
from aioffice.kernel.db.addresses import ROLES, Conninfo, conninfo, parse
from aioffice.kernel.postgres import Cluster

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aioffice.kernel.settings import Settings

SCHEMAS = ("office", "published")
EXTENSIONS = ("pg_trgm", "unaccent")
OLDEST = 150000

GRANTS = """
revoke all on schema public from public;
grant usage on schema public to aio_office, aio_site;
grant usage on schema office to aio_office;
grant usage on schema published to aio_office, aio_site;
alter default privileges revoke execute on functions from public;
alter default privileges revoke usage on types from public;
alter default privileges in schema office grant select, insert, update, delete on tables to aio_office;
alter default privileges in schema office grant usage, select on sequences to aio_office;
alter default privileges in schema office grant execute on functions to aio_office;
alter default privileges in schema office grant usage on types to aio_office;
alter default privileges in schema published grant select, insert, update, delete on tables to aio_office;
alter default privileges in schema published grant usage, select on sequences to aio_office;
alter default privileges in schema published grant execute on functions to aio_office;
alter default privileges in schema published grant usage on types to aio_office;
alter default privileges in schema published grant select on tables to aio_site;
alter default privileges in schema published grant execute on functions to aio_site;
alter default privileges in schema published grant usage on types to aio_site;
"""


class ProvisionError(Exception):
    """The database cannot be made ready; the message says which setting or right is missing."""


def provision(settings: Settings) -> None:
    """Make roles, database, schemas, extensions and default privileges, whichever are missing.

    Raises:
        ProvisionError: the server is too old, or the given role may not do what is needed.
    """
    if settings.office_url is not None and settings.database_url is None:
        _check_given(settings)
        return
    known = secrets.ensure(settings.data_dir)
    passwords = {role: known[role] for role in ROLES.values()}
    if settings.database_url is None:
        admin = Cluster(settings.data_dir).conninfo()
        name = settings.database_name
    else:
        admin = parse(settings.database_url)
        name = str(admin.get("dbname") or admin.get("user") or settings.database_name)
    try:
        _roles(admin, name, passwords, ours=settings.embedded)
        _schemas(admin | {"dbname": name, "user": "aio_owner", "password": passwords["aio_owner"]})
    except psycopg.errors.InsufficientPrivilege as error:
        raise ProvisionError(
            f"The role in DATABASE_URL may not set up the database ({_first_line(error)}). Give it CREATEROLE and make it the owner of "
            f"the database, or set AIOFFICE_OWNER_URL, AIOFFICE_OFFICE_URL and AIOFFICE_SITE_URL to roles made by hand."
        ) from error
    except psycopg.OperationalError as error:
        raise ProvisionError(f"The database does not answer: {_first_line(error)}") from error


def _roles(admin: Conninfo, name: str, passwords: Mapping[str, str], *, ours: bool) -> None:
    """Make the three roles and the database `name`."""
    with psycopg.connect(**_reachable(admin), autocommit=True) as connection:
        if connection.info.server_version < OLDEST:
            version = connection.info.parameter_status("server_version")
            raise ProvisionError(f"PostgreSQL 15 or later is needed; this server is {version}.")
        there = {
            row[0]
            for row in connection.execute("select rolname from pg_roles where rolname = any(%s)", [list(passwords)])
        }
        for role, password in passwords.items():
            if role in there and not ours:
                _check_login(admin, role, password)
                continue
            connection.execute(
                sql.SQL(
                    "{verb} role {role} login nosuperuser nocreatedb nocreaterole nobypassrls noinherit password {password}"
                ).format(
                    verb=sql.SQL("alter" if role in there else "create"),
                    role=sql.Identifier(role),
                    password=sql.Literal(password),
                )
            )
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        database_grants(connection, name)
    with psycopg.connect(**admin | {"dbname": name}, autocommit=True) as connection:
        connection.execute("grant usage, create on schema public to aio_owner with grant option")
        connection.execute("revoke all on schema public from public")
        connection.execute("grant usage on schema public to aio_office, aio_site")
        for extension in EXTENSIONS:
            connection.execute(
                sql.SQL("create extension if not exists {} schema public").format(sql.Identifier(extension))
            )


def database_grants(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Say who may enter the database `name`: the three roles and nobody else."""
    database = sql.Identifier(name)
    connection.execute(sql.SQL("revoke all on database {} from public").format(database))
    connection.execute(sql.SQL("grant create, connect, temporary on database {} to aio_owner").format(database))
    connection.execute(sql.SQL("grant connect, temporary on database {} to aio_office").format(database))
    connection.execute(sql.SQL("grant connect on database {} to aio_site").format(database))


def _schemas(owner: Conninfo) -> None:
    """As the owner, make the schemas and say what every future table grants."""
    with psycopg.connect(**owner) as connection:
        for schema in SCHEMAS:
            connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        connection.execute(GRANTS)


def _reachable(admin: Conninfo) -> Conninfo:
    """The address itself when its database exists, else the server's maintenance database."""
    try:
        with psycopg.connect(**admin):
            return admin
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error) or "database" not in str(error):
            raise
        return admin | {"dbname": "postgres"}


def _check_login(admin: Conninfo, role: str, password: str) -> None:
    try:
        psycopg.connect(**admin | {"user": role, "password": password}).close()
    except psycopg.OperationalError as error:
        raise ProvisionError(
            f"The server behind DATABASE_URL already has a role {role}, whose password this data folder does not know. Use the data "
            f"folder it was set up with, or set AIOFFICE_OWNER_URL, AIOFFICE_OFFICE_URL and AIOFFICE_SITE_URL."
        ) from error


def _check_given(settings: Settings) -> None:
    """With roles made by hand there is nothing to make, only to check."""
    for who in ROLES:
        address = conninfo(who, settings)
        if address is None:
            continue
        try:
            psycopg.connect(**address).close()
        except psycopg.OperationalError as error:
            raise ProvisionError(f"AIOFFICE_{who.upper()}_URL does not work: {_first_line(error)}") from error
    owner = conninfo("owner", settings)
    if owner is not None:
        _schemas(owner)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]
