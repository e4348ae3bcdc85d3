"""SQLAlchemy Core statements that are compiled once per dialect and executed on the driver.

Running a Core statement through a SQLAlchemy connection costs about as much processor time as the statement itself.
A `Statement` keeps what SQLAlchemy is good at (one way of writing SQL for two databases, types) and leaves out the
rest: it sees no SQLAlchemy events, applies no Python-side column defaults, and wants every value given explicitly.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from operator import itemgetter
from typing import Any, Generic, Literal, TypeVar, overload

from sqlalchemy import Dialect as SqlDialect
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

R = TypeVar("R")
Dialect = Literal["sqlite", "postgresql"]
Process = Callable[[Any], Any]
MakeRow = Callable[[Sequence[Any]], Any]

DIALECTS: Mapping[Dialect, SqlDialect] = {
    "sqlite": SQLiteDialect_pysqlite(paramstyle="qmark"),
    "postgresql": PGDialect_psycopg(paramstyle="format"),  # type: ignore[no-untyped-call]
}


class Plan:
    """One statement compiled for one dialect: its SQL, how parameters become values, how rows become objects."""

    __slots__ = (
        "_columns", "_constants", "_first", "_names", "_optional", "_pick", "_processes", "_slots", "into", "make_row",
        "sql",
    )  # fmt: skip

    def __init__(self, clause: ClauseElement, dialect: Dialect, into: type[Any] | None) -> None:
        compiled = clause.compile(dialect=DIALECTS[dialect])
        assert isinstance(compiled, SQLCompiler)
        if filled := [c.name for c in (*getattr(compiled, "insert_prefetch", ()), *compiled.update_prefetch)]:
            raise TypeError(f"columns {filled} have Python-side defaults; give their values explicitly:\n{compiled}")
        binds = {compiled.bind_names[bind]: bind for bind in compiled.bind_names}
        # Fixed IN lists are spelled out here; an IN list that changes its length needs its own statement.
        state = compiled.construct_expanded_state({name: None for name, bind in binds.items() if bind.required})
        self.sql = state.statement
        order = list(state.positiontup or ())
        self._names = frozenset(name for name, bind in binds.items() if bind.required and name in order)
        self._optional = {
            name: bind.effective_value
            for name, bind in binds.items()
            if not bind.required and not bind.unique and name in order
        }
        self._constants: list[Any] = [None] * len(order)
        self._slots: list[tuple[int, str, Process | None]] = []
        for position, name in enumerate(order):
            process = state.processors.get(name) or compiled._bind_processors.get(name)
            if name in self._names or name in self._optional:
                self._slots.append((position, name, process))  # type: ignore[arg-type]
            else:
                value = state.parameters[name]
                self._constants[position] = process(value) if callable(process) else value
        # Most statements have no constants: then the values are picked in one go, and only some are processed.
        self._pick = _picker([name for _, name, _ in self._slots]) if len(self._slots) == len(order) else None
        self._processes = [(position, process) for position, _, process in self._slots if process is not None]
        self._columns = compiled._result_columns
        self.into = into
        self.make_row: MakeRow | None = None
        self._first: Process | None = None

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """The parameters in the driver's order. A missing or an unknown one is an error."""
        if self._optional or given.keys() != self._names:
            given = self._complete(given)
        if self._pick is not None:
            picked = list(self._pick(given))
            for position, change in self._processes:
                picked[position] = change(picked[position])
            return picked
        values = self._constants.copy()
        for position, name, process in self._slots:
            values[position] = given[name] if process is None else process(given[name])
        return values

    def _complete(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        missing = sorted(self._names - given.keys())
        unknown = sorted(given.keys() - self._names - self._optional.keys())
        if missing or unknown:
            raise TypeError(f"parameters missing {missing}, unknown {unknown} for:\n{self.sql}")
        return {**self._optional, **given}

    def first_value(self, row: Sequence[Any], description: Sequence[Any], dialect: Dialect) -> Any:
        """The first column of a driver's row, processed."""
        if self._first is None:
            self._first = self._process(0, description, dialect) or _unchanged
        return self._first(row[0])

    def _process(self, position: int, description: Sequence[Any], dialect: Dialect) -> Process | None:
        if not self._columns:
            return None
        # Some processors of PostgreSQL depend on the type that the server reports.
        reported = description[position][1] if dialect == "postgresql" else None
        process: Process | None = self._columns[position].type._cached_result_processor(DIALECTS[dialect], reported)
        return process

    def row_maker(self, description: Sequence[Any], dialect: Dialect) -> MakeRow:
        """A function that turns a driver's row into a dataclass or named tuple; made at the first execution."""
        labels = [column.keyname for column in self._columns] or [column[0] for column in description]
        found = [(position, self._process(position, description, dialect)) for position in range(len(labels))]
        processes = [(position, process) for position, process in found if process is not None]
        make = _constructor(labels, self.into)
        if processes:
            make = _processed(make, processes)
        self.make_row = make
        return make


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """The values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: [given[name] for name in names]


def _unchanged(value: Any) -> Any:
    return value


def _constructor(labels: Sequence[str], into: type[Any] | None) -> MakeRow:
    """How to build the row type from a plain row."""
    if into is None:
        kind = namedtuple("Row", labels)  # type: ignore[misc]
        return kind._make
    wanted = [field for field in fields(into) if field.init]
    if missing := [f.name for f in wanted if f.name not in labels and f.default is f.default_factory is MISSING]:
        raise TypeError(f"{into.__name__} needs {missing}, the statement selects {list(labels)}")
    names = [field.name for field in wanted if field.name in labels]
    if names == list(labels) == [field.name for field in wanted] and not any(field.kw_only for field in wanted):
        return lambda row: into(*row)
    places = [labels.index(name) for name in names]
    if len(places) == 1:
        return lambda row: into(**{names[0]: row[places[0]]})
    pick = itemgetter(*places)
    return lambda row: into(**dict(zip(names, pick(row), strict=True)))


def _processed(make: MakeRow, processes: Sequence[tuple[int, Process]]) -> MakeRow:
    """Apply the result processors before building the row."""

    def make_row(row: Sequence[Any]) -> Any:
        values = list(row)
        for position, process in processes:
            values[position] = process(values[position])
        return make(values)

    return make_row


class Statement(Generic[R]):
    """A statement at module level. `into` is a dataclass whose fields are among the selected labels.

    Without `into` rows are named tuples. Parameters are the `bindparam` names; every one is required unless the
    `bindparam` has a value of its own. Compilation happens at the first execution on each dialect.
    """

    __slots__ = ("_plans", "clause", "into")

    @overload
    def __init__(self: "Statement[Any]", clause: ClauseElement, into: None = None) -> None: ...
    @overload
    def __init__(self, clause: ClauseElement, into: type[R]) -> None: ...
    def __init__(self, clause: ClauseElement, into: type[R] | None = None) -> None:
        self.clause = clause
        self.into = into
        self._plans: dict[Dialect, Plan] = {}

    def plan(self, dialect: Dialect) -> Plan:
        """The statement compiled for the dialect."""
        plan = self._plans.get(dialect)
        if plan is None:
            plan = self._plans[dialect] = Plan(self.clause, dialect, self.into)
        return plan

    def __repr__(self) -> str:
        return f"Statement({self.clause})"
