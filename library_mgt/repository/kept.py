"""Numbers among values that a row keeps as JSON, for the audit and for lists: no act at the desk asks into JSON."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class KeptNumber(FunctionElement[int]):
    """A whole number by its name among the values that a row keeps."""

    type = Integer()
    inherit_cache = True


@compiles(KeptNumber, "sqlite")
def _kept_on_sqlite(element: KeptNumber, compiler: SQLCompiler, **options: Any) -> str:
    values, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({values}, '$.' || {name})"


@compiles(KeptNumber, "postgresql")
def _kept_on_postgresql(element: KeptNumber, compiler: SQLCompiler, **options: Any) -> str:
    values, name = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(CAST({values} AS json) ->> {name} AS integer)"
