"""The service's own MetaData, and what its tables have in common."""

from collections.abc import Iterable

from sqlalchemy import CheckConstraint, MetaData

from configuration.kit.database import NAMING

metadata = MetaData(naming_convention=NAMING)


def listed(values: Iterable[str]) -> str:
    """Words as an SQL list, for checks and partial indexes."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A check that a text column holds one of a few words."""
    return CheckConstraint(f"{column} IN {listed(values)}", name=column)
