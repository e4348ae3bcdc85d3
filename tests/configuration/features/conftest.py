"""Databases that hold the tables of chosen features."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import MetaData, create_engine, make_url

from configuration.kit.database import Database, open_database
from configuration.kit.database.sqlite import driver
from tests.conftest import NewDatabaseUrl

OpenWith = Callable[..., Database]


@pytest.fixture
def open_with(new_database_url: NewDatabaseUrl) -> Iterator[OpenWith]:
    """Open a new database with the tables of the given MetaData."""
    opened: list[Database] = []

    def make(*metadata: MetaData) -> Database:
        url = make_url(new_database_url("feature"))
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, module=driver)
        else:
            engine = create_engine(url.set(drivername="postgresql+psycopg"))
        for each in metadata:
            each.create_all(engine)
        engine.dispose()
        opened.append(open_database(url.render_as_string(hide_password=False), metadata=metadata))
        return opened[-1]

    yield make
    for database in opened:
        database.close_sync()
