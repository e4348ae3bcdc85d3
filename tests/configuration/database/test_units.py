"""Units of work on both databases: context, refusals, verdicts, and constraint errors (rules 4 and 5)."""

import asyncio
from contextvars import ContextVar
from functools import partial

import pytest
from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Table, UniqueConstraint, text

from configuration.kit.database import NAMING, Database, Statement, Transaction, id_column, open_database
from configuration.kit.database.constraints import StillReferenced
from configuration.kit.database.database import AT_ONCE
from configuration.kit.errors import Conflict, Refusal, Unavailable
from tests.configuration.database.conftest import OpenSeats
from tests.configuration.database.seats import (
    SET_TAKEN,
    SeatTaken,
    add,
    add_and_refuse,
    book,
    booking,
    metadata,
    names,
    seat,
)

log_id: ContextVar[str] = ContextVar("log_id", default="none")


class Negative(Refusal):
    """A count below zero."""


class LineTaken(Conflict):
    """Another seat stands in the line."""


class TestUnits:
    """What holds on both databases."""

    async def test_context_variables_are_known_inside(self, db: Database) -> None:
        log_id.set("request 7")

        assert await db.write(lambda _: log_id.get()) == "request 7"
        assert await db.read(lambda _: log_id.get()) == "request 7"

    async def test_what_a_unit_sets_stays_inside(self, db: Database) -> None:
        await db.write(lambda _: log_id.set("inside"))

        assert log_id.get() != "inside"

    async def test_a_refusal_undoes_everything(self, db: Database) -> None:
        with pytest.raises(SeatTaken):
            await db.write(add_and_refuse, "A1")

        assert await db.read(names) == []

    async def test_a_verdict_keeps_what_was_written(self, db: Database) -> None:
        def failed_sign_in(tx: Transaction) -> str:
            add(tx, "one more failure")
            return "wrong password"

        assert await db.write(failed_sign_in) == "wrong password"
        assert await db.read(names) == ["one more failure"]

    async def test_any_other_error_undoes_everything_and_reaches_the_caller(self, db: Database) -> None:
        def fails(tx: Transaction) -> None:
            add(tx, "A1")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await db.write(fails)

        assert await db.read(names) == []

    async def test_many_at_once_all_arrive(self, db: Database) -> None:
        made = await asyncio.gather(*(db.write(add, f"A{number}") for number in range(100)))

        assert len(set(made)) == 100
        assert len(await db.read(names)) == 100

    def test_command_lines_wait_without_an_event_loop(self, db: Database) -> None:
        made = db.write_sync(add, "A1")

        assert db.read_sync(names) == ["A1"]
        assert made == 1

    def test_of_many_units_each_comes_to_its_own_end(self, open_seats: OpenSeats) -> None:
        db = open_seats({"uq_seat_name": SeatTaken}, write_connections=1)

        became = db.write_each_sync([partial(add, name=name) for name in ("A1", "A2", "A1", "A3")])

        assert [type(one) for one in became] == [int, int, SeatTaken, int]
        assert db.read_sync(names) == ["A1", "A2", "A3"]

    def test_of_more_units_than_are_handed_in_at_once_none_is_lost(self, open_seats: OpenSeats) -> None:
        db = open_seats(write_connections=1)
        many = [f"A{number:04d}" for number in range(AT_ONCE + 7)]

        db.write_each_sync([partial(add, name=name) for name in many])

        assert db.read_sync(names) == many

    def test_what_goes_wrong_in_one_of_many_is_raised_after_all_have_ended(self, open_seats: OpenSeats) -> None:
        db = open_seats(write_connections=1)

        def broken(_: Transaction) -> int:
            raise KeyError("no such seat")

        with pytest.raises(KeyError, match="no such seat"):
            db.write_each_sync([lambda tx: add(tx, "A1"), broken, lambda tx: add(tx, "A2")])

        assert db.read_sync(names) == ["A1", "A2"]

    async def test_a_unit_that_waits_for_another_is_an_error_and_not_a_deadlock(self, db: Database) -> None:
        with pytest.raises(RuntimeError, match="pass on its transaction"):
            await db.write(lambda _: db.write_sync(add, "A1"))

    async def test_it_describes_itself_without_a_password(self, db: Database) -> None:
        told = db.describe()

        assert told["dialect"] == db.dialect
        assert told["write_connections"] + told["read_connections"] >= 3
        assert ":erp@" not in told["location"]

    async def test_a_database_answers_a_ping_while_it_lives(self, db: Database) -> None:
        await db.ping()
        await db.close()

        with pytest.raises(Unavailable):
            await db.ping()


class TestConstraints:
    """They become refusals at the edge of a write, by name, on both databases."""

    async def test_a_unique_constraint(self, open_seats: OpenSeats) -> None:
        db = open_seats({"uq_seat_name": SeatTaken})
        await db.write(add, "A1")

        with pytest.raises(SeatTaken) as refused:
            await db.write(add, "A1")

        assert refused.value.__cause__ is not None

    async def test_a_partial_unique_index(self, open_seats: OpenSeats) -> None:
        db = open_seats({"uq_booking_live": SeatTaken})
        seat_id = await db.write(add, "A1")
        for state in ("past", "past", "live"):
            await db.write(book, seat_id, state)

        with pytest.raises(SeatTaken):
            await db.write(book, seat_id)

    async def test_without_the_partial_index_both_would_sit_there(self, open_seats: OpenSeats) -> None:
        db = open_seats({"uq_booking_live": SeatTaken})
        seat_id = await db.write(add, "A1")
        await db.write(lambda tx: tx.run(Statement(text("DROP INDEX uq_booking_live"))))

        await db.write(book, seat_id)

        assert await db.write(book, seat_id) == 2

    async def test_an_index_on_an_expression(self, open_seats: OpenSeats) -> None:
        db = open_seats({"uq_seat_line_lower": LineTaken})
        into_line = Statement(seat.insert().values(name=text(":name"), line=text(":line")).inline())
        await db.write(lambda tx: tx.run(into_line, name="A1", line="North"))

        with pytest.raises(LineTaken):
            await db.write(lambda tx: tx.run(into_line, name="A2", line="NORTH"))

    async def test_a_check(self, open_seats: OpenSeats) -> None:
        db = open_seats({"ck_seat_taken": Negative})
        seat_id = await db.write(add, "A1")

        with pytest.raises(Negative):
            await db.write(lambda tx: tx.run(SET_TAKEN, seat=seat_id, count=-1))

    async def test_a_reference_is_a_conflict_even_undeclared(self, db: Database) -> None:
        with pytest.raises(StillReferenced):
            await db.write(book, 99)

    async def test_a_constraint_without_a_refusal_is_the_drivers_error(self, db: Database) -> None:
        await db.write(add, "A1")

        with pytest.raises(Exception, match="(?i)unique") as raised:
            await db.write(add, "A1")

        assert type(raised.value).__name__ in {"IntegrityError", "UniqueViolation"}

    async def test_the_neighbours_of_a_refused_write_stay(self, open_seats: OpenSeats) -> None:
        db = open_seats({"uq_seat_name": SeatTaken})

        outcomes = await asyncio.gather(*(db.write(add, name) for name in "ABACA"), return_exceptions=True)

        assert sorted(await db.read(names)) == ["A", "B", "C"]
        assert sum(isinstance(outcome, SeatTaken) for outcome in outcomes) == 2


class TestDeclarations:
    """Mistakes in declaring refusals are found when the database is opened."""

    def test_a_refusal_for_no_constraint(self, seats_url: str) -> None:
        with pytest.raises(ValueError, match="uq_seat_nmae"):
            open_database(seats_url, metadata=[metadata], refusals={"uq_seat_nmae": SeatTaken})

    def test_two_refusals_that_sqlite_cannot_tell_apart(self, seats_url: str) -> None:
        other = MetaData(naming_convention=NAMING)
        Table("twice", other, id_column(), Column("n", Integer, unique=True), UniqueConstraint("n", name="uq_again"))

        with pytest.raises(ValueError, match="tell"):
            open_database(seats_url, metadata=[other], refusals={"uq_twice_n": SeatTaken, "uq_again": LineTaken})

    def test_a_name_that_postgresql_would_cut_off(self, seats_url: str) -> None:
        other = MetaData(naming_convention=NAMING)
        Table("long", other, id_column(), Column("n", Integer), CheckConstraint("n > 0", name="x" * 60))

        with pytest.raises(ValueError, match="63"):
            open_database(seats_url, metadata=[other])

    def test_tables_without_refusals_are_fine(self, seats_url: str) -> None:
        assert booking.metadata is metadata
        open_database(seats_url, metadata=[metadata]).close_sync()
