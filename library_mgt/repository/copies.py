"""SQL about copies and their barcodes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.models.data.base import labelled
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import CopyView, copy, copy_barcode, copy_claim
from library_mgt.models.data.reference import item_type

CHANGEABLE = ("part", "call_number", "location", "item_type", "status", "price_minor", "external_id")
_current = copy_barcode.alias("current")
_OWN: dict[str, ColumnElement[Any]] = {
    "title": title.c.title,
    "barcode": _current.c.barcode,
    "loanable": item_type.c.loanable,
    "loan_id": copy_claim.c.loan_id,
    "request_id": copy_claim.c.request_id,
}
_VIEW = select(*labelled(CopyView.__dataclass_fields__, copy, _OWN)).select_from(
    copy.join(title, title.c.id == copy.c.title_id)
    .join(item_type, item_type.c.code == copy.c.item_type)
    .outerjoin(_current, (_current.c.copy_id == copy.c.id) & _current.c.in_use)
    .outerjoin(copy_claim, copy_claim.c.copy_id == copy.c.id)
)
_BY_ID = Statement(_VIEW.where(copy.c.id == bindparam("id")), CopyView)
_BY_BARCODE = Statement(
    _VIEW.where(
        copy.c.id
        == select(copy_barcode.c.copy_id).where(copy_barcode.c.barcode == bindparam("barcode")).scalar_subquery()
    ),
    CopyView,
)
_OF_TITLE = Statement(
    _VIEW.where(copy.c.title_id == bindparam("title_id"), copy.c.id > bindparam("after"))
    .order_by(copy.c.id)
    .limit(201),
    CopyView,
)
_INSERT = Statement(insert_into(copy, returning=("id",)))
_UPDATE = Statement(
    update(copy)
    .values(
        {
            **{name: bindparam(f"new_{name}", type_=copy.c[name].type) for name in CHANGEABLE},
            "changed_at": bindparam("now", type_=Instant),
            "version": copy.c.version + 1,
        }
    )
    .where(copy.c.id == bindparam("id"))
)
_SET_STATUS = Statement(
    update(copy)
    .values(status=bindparam("new_status"), changed_at=bindparam("now", type_=Instant), version=copy.c.version + 1)
    .where(copy.c.id == bindparam("id"))
)
_DELETE_OF_TITLE = Statement(delete(copy).where(copy.c.title_id == bindparam("title_id")))
_ADD_BARCODE = Statement(insert_into(copy_barcode))
_RETIRE_BARCODE = Statement(
    update(copy_barcode)
    .values(in_use=False)
    .where(copy_barcode.c.copy_id == bindparam("copy_id"), copy_barcode.c.in_use)
)
_REVIVE_BARCODE = Statement(
    update(copy_barcode)
    .values(in_use=True)
    .where(copy_barcode.c.copy_id == bindparam("copy_id"), copy_barcode.c.barcode == bindparam("old_barcode"))
)
_LOCK_TITLE = Statement(
    select(copy.c.id, copy.c.title_id, copy.c.part, copy.c.status)
    .join(title, title.c.id == copy.c.title_id)
    .join(copy_barcode, copy_barcode.c.copy_id == copy.c.id)
    .where(copy_barcode.c.barcode == bindparam("barcode"))
    .with_for_update(of=[title, copy])
)
_PARTS = Statement(
    select(copy.c.part, func.count().label("copies"))
    .where(copy.c.title_id == bindparam("title_id"))
    .group_by(copy.c.part)
    .order_by(copy.c.part)
    .limit(200)
)


def by_id(tx: Transaction, copy_id: int) -> CopyView | None:
    """A copy with what is derived of it."""
    return tx.first(_BY_ID, id=copy_id)


def by_barcode(tx: Transaction, barcode: str) -> CopyView | None:
    """The copy that has, or ever had, the barcode."""
    return tx.first(_BY_BARCODE, barcode=barcode)


def of_title(tx: Transaction, title_id: int, after: int = 0) -> list[CopyView]:
    """The copies of a title, at most 201 of them, by id above `after`."""
    return tx.all(_OF_TITLE, title_id=title_id, after=after)


def parts(tx: Transaction, title_id: int) -> dict[str, int]:
    """The parts of a title and how many copies each has."""
    return {row.part: row.copies for row in tx.all(_PARTS, title_id=title_id)}


def locked(tx: Transaction, barcode: str) -> Any:
    """Lock the copy's title, then the copy; answers id, title_id, part and status, or `None`."""
    return tx.first(_LOCK_TITLE, barcode=barcode)


def add(tx: Transaction, title_id: int, values: dict[str, Any], *, now: datetime, import_job: int | None = None) -> int:
    """Insert a copy; `values` holds the columns of `CHANGEABLE`. Answers its id."""
    new_id: int = tx.scalar(
        _INSERT, title_id=title_id, version=1, import_job=import_job, created_at=now, changed_at=now, **values
    )
    return new_id


def change(tx: Transaction, copy_id: int, values: dict[str, Any], *, now: datetime) -> None:
    """Write all columns of `CHANGEABLE` anew; the version goes up by one."""
    tx.run(_UPDATE, id=copy_id, now=now, **{f"new_{name}": values[name] for name in CHANGEABLE})


def set_status(tx: Transaction, copy_id: int, status: str, *, now: datetime) -> None:
    """Write the service status alone."""
    tx.run(_SET_STATUS, id=copy_id, new_status=status, now=now)


def set_barcode(tx: Transaction, copy_id: int, barcode: str, *, now: datetime, former: bool = False) -> None:
    """Give a copy its barcode; an earlier one stays as an alias. `former` says that it once was this copy's."""
    tx.run(_RETIRE_BARCODE, copy_id=copy_id)
    if former:
        tx.run(_REVIVE_BARCODE, copy_id=copy_id, old_barcode=barcode)
    else:
        tx.run(_ADD_BARCODE, barcode=barcode, copy_id=copy_id, in_use=True, since=now)


def remove_of_title(tx: Transaction, title_id: int) -> int:
    """Delete the copies of a title; live loans and requests forbid it."""
    return tx.run(_DELETE_OF_TITLE, title_id=title_id)
