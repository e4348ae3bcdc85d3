"""What the university decides about its installation.

Strength: each source overrides the one before it: `erp_settings.properties`, `.env`, the environment. A setting has one
dotted name (`library.port`) in the properties file and one upper-case name (`ERP_LIBRARY_PORT`) in the other two.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url

from configuration.kit.security.actor import Service
from configuration.production import production_faults
from configuration.service_settings import (
    ROOT,
    FacultySettings,
    LibrarySettings,
    ServerSettings,
    ServiceSettings,
    StudentSettings,
    parts,
)
from configuration.sources import SettingsFault, collect_faults, read_dotenv, read_environment, read_properties

PROPERTIES = Path(__file__).parent / "erp_settings.properties"
SERVICES: tuple[Service, ...] = ("student", "faculty", "library")
__all__ = ["ROOT", "LibrarySettings", "ServerSettings", "ServiceSettings", "Settings", "load_settings"]

BOOK_KEYS = ("production_server", "prod_port", "development_server", "dev_port")
COMMON = (
    "university", "host", "zone", "environment", "secure_cookies", "public_url", "smtp_url", "mail_from",
    "campus_networks", "max_in_flight", "workers", "pool_writers", "pool_readers",
)  # fmt: skip


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
        return parts(value)

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
    shared = list(ServiceSettings.model_fields)
    derived = set(shared[shared.index("service") :])
    own = {f"{name}.{field}" for name in SERVICES for field in type_of(name).model_fields if field not in derived}
    return frozenset(names | own | set(BOOK_KEYS))


def type_of(service: str) -> type[ServiceSettings]:
    """The class of a service's settings."""
    return type(Settings.model_fields[service].default)


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
