"""The last line of defence against two live loans of one copy: what the database itself forbids."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from configuration.kit.database.sqlite import driver
from tests.reliability.installation import Installation

INDEX = "uq_loan_live_copy"
CLAIMS = {
    "sqlite": [f"DROP TRIGGER loan_claims_copy_{act}" for act in ("insert", "update", "delete")],
    "postgresql": ["DROP TRIGGER loan_claims_copy ON loan"],
}


def drop_index(installation: Installation) -> None:
    """Plant the fault: copies may have several live loans, as far as the partial unique index is concerned."""
    with _library(installation) as connection:
        connection.execute(f"DROP INDEX {INDEX}")


def drop_claims(installation: Installation, backend: str) -> None:
    """Plant the fault: loans do not claim their copies."""
    with _library(installation) as connection:
        for statement in CLAIMS[backend]:
            connection.execute(statement)


def missing(installation: Installation, backend: str) -> list[str]:
    """Say that the partial unique index is not there, or is not what it was."""
    asked = {
        "sqlite": f"SELECT sql FROM sqlite_master WHERE name = '{INDEX}'",
        "postgresql": f"SELECT indexdef FROM pg_indexes WHERE indexname = '{INDEX}'",
    }
    with _library(installation) as connection:
        row = connection.execute(asked[backend]).fetchone()
    if row is None:
        return [f"{INDEX} is missing: nothing but locks keeps a copy from being lent twice"]
    fit = row[0].upper().startswith("CREATE UNIQUE INDEX") and "WHERE" in row[0].upper()
    return [] if fit else [f"{INDEX} is not unique among live loans: {row[0]}"]


@contextmanager
def _library(installation: Installation) -> Iterator[Any]:
    """A plain connection to the library's database, without anything of ours in between."""
    url = make_url(installation.databases["library"])
    if url.get_backend_name() == "sqlite":
        connection: Any = driver.connect(Path(url.database or ""), isolation_level=None)
    else:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(plain, autocommit=True)
    try:
        yield connection
    finally:
        connection.close()
