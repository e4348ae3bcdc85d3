"""A small shop of seats and bookings to try the data layer on."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from configuration.kit.database import Database, open_database
from configuration.kit.database.constraints import Edge
from configuration.kit.database.crew import Crew
from configuration.kit.database.postgresql import PostgresSession, PostgresWorker
from configuration.kit.database.sqlite import driver
from configuration.kit.errors import Refusal
from tests.configuration.database.seats import metadata
from tests.conftest import NewDatabaseUrl

OpenSeats = Callable[..., Database]
OpenCrew = Callable[..., Database]


@pytest.fixture
def seats_url(new_database_url: NewDatabaseUrl) -> str:
    """The URL of a database with the tables of the shop."""
    url = make_url(new_database_url("seats"))
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, module=driver)
    else:
        engine = create_engine(url.set(drivername="postgresql+psycopg"))
    metadata.create_all(engine)
    engine.dispose()
    return url.render_as_string(hide_password=False)


@pytest.fixture
def open_seats(seats_url: str) -> Iterator[OpenSeats]:
    """Open the shop's database, with any options of `open_database`; closed at the end of the test."""
    opened: list[Database] = []

    def make(refusals: Mapping[str, Callable[[], Refusal]] | None = None, **options: Any) -> Database:
        opened.append(open_database(seats_url, metadata=[metadata], refusals=refusals or {}, **options))
        return opened[-1]

    yield make
    for database in opened:
        database.close_sync()


@pytest.fixture
def db(open_seats: OpenSeats) -> Database:
    """The shop's database as a service opens it."""
    return open_seats()


@pytest.fixture
def open_crew(seats_url: str) -> Iterator[OpenCrew]:
    """Open the shop with sessions and workers of the test's own making."""
    opened: list[Database] = []

    def make(*, retries: int = 3, **session: Any) -> Database:
        edge = Edge([metadata], {})
        crews = [
            Crew(
                name,
                [
                    PostgresWorker(PostgresSession(seats_url, readonly=readonly, **session), edge, retries=retries)
                    for _ in range(2)
                ],
            )
            for name, readonly in (("writer", False), ("reader", True))
        ]
        opened.append(Database("postgresql", crews[0], crews[1], location="test"))
        return opened[-1]

    yield make
    for database in opened:
        database.close_sync()
