"""Migrations run as a whole or not at all, and tell where a database stands."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from configuration.kit.database.sqlite import driver
from configuration.migrate import current, head, is_current, upgrade
from tests.conftest import NewDatabaseUrl

FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None

def upgrade() -> None:
    op.create_table(
        "shelf", sa.Column("id", sa.Integer), sa.Column("n", sa.Integer), sa.CheckConstraint("n > 0", name="n")
    )
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"

def upgrade() -> None:
    op.create_table("box", sa.Column("id", sa.Integer))
    op.execute("INSERT INTO box (id) VALUES (1)")
    {last}
"""

MakePackage = Callable[..., str]


@pytest.fixture
def make_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakePackage]:
    """Make a service package of the given revisions; answers its name."""
    monkeypatch.syspath_prepend(tmp_path)
    made: list[str] = []

    def make(*revisions: str) -> str:
        name = f"shelves_{len(made)}_{id(made)}"
        versions = tmp_path / name / "migrations" / "versions"
        versions.mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
        for number, revision in enumerate(revisions, 1):
            (versions / f"{number:04}_step.py").write_text(textwrap.dedent(revision))
        made.append(name)
        return name

    yield make
    for name in made:
        sys.modules.pop(name, None)


def tables(url: str) -> set[str]:
    """The tables that are there, apart from Alembic's own."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, module=driver)
    else:
        engine = create_engine(parsed.set(drivername="postgresql+psycopg"))
    found = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    return found


class TestUpgrade:
    """From nothing to the newest revision."""

    def test_it_makes_the_database_and_a_second_time_does_nothing(
        self, make_package: MakePackage, new_database_url: NewDatabaseUrl
    ) -> None:
        package, url = make_package(FIRST, SECOND.format(last="")), new_database_url("shelves")
        assert current(package, url) is None

        upgrade(package, url)
        upgrade(package, url)

        assert tables(url) == {"shelf", "box"}
        assert current(package, url) == head(package) == "0002"
        assert is_current(package, url)

    def test_a_step_that_fails_undoes_all_that_ran_with_it(
        self, make_package: MakePackage, new_database_url: NewDatabaseUrl
    ) -> None:
        package, url = make_package(FIRST, SECOND.format(last="raise RuntimeError('power cut')")), new_database_url("s")

        with pytest.raises(RuntimeError, match="power cut"):
            upgrade(package, url)

        assert tables(url) == set()
        assert current(package, url) is None

    def test_what_was_there_before_a_failing_step_stays(
        self, make_package: MakePackage, new_database_url: NewDatabaseUrl
    ) -> None:
        package, url = make_package(FIRST, SECOND.format(last="raise RuntimeError('power cut')")), new_database_url("s")
        upgrade(package, url, "0001")

        with pytest.raises(RuntimeError, match="power cut"):
            upgrade(package, url)

        assert tables(url) == {"shelf"}
        assert current(package, url) == "0001"
        assert not is_current(package, url)

    def test_two_at_once_do_it_once(self, make_package: MakePackage, new_database_url: NewDatabaseUrl) -> None:
        package, url = make_package(FIRST, SECOND.format(last="")), new_database_url("shelves")

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: upgrade(package, url), range(2)))

        assert current(package, url) == "0002"

    def test_constraints_get_their_names_by_the_convention(
        self, make_package: MakePackage, new_database_url: NewDatabaseUrl
    ) -> None:
        package, url = make_package(FIRST), new_database_url("shelves")
        upgrade(package, url)
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        engine = (
            create_engine(parsed, module=driver)
            if sqlite
            else create_engine(parsed.set(drivername="postgresql+psycopg"))
        )

        with engine.begin() as connection, pytest.raises(Exception, match="ck_shelf_n"):
            connection.execute(text("INSERT INTO shelf (id, n) VALUES (1, 0)"))

        engine.dispose()

    def test_a_database_of_another_service_is_told(
        self, make_package: MakePackage, new_database_url: NewDatabaseUrl
    ) -> None:
        ours, theirs = make_package(FIRST), make_package(FIRST, SECOND.format(last=""))
        url = new_database_url("shelves")
        upgrade(theirs, url)

        with pytest.raises(RuntimeError, match="knows no revision 0002"):
            current(ours, url)
