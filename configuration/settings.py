"""What the university decides about its installation.

Strength: each source overrides the one before it: `erp_settings.properties`, `.env`, the environment. A setting has one
dotted name (`library.port`) in the properties file and one upper-case name (`ERP_LIBRARY_PORT`) in the other two.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url

from configuration.kit.security.actor import Service
from configuration.production import production_faults
from configuration.sources import SettingsFault, collect_faults, read_dotenv, read_environment, read_properties

ROOT = Path(__file__).resolve().parent.parent
PROPERTIES = Path(__file__).parent / "erp_settings.properties"
SERVICES: tuple[Service, ...] = ("student", "faculty", "library")
BOOK_KEYS = ("production_server", "prod_port", "development_server", "dev_port")
COMMON = (
    "university", "host", "zone", "environment", "secure_cookies", "public_url", "smtp_url", "mail_from",
    "campus_networks", "max_in_flight", "workers", "pool_writers", "pool_readers",
)  # fmt: skip


class ServerSettings(BaseModel):
    """The book's production and development servers, shown by the portals' index."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    production_server: str = "prodserver100"
    prod_port: int = Field(default=9000, ge=1, le=65535)
    development_server: str = "devserver200"
    dev_port: int = Field(default=10000, ge=1, le=65535)


class ServiceSettings(BaseModel):
    """All that the constructor of one service needs to know.

    The fields from `service` on are derived from the university's settings and cannot be set for one service alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: str = Field(default="", max_length=200)
    webmaster: str = Field(default="webmaster@localhost", max_length=200)
    created: date = date(2021, 11, 10)
    database: str = Field(default="", repr=False)
    """Where its records are: `sqlite:///path` or `postgresql://user:password@host:port/name`; else a file in `var`."""
    url: str = "local"
    """`local`: the gateway mounts it. Otherwise the base URL at which it runs alone."""
    port: int = Field(default=8000, ge=1, le=65535)
    signup_open: bool = True
    """Whether people may apply for an account themselves."""

    service: Service = "student"
    prefix: str = ""
    """Its full public path, such as `/ch04/library`."""
    root_prefix: str = "/ch04"
    bases: Mapping[str, str] = Field(default_factory=dict)
    """Base URL of every service when each runs alone, without prefix."""
    server: ServerSettings = ServerSettings()
    university: str = "University"
    host: str = "127.0.0.1"
    zone: str = "UTC"
    environment: Literal["development", "production"] = "development"
    var: Path = ROOT / "var"
    secure_cookies: bool = False
    public_url: str | None = None
    smtp_url: str | None = Field(default=None, repr=False)
    mail_from: str = "erp@localhost"
    campus_networks: tuple[str, ...] = ()
    max_in_flight: int = 1000
    workers: int = 1
    pool_writers: int = 4
    pool_readers: int = 4

    @property
    def production(self) -> bool:
        """Whether real people depend on this installation."""
        return self.environment == "production"

    @property
    def keys_dir(self) -> Path:
        """Folder of this service's signing keys."""
        return self.var / "keys" / self.service

    @property
    def files_dir(self) -> Path:
        """Folder of the files that people sent to this service."""
        return self.var / "files" / self.service

    @property
    def zone_info(self) -> ZoneInfo:
        """The university's time zone."""
        return ZoneInfo(self.zone)

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must start with sqlite:/// or postgresql://")
        return value

    @field_validator("url")
    @classmethod
    def _local_or_http(cls, value: str) -> str:
        if value != "local" and not value.startswith(("http://", "https://")):
            raise ValueError("must be 'local' or an http(s) address")
        return value.rstrip("/")


class StudentSettings(ServiceSettings):
    """Settings of the student service."""

    application: str = "Student Management System"
    port: int = Field(default=8003, ge=1, le=65535)


class FacultySettings(ServiceSettings):
    """Settings of the faculty service."""

    application: str = "Faculty Management System"
    port: int = Field(default=8002, ge=1, le=65535)


class LibrarySettings(ServiceSettings):
    """Settings of the library service."""

    application: str = "Library Management System"
    port: int = Field(default=8001, ge=1, le=65535)
    journal_days: int = Field(default=14, ge=1, le=366, description="How old a line of the offline journal may be.")


class Settings(BaseSettings):
    """The whole installation."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    university: str = Field(default="University", max_length=200)
    prefix: str = Field(default="/ch04", pattern=r"^(/[a-z0-9][a-z0-9_-]*)+$")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    zone: str = "UTC"
    environment: Literal["development", "production"] = "development"
    var: Path = Path("var")
    """Folder of databases, keys, logs and files; a relative path counts from the checkout."""
    public_url: str | None = Field(default=None, pattern=r"^https?://[^/?#]+$")
    """Scheme and host under which people reach the university, such as `https://erp.example.edu`."""
    secure_cookies: bool = False
    smtp_url: str | None = Field(default=None, repr=False)
    """`smtp://user:password@host:port`; without it mail is written to `var/mail`."""
    mail_from: str = "erp@localhost"
    campus_networks: tuple[str, ...] = ()
    """Networks behind which many people share one address, in CIDR notation, separated by commas."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    """Addresses whose `X-Forwarded-For` and `-Proto` are believed."""
    workers: int = Field(default=1, ge=1, le=64)
    pool_writers: int = Field(default=4, ge=1, le=64)
    pool_readers: int = Field(default=4, ge=1, le=64)
    max_in_flight: int = Field(default=1000, ge=10)
    """Requests under way at once in one process; more are told to come again."""
    header_timeout: float = Field(default=10.0, gt=0, le=60)
    """Seconds in which a client must have sent its request's headers."""
    body_timeout: float = Field(default=60.0, gt=0, le=600)
    """Seconds a client may stay silent in the middle of a body."""
    drain_seconds: int = Field(default=20, ge=1, le=300)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_json: bool = False
    log_console: bool = False
    log_rotation: str = "20 MB"
    log_retention: str = "30 days"

    server: ServerSettings = ServerSettings()
    student: StudentSettings = StudentSettings()
    faculty: FacultySettings = FacultySettings()
    library: LibrarySettings = LibrarySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` gathered: constructing settings reads neither files nor the environment."""
        return (init_settings,)

    @field_validator("campus_networks", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (LookupError, ValueError, OSError):
            raise ValueError("is not a time zone such as Europe/Berlin") from None
        return value

    @field_validator("var")
    @classmethod
    def _from_root(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    @model_validator(mode="after")
    def _derive(self) -> Self:
        """Tell every service what the university decided."""
        common = {name: getattr(self, name) for name in COMMON}
        given = {name: getattr(self, name) for name in SERVICES}
        if self.workers > 1 and not all(own.database.startswith("postgresql:") for own in given.values()):
            raise ValueError("ERP_WORKERS above 1 needs PostgreSQL for every service, SQLite has one writer")
        bases = {name: f"http://127.0.0.1:{own.port}" if own.url == "local" else own.url for name, own in given.items()}
        for name, own in given.items():
            derived = {
                "service": name,
                "prefix": f"{self.prefix}/{name}",
                "root_prefix": self.prefix,
                "bases": bases,
                "server": self.server,
                "var": self.var,
                "database": own.database or f"sqlite:///{self.var / f'{name}.db'}",
            }
            # A frozen model is finished here, in its own validator, before anybody has seen it.
            self.__dict__[name] = own.model_copy(update=common | derived)
        places = [make_url(self.of(name).database) for name in SERVICES]
        if len({(place.host, place.port, place.database) for place in places}) < len(places):
            raise ValueError("ERP_STUDENT_DATABASE, ERP_FACULTY_DATABASE and ERP_LIBRARY_DATABASE must differ")
        return self

    def of(self, service: str) -> ServiceSettings:
        """The settings of one service."""
        if service not in SERVICES:
            raise LookupError(f"there is no service {service!r}")
        own: ServiceSettings = getattr(self, service)
        return own

    @property
    def services(self) -> tuple[ServiceSettings, ...]:
        """The settings of each service."""
        return tuple(self.of(service) for service in SERVICES)


def known_names() -> frozenset[str]:
    """The dotted name of every setting that may be set."""
    names = {name for name in Settings.model_fields if name not in (*SERVICES, "server")}
    derived = (every := list(ServiceSettings.model_fields))[every.index("service") :]
    kinds = [(group, type(Settings.model_fields[group].default)) for group in SERVICES]
    own = {f"{group}.{name}" for group, kind in kinds for name in kind.model_fields if name not in derived}
    return frozenset(names | own | set(BOOK_KEYS))


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """`{"library.port": "1"}` as `{"library": {"port": "1"}}`; the book's keys go to `server`."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        group, _, leaf = (f"server.{name}" if name in BOOK_KEYS else name).rpartition(".")
        (tree.setdefault(group, {}) if group else tree)[leaf] = value
    return tree


def load_settings(
    environment: Mapping[str, str] | None = None,
    *,
    properties: Path = PROPERTIES,
    dotenv: Path = ROOT / ".env",
    serving: bool = False,
    alone: str | None = None,
) -> Settings:
    """The settings in force. Raises one `SettingsFault` that lists every fault found, each with its source.

    `serving` asks for all that a server in production needs, signing keys among it; commands that make keys do not.
    `alone` names the one service that the server is for.
    """
    known = known_names()
    sources = [
        read_properties(properties, known),
        read_dotenv(dotenv, known),
        read_environment(os.environ if environment is None else environment, known),
    ]
    merged = {name: value for source in sources for name, value in source.values.items()}
    faults = [fault for source in sources for fault in source.faults]
    settings: Settings | None = None
    try:
        settings = Settings(**nested(merged))
    except ValidationError as error:
        told = collect_faults(error, sources)
        faults += told.values()
        settings = _without(merged, told)
    if settings is not None and settings.environment == "production":
        faults += production_faults(settings, serving=serving, alone=alone)
    if faults or settings is None:
        raise SettingsFault(faults)
    return settings


def settings_for_serving(alone: str | None = None) -> Settings:
    """The settings, or the end of the process with the one message that lists their faults."""
    try:
        return load_settings(serving=True, alone=alone)
    except SettingsFault as faults:
        raise SystemExit(str(faults)) from None


def _without(merged: Mapping[str, str], faulty: Iterable[str]) -> Settings | None:
    """The settings as they would be without the faulty ones, so that later checks find their faults too."""
    try:
        return Settings(**nested({name: value for name, value in merged.items() if name not in faulty}))
    except ValidationError:
        return None
