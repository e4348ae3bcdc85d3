"""The library's small lists: locations, types, groups, classifications."""

from sqlalchemy import bindparam, select, update

from configuration.kit.database import Statement, Transaction, insert_into
from library_mgt.models.data.reference import (
    CATEGORY,
    Classification,
    Reference,
    classification,
    item_type,
    location,
    material_type,
    patron_group,
)

_LISTS = {
    table.name: Statement(select(table.c.code, table.c.name).order_by(table.c.name), Reference)
    for table in (location, item_type, material_type, patron_group)
}
_EXISTS = {
    table.name: Statement(select(table.c.code).where(table.c.code == bindparam("code")))
    for table in (location, item_type, material_type, patron_group)
}
_CATEGORIES = Statement(
    select(classification.c.id, classification.c.scheme, classification.c.value, classification.c.name)
    .where(classification.c.scheme == CATEGORY)
    .order_by(classification.c.position),
    Classification,
)
_CLASS = Statement(
    select(classification.c.id).where(
        classification.c.scheme == bindparam("scheme"), classification.c.value == bindparam("value")
    )
)
_RENAME_GROUP = Statement(
    update(patron_group).values(name=bindparam("new_name")).where(patron_group.c.code == bindparam("code"))
)
_ADD_GROUP = Statement(insert_into(patron_group, omit=()))
_ZONE = Statement(select(location.c.zone).where(location.c.code == bindparam("code")))


def listed(tx: Transaction, table: str) -> list[Reference]:
    """The rows of `location`, `item_type`, `material_type` or `patron_group`, by name."""
    return tx.all(_LISTS[table])


def exists(tx: Transaction, table: str, code: str) -> bool:
    """Whether the code is among the table's rows."""
    return tx.scalar(_EXISTS[table], code=code) is not None


def keep_group(tx: Transaction, code: str, name: str) -> None:
    """A group of patrons with this name, new or renamed."""
    if not tx.run(_RENAME_GROUP, code=code, new_name=name):
        tx.run(_ADD_GROUP, code=code, name=name)


def categories(tx: Transaction) -> list[Classification]:
    """The book's categories, in its order, and those the library added."""
    return tx.all(_CATEGORIES)


def classification_id(tx: Transaction, scheme: str, value: str) -> int | None:
    """The id of a class, or `None`."""
    found: int | None = tx.scalar(_CLASS, scheme=scheme, value=value)
    return found


def zone_of(tx: Transaction, code: str) -> str | None:
    """The time zone of a location, where it has its own."""
    zone: str | None = tx.scalar(_ZONE, code=code)
    return zone
