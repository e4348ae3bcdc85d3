"""The transaction a use case is handed: it reads and writes, and never commits."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from configuration.kit.database.statement import Dialect, Plan, Statement
from configuration.kit.errors import Refusal

R = TypeVar("R")


class Cursor(Protocol):
    """What the drivers' cursors have in common."""

    @property
    def rowcount(self) -> int:
        """How many rows the statement touched."""

    @property
    def description(self) -> Any:
        """Name and type of each column; `None` without rows."""

    def fetchone(self) -> Any:
        """The next row, or `None`."""

    def fetchall(self) -> list[Any]:
        """The rest of the rows."""

    def close(self) -> None:
        """Let go of the rows."""


class Session(Protocol):
    """A driver's connection as a transaction needs it."""

    def execute(self, sql: str, values: Sequence[Any]) -> Cursor:
        """Execute one statement."""

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> int:
        """Execute one statement for each row of values; answers how many rows were touched."""


class NotStorable(Refusal):
    """A value that the database cannot hold: a lone surrogate, a NUL character, a number beyond 64 bits."""

    status = 422
    code = "VALUE_NOT_STORABLE"
    title = "A value cannot be stored"


class Transaction:
    """An open transaction. It belongs to one unit of work and to the thread that runs it."""

    __slots__ = ("_session", "dialect")

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self.dialect: Dialect = dialect

    def all(self, st: Statement[R], **params: Any) -> list[R]:
        """Every row."""
        plan, cursor = self._execute(st, params)
        make = plan.make_row or plan.row_maker(cursor.description, self.dialect)
        return [make(row) for row in cursor.fetchall()]

    def first(self, st: Statement[R], **params: Any) -> R | None:
        """The first row, or `None`."""
        plan, cursor = self._execute(st, params)
        row = cursor.fetchone()
        make = plan.make_row or plan.row_maker(cursor.description, self.dialect)
        cursor.close()
        found: R | None = None if row is None else make(row)
        return found

    def one(self, st: Statement[R], **params: Any) -> R:
        """The first row; `LookupError` when there is none."""
        row = self.first(st, **params)
        if row is None:
            raise LookupError(f"no row for:\n{st.plan(self.dialect).sql}")
        return row

    def scalar(self, st: Statement[Any], **params: Any) -> Any:
        """The first column of the first row, or `None`."""
        plan, cursor = self._execute(st, params)
        row = cursor.fetchone()
        cursor_description = cursor.description
        cursor.close()
        if row is None:
            return None
        return plan.first_value(row, cursor_description, self.dialect)

    def run(self, st: Statement[Any], **params: Any) -> int:
        """Execute for its effect; answers how many rows it touched."""
        _, cursor = self._execute(st, params)
        if cursor.description is not None:
            return len(cursor.fetchall())
        count = cursor.rowcount
        cursor.close()
        return count

    def run_many(self, st: Statement[Any], rows: Sequence[Mapping[str, Any]]) -> int:
        """Execute once per mapping of parameters; answers how many rows were touched in all."""
        if not rows:
            return 0
        plan = st.plan(self.dialect)
        try:
            return self._session.execute_many(plan.sql, [plan.values(row) for row in rows])
        except (UnicodeEncodeError, OverflowError) as error:
            raise NotStorable(_reason(error)) from error

    def _execute(self, st: Statement[Any], params: Mapping[str, Any]) -> tuple[Plan, Cursor]:
        plan = st.plan(self.dialect)
        values = plan.values(params)
        try:
            return plan, self._session.execute(plan.sql, values)
        except (UnicodeEncodeError, OverflowError) as error:
            raise NotStorable(_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OverflowError):
        return "A number is larger than the database can hold."
    return "A text holds characters that are not valid Unicode."
