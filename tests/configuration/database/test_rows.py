"""Rows by id, and lists page by page, on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, create_engine, make_url, select

from configuration.kit.database import NAMING, Database, Hundredths, Transaction, id_column, open_database
from configuration.kit.database.rows import Pages, Rows
from configuration.kit.database.sqlite import driver
from tests.conftest import NewDatabaseUrl

metadata = MetaData(naming_convention=NAMING)
stone = Table(
    "stone",
    metadata,
    id_column(),
    Column("version", BigInteger, nullable=False),
    Column("colour", Text, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("weight", Hundredths),
)


@dataclass(frozen=True, slots=True)
class Stone:
    id: int
    version: int
    colour: str
    place: int
    weight: Decimal | None


_STONES = select(stone.c.id, stone.c.version, stone.c.colour, stone.c.place, stone.c.weight)
rows = Rows(stone, Stone, changeable=("colour", "weight"))
by_id = Pages(_STONES, stone.c.id, Stone, filters={"colour": stone.c.colour == bindparam("colour")})
by_place = Pages(_STONES, (stone.c.place, stone.c.id), Stone)


@pytest.fixture
def db(new_database_url: NewDatabaseUrl) -> Iterator[Database]:
    url = make_url(new_database_url("stones"))
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url, module=driver) if sqlite else create_engine(url.set(drivername="postgresql+psycopg"))
    metadata.create_all(engine)
    engine.dispose()
    database = open_database(url.render_as_string(hide_password=False), metadata=[metadata], refusals={})
    yield database
    database.close_sync()


def add(tx: Transaction, colour: str, place: int, weight: Decimal | int | None = None) -> int:
    return rows.add(tx, version=1, colour=colour, place=place, weight=weight)


class TestRows:
    def test_a_row_is_added_changed_and_removed(self, db: Database) -> None:
        made = db.write_sync(add, "red", 1, Decimal("2.5"))
        db.write_sync(rows.change, made, {"colour": "blue", "weight": None, "ignored": 1})

        assert db.write_sync(rows.locked, made) == Stone(made, 2, "blue", 1, None)
        db.write_sync(rows.remove, made)
        assert db.read_sync(rows.find, made) is None

    @pytest.mark.parametrize(
        ("said", "kept"), [(Decimal("0.01"), "0.01"), (Decimal("-3.1"), "-3.10"), (10**12, "1000000000000.00")]
    )
    def test_hundredths_are_exact(self, db: Database, said: Decimal, kept: str) -> None:
        found = db.read_sync(rows.find, db.write_sync(add, "red", 1, said))

        assert found is not None
        assert str(found.weight) == kept

    def test_a_third_decimal_place_is_an_error_of_the_program(self, db: Database) -> None:
        with pytest.raises(ValueError, match="two decimal places"):
            db.write_sync(add, "red", 1, Decimal("0.001"))


class TestPages:
    def test_they_follow_one_another_without_gap_or_repetition(self, db: Database) -> None:
        places = [3, 1, 2, 1, 3, 2, 1]
        made = [db.write_sync(add, "red" if place == 1 else "blue", place) for place in places]
        expected = [one for _, one in sorted(zip(places, made, strict=True))]

        seen: list[Stone] = []
        while page := db.read_sync(by_place.page, after=(seen[-1].place, seen[-1].id) if seen else (0, 0), limit=2):
            seen += page

        assert [one.id for one in seen] == expected
        assert [one.id for one in db.read_sync(by_id.page, after=made[2], limit=9)] == made[3:]
        assert [one.place for one in db.read_sync(by_id.page, after=0, limit=9, colour="red")] == [1, 1, 1]
        assert len(db.read_sync(by_id.page, after=0, limit=9, colour=None)) == len(made)
