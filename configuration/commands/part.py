"""What a service brings to the `erp` command, and the installation that commands work on."""

import getpass
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import MetaData

from configuration import migrate
from configuration.commands.demo_people import DemoPerson
from configuration.kit.clock import Clock, utc_now
from configuration.kit.database import Database, open_database
from configuration.kit.errors import Refusal
from configuration.kit.features.accounts.model import Roles
from configuration.kit.features.audit import Invariant
from configuration.kit.features.jobs import Task, Work
from configuration.kit.security.actor import UNIVERSITY, Actor, Service
from configuration.kit.security.trust import TRUST
from configuration.settings import ServiceSettings, Settings, load_settings


@dataclass(frozen=True)
class Demo:
    """What a service is given to furnish its part of the demo university.

    `people` are the persons of all services, with their accounts made already.
    """

    database: Database
    settings: Settings
    people: Sequence[DemoPerson]
    by: Actor
    clock: Clock
    say: Callable[[str], None]


@dataclass(frozen=True)
class YearWish:
    """The year that a service is to live through in a demo: whole weeks, until today unless it says otherwise.

    The same `seed` gives the same year. Pictures of it go to `folder`; `look` is the command that serves it.
    """

    titles: int
    patrons: int
    seed: int
    weeks: int
    until: date | None
    folder: Path
    look: str


@dataclass(frozen=True)
class ServicePart:
    """One service, as the command line knows it. `groups` are its own commands; `tasks` are made of its settings.

    `furnish` fills its part of a demo; `live_a_year` does so by living one.
    """

    service: Service
    package: str
    metadata: Sequence[MetaData]
    accounts: Roles
    refusals: Mapping[str, Callable[[], Refusal]] = field(default_factory=dict)
    invariants: Sequence[Invariant] = ()
    works: Mapping[str, Work] = field(default_factory=dict)
    tasks: Callable[[Any], Sequence[Task]] | None = None
    groups: Mapping[str, typer.Typer] = field(default_factory=dict)
    furnish: Callable[[Demo], None] | None = None
    live_a_year: Callable[[Demo, YearWish], None] | None = None


class NotMigrated(Exception):
    """A database is missing or behind."""


class Installation:
    """The university as this machine's settings describe it. Every command is given it as `ctx.obj`.

    `overriding` are variables that count before those of the environment.
    """

    def __init__(
        self, parts: Sequence[ServicePart], *, clock: Clock = utc_now, overriding: Mapping[str, str] | None = None
    ) -> None:
        self.parts: Mapping[str, ServicePart] = {part.service: part for part in parts}
        self.clock = clock
        self._overriding = overriding or {}

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises `SettingsFault`, which lists every fault."""
        return load_settings({**os.environ, **self._overriding})

    def of(self, service: str) -> ServiceSettings:
        """The settings of one service."""
        return self.settings.of(service)

    @cached_property
    def operator(self) -> Actor:
        """Whoever sits at this machine's command line: may do all that staff may, and is named in the audit."""
        roles = {role for trusted in TRUST.values() for role in trusted}
        login = getpass.getuser()
        grants = {role: frozenset({UNIVERSITY}) for role in roles}
        return Actor(person=f"operator:{login}", issuer="library", name=login, grants=grants, via="command")

    def require_current(self, service: str) -> None:
        """Raise `NotMigrated` unless the service's database stands at its newest revision."""
        part, url = self.parts[service], self.of(service).database
        present = migrate.current(part.package, url)
        if present is None:
            raise NotMigrated(f"The database of the {service} service has not been made yet.")
        if present != migrate.head(part.package):
            raise NotMigrated(f"The database of the {service} service is at an older revision ({present}).")

    @contextmanager
    def database(self, service: str, *, patience: float = 30.0) -> Iterator[Database]:
        """The open database of a service, beside a running server or without one.

        `patience` is how many seconds a command waits for the lock of somebody else who writes.
        """
        self.require_current(service)
        part = self.parts[service]
        database = open_database(
            self.of(service).database,
            metadata=part.metadata,
            refusals=part.refusals,
            write_connections=1,
            read_connections=1,
            busy_seconds=patience,
        )
        try:
            yield database
        finally:
            database.close_sync()


def installation(ctx: typer.Context) -> Installation:
    """The installation a command works on."""
    found: Installation = ctx.obj
    return found
