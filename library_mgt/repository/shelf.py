"""SQL about copies that lie on the hold shelf for nobody."""

from sqlalchemy import bindparam, delete

from configuration.kit.database import Statement, Transaction
from library_mgt.models.data.shelf import shelf_leftover

_CLEAR = Statement(delete(shelf_leftover).where(shelf_leftover.c.copy_id == bindparam("copy_id")))


def cleared(tx: Transaction, copy_id: int) -> bool:
    """Note that the copy is off the hold shelf; whether it lay there for nobody."""
    return bool(tx.run(_CLEAR, copy_id=copy_id))
