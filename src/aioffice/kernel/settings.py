"""Every setting of the office, in one typed object that is checked once and never changes.

Settings come from the environment, prefix `AIOFFICE_` (`AIOFFICE_DATA_DIR=/srv/office`), plus the two names that hosting platforms
give: `DATABASE_URL` and `PORT`. Reading them touches no file: what has to be written once (passwords, the secret key) is written by
`aioffice.kernel.secrets` when the office is set up.
"""

from __future__ import annotations

import functools
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AliasChoices, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from aioffice.kernel.retention.kinds import SETTABLE


def project_root() -> Path:
    """The folder of the checkout, or the current folder when the package is installed elsewhere."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() else Path.cwd()


class Settings(BaseSettings):
    """What an operator may set; see `docs/` for the list with examples."""

    model_config = SettingsConfigDict(env_prefix="AIOFFICE_", frozen=True, extra="ignore", populate_by_name=True)

    data_dir: Path = Field(default_factory=lambda: project_root() / "var" / "data")
    """Where database, uploads, secrets and logs live. Made readable by its owner alone."""
    vendor_dir: Path = Field(default_factory=lambda: project_root() / "var" / "vendor")
    """Web assets fetched by the set-up; served under /static/vendor/."""

    database_url: SecretStr | None = Field(default=None, validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    """An external PostgreSQL (15 or later) in place of the embedded one. Its role must be allowed to create roles, unless the three
    addresses below are given."""
    owner_url: SecretStr | None = None
    office_url: SecretStr | None = None
    site_url: SecretStr | None = None
    database_name: str = "aioffice"
    """Name of the database in the embedded server."""

    site_statement_seconds: float = Field(default=5, gt=0)
    """How long one query of the public site may take."""
    office_statement_seconds: float = Field(default=60, gt=0)
    """How long one query of the office, its jobs and commands may take."""
    lock_seconds: float = Field(default=10, gt=0)
    """How long a query waits for what another holds; migrations too, which rather fail than make everybody wait behind them."""
    idle_transaction_seconds: float = Field(default=300, gt=0)
    """How long a transaction may stand open with nothing asked in it."""

    host: str = "127.0.0.1"
    """Address to listen on. Open it to others only behind a proxy that ends TLS."""
    port: int = Field(default=8000, ge=1, le=65535, validation_alias=AliasChoices("PORT", "AIOFFICE_PORT", "port"))
    public_url: str = ""
    """Address under which people reach the office, scheme included; empty means http://localhost:<port>."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ("localhost", "127.0.0.1", "[::1]")
    workers: int = Field(default=2, ge=1, le=64)
    """Web worker processes."""
    threads: int = Field(default=2, ge=1, le=16)
    """Threads in each web worker."""
    secret_key: SecretStr | None = None
    """Signs sessions. Without it a key is made on first start and kept in the data folder."""
    ledger_key: SecretStr | None = None
    ledger_internal_key: SecretStr | None = None
    """Sign the checkpoints of the two logs. Without them keys are made on first start and kept in the data folder, with their names."""
    ledger_key_next: SecretStr | None = None
    ledger_key_before: SecretStr | None = None
    ledger_internal_key_next: SecretStr | None = None
    ledger_internal_key_before: SecretStr | None = None
    """While one key takes the place of another, and the keys are set here: the new one, and afterwards the old one. See
    `aioffice ledger rotate-key`."""
    ledger_key_grace_days: int = Field(default=30, ge=0, le=3650)
    """So many days after a change of keys the old one signs checkpoints too, so that whoever knows that one alone still can check."""
    ledger_witness_key: SecretStr | None = None
    """Cosigns the checkpoints of other logs that this office witnesses. Without it a key is made on first start."""
    result_key: SecretStr | None = None
    """Signs results of classifications (a JSON Web Key, Ed25519). Without it a key is made on first start and kept in the data folder."""
    result_keys_former: str = ""
    """Where the key is set here: the public keys that signed before, a JSON Web Key Set, so that what they signed can still be checked."""
    witnesses: Annotated[tuple[str, ...], NoDecode] = ()
    """Who witnesses the public log: verifier keys, each followed by a space and the address of the witness where it is to be asked
    (C2SP tlog-witness, without `/add-checkpoint`). Without an address it sends its cosignatures itself. Separated by commas."""
    witness_timeout_seconds: float = Field(default=10, gt=0, le=120)
    """How long a witness may take to answer."""
    witnessed_logs: Annotated[tuple[str, ...], NoDecode] = ()
    """Verifier keys of the logs that this office witnesses, separated by commas; two of one name while that log changes its key."""
    debug: bool = False
    fail_point: str = Field(default="", pattern=r"^([a-z]+\.[a-z]+(:[0-9]+)?)?$")
    """For tests of crashes alone: the place at which the process dies (see `kernel.failpoints`)."""
    hashed_static: bool = False
    """Link to static files under names that carry their hash; `aioffice up` gathers them and sets this for its web workers."""

    demo: bool | None = None
    """Load the fictional demo Union on first start. Without a value: yes with the embedded database, no with DATABASE_URL."""

    email_backend: str = "aioffice.kernel.notices.console.EmailBackend"
    email_host: str = "localhost"
    email_port: int = Field(default=25, ge=1, le=65535)
    email_user: str = ""
    email_password: SecretStr = SecretStr("")
    email_tls: bool = False
    email_timeout_seconds: float = Field(default=10.0, gt=0)
    """How long a mail server may take to answer."""
    email_from: str = "AI Office <office@localhost>"

    operator_name: str = ""
    """Who runs this installation and is the controller of its personal data; named on the privacy page."""
    operator_contact: str = ""
    """E-mail address for questions on privacy and accessibility."""
    source_url: str = ""
    """Where the source code of this installation is offered."""

    oidc_id: str = "eu-login"
    """Short name of the identity provider in addresses (/en/account/oidc/<id>/login/)."""
    oidc_name: str = "EU Login"
    oidc_server_url: str = ""
    """Address of the provider's discovery document. Empty: signing in with an identity provider is not offered."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")

    metrics_address: str = ""
    """`address:port` on which `/metrics` is answered to whoever brings the token (`aioffice metrics token`). Empty: nowhere, and nothing is
    counted. Keep it inside: 127.0.0.1, or a network that only your monitoring reaches."""

    closing_seconds: float = Field(default=20, gt=0, le=600)
    """How long requests and jobs that have begun may take to end after SIGTERM or Ctrl-C, before they are ended."""
    drain_seconds: float = Field(default=0, ge=0, le=600)
    """How long the office goes on serving after SIGTERM while `/health` says 503, so that a load balancer sends nobody here any more."""
    migrate_tries: int = Field(default=5, ge=1, le=100)
    """How often a migration is tried that does not get its lock within `lock_seconds`."""
    migrate_wait_seconds: float = Field(default=2, ge=0)
    """Wait between two tries, doubled each time."""

    unadmitted_files: int = Field(default=20, ge=1)
    """How many files an organisation may have uploaded while nobody has admitted it."""
    unadmitted_bytes: int = Field(default=100_000_000, ge=1)
    """How many bytes those may be together."""

    proxies: int = Field(default=0, ge=0, le=8)
    """How many proxies of ours stand in front: so many entries of X-Forwarded-For, counted from its end, are believed. 0: none."""
    api_requests_per_minute_address: int = Field(default=600, ge=1)
    """API requests a minute from one address without a token (IPv6: from one /64), and requests for what the public log works out.
    Counted by each web worker for itself."""
    api_requests_per_minute_token: int = Field(default=1800, ge=1)
    """API requests a minute with one token. Counted by each web worker for itself."""
    ledger_files_per_minute_address: int = Field(default=6000, ge=1)
    """Tiles and entry bundles of the public log a minute from one address; its other files count as API requests do."""

    open_invitations: int = Field(default=50, ge=1)
    """How many people an organisation may be asking to act for it: those who have not answered, and those asked within a day."""

    outside_calls: bool = True
    """Whether the office calls addresses outside at all, such as webhooks of organisations. Mail is apart from it."""
    webhook_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    """Networks that may be called although they are not on the public internet, such as `10.20.0.0/16,fd00:1::/64`. Whoever administers an
    organisation can then make the office send requests there: name no network in which anything trusts the office's machines."""
    webhook_ports: Annotated[tuple[int, ...], NoDecode] = (443, 8443)
    """Ports that addresses outside may have."""
    webhook_ca_file: Path | None = None
    """Certificates (PEM) that are trusted for calls outside beside those of the machine, for an authority inside a network."""
    webhook_key: SecretStr | None = None
    """What the secrets of webhooks follow from. Without it a key is made on first start and kept in the data folder."""
    webhook_addresses: int = Field(default=10, ge=0)
    """How many webhooks an organisation may have; 0: none are offered."""

    clamd_address: str = ""
    """`host:port` or socket path of a clamd virus scanner. Empty: uploads are recorded as not scanned."""

    encrypt_documents: bool = False
    """Seal uploaded files on the disk (AES-256-GCM). What was there before stays readable until `aioffice encrypt-documents` seals it."""
    document_key: SecretStr | None = None
    """The key that seals them, 32 bytes in base64. Without it a key is made on first start and kept in the data folder."""
    document_old_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    """Keys given before, with commas: they seal nothing any more and open what they sealed, until `aioffice rotate-document-key`."""
    postgres_programs: Path | None = None
    """Folder with pg_dump and pg_restore for backups of an external server that is newer than the programs that come with the office."""

    seal_adapter: str = ""
    """Python path of what makes the adapter that validates qualified electronic seals at admission. Empty: not connected."""
    business_register_adapter: str = ""
    """Python path of what makes the adapter that asks business registers at admission. Empty: not connected."""

    edps_reads_secure_section: bool = False
    """Article 49(4) opens the secure section to the Commission and the *national* authorities of Article 74(8). Whether the European
    Data Protection Supervisor, market surveillance authority for Union bodies under Article 74(9), reads their part is left open by
    the text: the narrow reading is the default."""

    regions: Annotated[tuple[str, ...], NoDecode] = ()
    """Whose regional holidays count beside the national ones, at most one region a Member State: `DE:BY,ES:MD` (ISO 3166-2). Public
    holidays are those of the place where the action has to be taken (Regulation 1182/71, Article 2(1)); without a region, only those
    of the whole State count, and the end of a time limit comes no later than it would with one."""

    tacit_approval: str = ""
    """By Member State, whether its law takes silence on a plan for testing in real-world conditions for approval (Article 60(4)(b)):
    `PT:yes,DE:no`. Of a State that is not named it is not known, and silence approves nothing. It counts for clocks started since."""

    reminders: Annotated[tuple[int, ...], NoDecode] = (7, 2, 0)
    """Of a time limit, how many days before its end whoever has to act is reminded; 0 tells that it has ended. Possible are 30, 14, 7,
    3, 2, 1 and 0: `14,7,2,0`."""

    retention: Annotated[tuple[tuple[str, int], ...], NoDecode] = ()
    """How many days a kind of record is kept, where the law gives no number and the declared one is not yours: `drafts=365,reads=1095`. The
    kinds and their numbers stand in `docs/retention.md`; nothing is deleted before a person decides."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto` prints for people on a terminal and JSON everywhere else."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        for name in (
            "allowed_hosts",
            "regions",
            "reminders",
            "witnesses",
            "witnessed_logs",
            "webhook_networks",
            "webhook_ports",
            "document_old_keys",
        ):
            written = values.get(name)
            if isinstance(written, str):
                values[name] = tuple(part.strip() for part in written.split(",") if part.strip())
        return values

    @field_validator("metrics_address")
    @classmethod
    def _metrics_have_a_place(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if value and not (colon and host and port.isdecimal() and 1 <= int(port) <= 65535):
            raise ValueError(f"{value!r} is not an address with a port, such as 127.0.0.1:9464 or [::1]:9464.")
        return value

    @field_validator("retention", mode="before")
    @classmethod
    def _days_of_kinds(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = []
        for written in filter(None, (part.strip() for part in value.split(","))):
            kind, _equals, days = written.partition("=")
            if not days.strip().isdecimal() or not 1 <= int(days) <= 36_500:
                raise ValueError(f"“{written}” is no kind with a number of days from 1 to 36500, such as drafts=365.")
            if kind.strip() not in SETTABLE:
                raise ValueError(f"“{kind.strip()}” is no kind whose end can be set. These are: {', '.join(SETTABLE)}.")
            found.append((kind.strip(), int(days)))
        return tuple(found)

    @field_validator("database_url", "owner_url", "office_url", "site_url")
    @classmethod
    def _addresses_are_addresses(cls, value: SecretStr | None) -> SecretStr | None:
        # Nothing of what was written is repeated: it may hold a password.
        right = "write postgresql://user:password@host:5432/database."
        if value is not None:
            try:
                found = conninfo_to_dict(value.get_secret_value())
            except ProgrammingError:
                raise ValueError(f"This is no address of a PostgreSQL database: {right}") from None
            if not found:
                raise ValueError(f"This is empty: {right}")
        return value

    @field_validator(
        "ledger_key", "ledger_key_next", "ledger_key_before",
        "ledger_internal_key", "ledger_internal_key_next", "ledger_internal_key_before", "ledger_witness_key",
    )  # fmt: skip
    @classmethod
    def _ledger_keys_are_keys(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        from aioffice.kernel.ledger.errors import MalformedNote
        from aioffice.kernel.ledger.keys import COSIGNATURE, NOTE, SigningKey

        if value is None or not value.get_secret_value():
            return value  # set to nothing: there is none, as while one key takes the place of another
        try:
            kind = SigningKey.parse(value.get_secret_value()).kind
        except MalformedNote as error:
            raise ValueError(f"This is no key of a log: {error}. `secrets.json` holds such a key.") from None
        wanted = COSIGNATURE if info.field_name == "ledger_witness_key" else NOTE
        if kind != wanted:
            raise ValueError(
                f"This is a key of type {kind}; the log of an office has one of type {NOTE}, a witness one of type {COSIGNATURE}."
            )
        return value

    @field_validator("document_key", "document_old_keys")
    @classmethod
    def _document_keys_are_keys(cls, value: SecretStr | tuple[SecretStr, ...] | None) -> object:
        from aioffice.kernel.documents.sealing import parse_key

        for key in value if isinstance(value, tuple) else (value,):
            if key is not None:
                parse_key(key.get_secret_value())
        return value

    @field_validator("reminders")
    @classmethod
    def _reminders_have_words(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if unknown := sorted(set(value) - {30, 14, 7, 3, 2, 1, 0}):
            raise ValueError(f"{unknown[0]} is no reminder: possible are 30, 14, 7, 3, 2, 1 and 0 days before the end.")
        return value

    @field_validator("witnesses", "witnessed_logs")
    @classmethod
    def _keys_are_keys(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        from aioffice.kernel.ledger.errors import MalformedNote
        from aioffice.kernel.ledger.keys import COSIGNATURE, NOTE, VerifierKey

        for written in value:
            key, _space, address = written.partition(" ")
            try:
                kind = VerifierKey.parse(key).kind
            except MalformedNote as error:
                raise ValueError(str(error)) from None
            wanted = COSIGNATURE if info.field_name == "witnesses" else NOTE
            if kind != wanted:
                raise ValueError(
                    f"{key} is a key of type {kind}; witnesses have keys of type {COSIGNATURE}, logs of type {NOTE}."
                )
            if address and (info.field_name != "witnesses" or not address.startswith(("https://", "http://"))):
                raise ValueError(
                    f"{written!r}: after the key of a witness comes its address, https://…, and nothing after that of a log."
                )
        return value

    @field_validator("webhook_networks", mode="before")
    @classmethod
    def _networks_are_networks(cls, value: object) -> object:
        found = []
        for written in value if isinstance(value, tuple) else ():
            try:
                found.append(ip_network(written))
            except ValueError as error:
                raise ValueError(f"{error}: write networks with commas, such as 10.20.0.0/16,fd00:1::/64.") from None
        return tuple(found)

    @field_validator("webhook_ports")
    @classmethod
    def _ports_are_ports(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if wrong := [port for port in value if not 1 <= port <= 65535]:
            raise ValueError(f"{wrong[0]} is no port: write numbers from 1 to 65535 with commas, such as 443,8443.")
        return value

    @field_validator("tacit_approval")
    @classmethod
    def _tacit_approval_is_read(cls, value: str) -> str:
        from aioffice.act.clocks import law

        law.read({"tacit_approval_by_state": value})  # raises a ValueError that says what is wrong
        return value

    @field_validator("regions")
    @classmethod
    def _regions_are_there(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        from aioffice.act.lookup import UnknownCodeError
        from aioffice.act.member_states import member_state

        states = []
        for written in value:
            code, colon, region = written.partition(":")
            try:
                states.append(member_state(code).code)
            except UnknownCodeError as error:
                raise ValueError(f"{written!r}: {error}") from None
            known = _regions_of(code)
            if not colon or region not in known:
                listed = f"known are {', '.join(known)}" if known else "it has none with holidays of their own"
                raise ValueError(f"{written!r} is not a region of {code}, such as DE:BY: {listed}.")
        if len(set(states)) < len(states):
            raise ValueError("Name one region a Member State: the authority acts at one place.")
        return value

    @model_validator(mode="after")
    def _addresses_come_together(self) -> Settings:
        if (self.owner_url or self.office_url or self.site_url) and not (self.office_url and self.site_url):
            raise ValueError(
                "Set AIOFFICE_OFFICE_URL and AIOFFICE_SITE_URL together (and AIOFFICE_OWNER_URL where migrations are run), "
                "or DATABASE_URL alone."
            )
        if self.oidc_server_url and not self.oidc_client_id:
            raise ValueError(
                "AIOFFICE_OIDC_SERVER_URL needs AIOFFICE_OIDC_CLIENT_ID (and usually AIOFFICE_OIDC_CLIENT_SECRET)."
            )
        return self

    def region_of(self, state: str) -> str:
        """The region whose holidays count in that Member State; empty for none."""
        return dict(written.split(":") for written in self.regions).get(state, "")

    @property
    def metrics_place(self) -> tuple[str, int]:
        """Host and port of `metrics_address`."""
        host, _, port = self.metrics_address.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def draining_file(self) -> Path:
        """A file that stands while the office closes: whoever is asked says that it takes nobody any more."""
        return self.data_dir / ".draining"

    @property
    def embedded(self) -> bool:
        """Whether the office runs its own PostgreSQL."""
        return self.database_url is None and self.office_url is None

    @property
    def wants_demo(self) -> bool:
        """Whether the fictional Union is loaded on first start; never into a database that someone else runs, unless asked."""
        return self.embedded if self.demo is None else self.demo

    @property
    def demo_logins_file(self) -> Path:
        """Where the demo writes its logins, readable by their owner alone."""
        return self.data_dir / "demo-logins.txt"

    @property
    def base_url(self) -> str:
        """Address of the office for links in messages, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")


def _regions_of(state: str) -> tuple[str, ...]:
    import holidays  # only for whoever sets a region

    return tuple(holidays.list_supported_countries(include_aliases=False)[state])


@functools.cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        pydantic.ValidationError: a setting has no meaning; the message names it.
    """
    return Settings()
