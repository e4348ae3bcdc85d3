"""Statements are compiled once and say what is wrong with their parameters."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, func, insert, select, text, type_coerce

from configuration.kit.database import Database, NotStorable, Statement, Transaction, encoded, insert_into
from tests.configuration.database.seats import ADD, BOOK, ONE, SEATS, Seat, add, booking, names, seat

HALF_PAST_NINE = datetime(2026, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=1)))


class TestRows:
    """What comes out."""

    async def test_rows_are_instances_of_the_dataclass(self, db: Database) -> None:
        made = await db.write(add, "A1")

        rows = await db.read(lambda tx: tx.all(SEATS))

        assert rows == [Seat(id=made, name="A1", taken=0)]

    async def test_a_dataclass_takes_the_columns_it_names_in_any_order(self, db: Database) -> None:
        @dataclass(frozen=True)
        class Label:
            name: str
            id: int
            colour: str = "grey"

        labels = Statement(select(seat), into=Label)
        made = await db.write(add, "A1")

        assert await db.read(lambda tx: tx.all(labels)) == [Label("A1", made)]

    async def test_a_dataclass_of_one_field(self, db: Database) -> None:
        @dataclass(frozen=True)
        class Name:
            name: str

        await db.write(add, "A1")

        assert await db.read(lambda tx: tx.first(Statement(select(seat), into=Name))) == Name("A1")

    async def test_a_dataclass_with_a_field_that_is_not_selected_is_an_error(self, db: Database) -> None:
        @dataclass(frozen=True)
        class Priced:
            name: str
            price: int

        with pytest.raises(TypeError, match="price"):
            await db.read(lambda tx: tx.all(Statement(select(seat), into=Priced)))

    async def test_without_a_dataclass_rows_are_named(self, db: Database) -> None:
        await db.write(add, "A1")

        row = await db.read(lambda tx: tx.one(Statement(select(func.count().label("many"), func.max(seat.c.name)))))

        assert (row.many, row.max_1) == (1, "A1")

    async def test_one_without_a_row_is_a_lookup_error_and_first_is_none(self, db: Database) -> None:
        assert await db.read(lambda tx: tx.first(ONE, id=7)) is None
        assert await db.read(lambda tx: tx.scalar(ONE, id=7)) is None
        with pytest.raises(LookupError):
            await db.read(lambda tx: tx.one(ONE, id=7))

    async def test_instants_come_back_in_utc_and_json_as_it_was(self, db: Database) -> None:
        stored = Statement(select(booking.c.at, booking.c.note))
        note = {"grund": "Prüfung", "rows": [1, None]}

        def write(tx: Transaction) -> None:
            tx.run(BOOK, seat_id=add(tx, "A1"), state="live", at=HALF_PAST_NINE, note=note)

        await db.write(write)

        row = await db.read(lambda tx: tx.one(stored))
        assert row.at == HALF_PAST_NINE
        assert row.at.tzinfo is UTC
        assert row.note == note
        assert await db.read(lambda tx: tx.scalar(stored)) == HALF_PAST_NINE

    async def test_json_that_was_encoded_before_is_stored_as_the_value_is(self, db: Database) -> None:
        note = {"grund": "Prüfung", "rows": [1, None], "a": True}
        as_text = Statement(select(type_coerce(booking.c.note, Text).label("text")).order_by(booking.c.id))

        def write(tx: Transaction) -> None:
            for each in (note, encoded(note)):
                tx.run(BOOK, seat_id=add(tx, f"A{type(each).__name__}"), state="live", at=None, note=each)

        await db.write(write)

        one, other = await db.read(lambda tx: tx.all(as_text))
        assert one.text == other.text == '{"a":true,"grund":"Pr\\u00fcfung","rows":[1,null]}'

    async def test_instants_are_compared_as_instants(self, db: Database) -> None:
        later = Statement(select(booking.c.id).where(booking.c.at > bindparam("moment")))

        def write(tx: Transaction) -> None:
            tx.run(BOOK, seat_id=add(tx, "A1"), state="live", at=HALF_PAST_NINE, note=None)

        await db.write(write)

        before, after = datetime(2026, 3, 1, 9, 29, tzinfo=UTC), datetime(2026, 3, 1, 9, 31, tzinfo=UTC)
        assert len(await db.read(lambda tx: tx.all(later, moment=before))) == 1
        assert await db.read(lambda tx: tx.all(later, moment=after)) == []

    async def test_a_naive_datetime_is_refused(self, db: Database) -> None:
        with pytest.raises(ValueError, match="time zone"):
            await db.write(lambda tx: tx.run(BOOK, seat_id=1, state="live", at=datetime(2026, 3, 1), note=None))  # noqa: DTZ001


class TestParameters:
    """What goes in."""

    @pytest.mark.parametrize("given", [{}, {"name": "A1", "colour": "red"}, {"nam": "A1"}])
    async def test_a_missing_or_unknown_parameter_is_an_error(self, db: Database, given: dict[str, str]) -> None:
        with pytest.raises(TypeError, match="parameters missing"):
            await db.write(lambda tx: tx.run(ADD, **given))

    async def test_literals_and_fixed_lists_are_part_of_the_statement(self, db: Database) -> None:
        chosen = Statement(
            select(seat.c.name)
            .where(seat.c.name.in_(["A1", "A3"]), seat.c.taken == 0, seat.c.id > bindparam("after", 0))
            .limit(5)
        )
        for name in ("A1", "A2", "A3"):
            await db.write(add, name)

        assert {row.name for row in await db.read(lambda tx: tx.all(chosen))} == {"A1", "A3"}
        assert [row.name for row in await db.read(lambda tx: tx.all(chosen, after=1))] == ["A3"]

    async def test_python_side_defaults_are_an_error_since_nobody_would_apply_them(self, db: Database) -> None:
        careless = Table("careless", MetaData(), Column("id", Integer, default=lambda: 7), Column("n", Integer))

        with pytest.raises(TypeError, match="Python-side defaults"):
            await db.write(lambda tx: tx.run(Statement(insert(careless).values(n=bindparam("n"))), n=1))

    async def test_many_rows_go_in_at_once(self, db: Database) -> None:
        plain = Statement(insert_into(seat, omit=("id", "line", "taken")))

        count = await db.write(lambda tx: tx.run_many(plain, [{"name": f"A{n}"} for n in range(500)]))

        assert count == 500
        assert len(await db.read(names)) == 500

    async def test_run_counts_the_rows_it_touched(self, db: Database) -> None:
        for name in ("A1", "A2"):
            await db.write(add, name)

        assert await db.write(lambda tx: tx.run(Statement(seat.update().values(taken=3)))) == 2
        assert await db.write(lambda tx: tx.run(Statement(seat.delete().returning(seat.c.id)))) == 2

    @pytest.mark.parametrize("name", ["lone \ud800 surrogate", "nul \x00 inside"])
    async def test_a_text_that_cannot_be_stored_is_refused(self, db: Database, name: str) -> None:
        with pytest.raises(NotStorable):
            await db.write(add, name)

    @pytest.mark.parametrize("number", [2**63, 2**70, -(2**63) - 1])
    async def test_a_number_that_cannot_be_stored_is_refused(self, db: Database, number: int) -> None:
        with pytest.raises(NotStorable):
            await db.read(lambda tx: tx.first(ONE, id=number))

    async def test_it_is_compiled_once_per_dialect(self, db: Database) -> None:
        await db.write(add, "A1")
        plan = ADD.plan(db.dialect)

        await db.write(add, "A2")

        assert ADD.plan(db.dialect) is plan

    async def test_plain_text_works_too(self, db: Database) -> None:
        row = await db.read(lambda tx: tx.one(Statement(text("SELECT 1 AS one, 'x%' AS sign WHERE 1 = :n")), n=1))

        assert (row.one, row.sign) == (1, "x%")


class TestIds:
    """Ids are made by the database."""

    async def test_an_id_is_never_used_twice(self, db: Database) -> None:
        first = await db.write(add, "A1")
        await db.write(lambda tx: tx.run(Statement(seat.delete())))

        second = await db.write(add, "A1")

        assert second > first
