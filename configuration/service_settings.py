"""What the constructor of one service needs to know, and what only one of them does."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from configuration.kit.security.actor import Service

ROOT = Path(__file__).resolve().parent.parent
Days = Annotated[int, Field(ge=0, le=365)]


def parts(value: Any) -> Any:
    """What a setting with commas between its parts consists of."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


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
    reminder_days: tuple[Days, ...] = (3,)
    """How many days before a loan is due its reader is reminded."""
    overdue_days: tuple[Days, ...] = (1, 7, 14, 28)
    """How many days after it was due its reader is asked for it."""
    forget_after_days: int = Field(default=30, ge=0, le=3650)
    """How long after its end a loan or request names its reader, who may choose to have it remembered."""
    forget_last_borrower_after_days: int = Field(default=60, ge=0, le=3650)
    """The same for the last loan of a copy that nobody has had since: its damages may be found late."""
    purchase_wait_days: int = Field(default=60, ge=1, le=3650)
    """Above this expected wait another copy of a title is suggested for purchase."""
    journal_days: int = Field(default=14, ge=1, le=366)
    """How many days old a line of the desk's offline journal may be."""

    @field_validator("reminder_days", "overdue_days", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return parts(value)
