"""The column type that keeps a title's words as each search engine wants them."""

from typing import Any

from sqlalchemy import Dialect, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import TypeEngine

LAST_POSITION = 16383


class Words(TypeDecorator[str]):
    """Words with single spaces between them on SQLite; a `tsvector` with their positions on PostgreSQL.

    The words come from `domain.words` and hold letters, marks and digits only, so nothing needs quoting. It is written
    and searched, never read back.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text, or `tsvector`."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The words, numbered on PostgreSQL so that phrases can be asked for."""
        if value is None or dialect.name != "postgresql":
            return value
        return " ".join(
            f"'{word}':{min(place, LAST_POSITION)}" for place, word in enumerate(value.split(" "), 1) if word
        )
