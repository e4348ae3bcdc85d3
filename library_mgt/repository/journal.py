"""SQL about the offline journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, null, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.database.rows import Pages
from library_mgt.domain.journal import Entry
from library_mgt.models.data.base import labelled, word
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy, copy_barcode
from library_mgt.models.data.journal import JournalRow, journal_entry

_VIEW = select(*labelled(JournalRow.__dataclass_fields__, journal_entry, {"title": title.c.title})).select_from(
    journal_entry.outerjoin(copy_barcode, copy_barcode.c.barcode == journal_entry.c.barcode)
    .outerjoin(copy, copy.c.id == copy_barcode.c.copy_id)
    .outerjoin(title, title.c.id == copy.c.title_id)
)
_BY_ID = Statement(_VIEW.where(journal_entry.c.id == bindparam("id")), JournalRow)
_CONFLICTS = Pages(_VIEW.where(journal_entry.c.state == word("CONFLICT")), journal_entry.c.id, JournalRow)
_LOCK = Statement(
    select(journal_entry.c.id, journal_entry.c.state, journal_entry.c.outcome)
    .where(journal_entry.c.digest == bindparam("digest"))
    .with_for_update()
)
_LOCK_CONFLICT = Statement(
    select(journal_entry.c.id)
    .where(journal_entry.c.id == bindparam("id"), journal_entry.c.state == word("CONFLICT"))
    .with_for_update()
)
_INSERT = Statement(insert_into(journal_entry, returning=("id",)))
_UPDATE = Statement(
    update(journal_entry)
    .values(
        version=journal_entry.c.version + 1,
        **{
            name: bindparam(f"new_{name}", type_=journal_entry.c[name].type)
            for name in ("state", "outcome", "card", "detail", "loan_id", "recorded_at", "recorded_by")
        },
    )
    .where(journal_entry.c.id == bindparam("id"))
)
_SETTLE = Statement(
    update(journal_entry)
    .values(
        version=journal_entry.c.version + 1,
        state="SETTLED",
        card=null(),
        detail=null(),
        settled_at=bindparam("now", type_=Instant),
        settled_by=bindparam("by"),
        word=bindparam("said"),
    )
    .where(journal_entry.c.id == bindparam("id"))
)
_FORGET = Statement(
    delete(journal_entry).where(
        journal_entry.c.at < bindparam("before", type_=Instant), journal_entry.c.state != word("CONFLICT")
    )
)


def locked(tx: Transaction, entry: Entry) -> Any:
    """What is known of the line, locked: `id`, `state` and `outcome`; `None` when it never came."""
    return tx.first(_LOCK, digest=entry.digest)


def keep(
    tx: Transaction,
    known: Any,
    entry: Entry,
    state: str,
    outcome: str,
    *,
    location: str,
    by: str,
    now: datetime,
    detail: str | None = None,
    loan_id: int | None = None,
) -> None:
    """Write down what became of the line, `known` or new; the reader's card only where a person has to see it."""
    shared = {"state": state, "outcome": outcome, "detail": detail, "loan_id": loan_id, "recorded_at": now}
    shared |= {"card": entry.card or None if state == "CONFLICT" else None, "recorded_by": by}
    if known is not None:
        tx.run(_UPDATE, id=known.id, **{f"new_{name}": value for name, value in shared.items()})
        return
    own = {"digest": entry.digest, "at": entry.at, "action": entry.action, "barcode": entry.barcode}
    never = dict.fromkeys(("settled_at", "settled_by", "word"))
    tx.scalar(_INSERT, version=1, location=location, **own, **shared, **never)


def by_id(tx: Transaction, entry_id: int) -> JournalRow | None:
    """A line with the title of its copy."""
    return tx.first(_BY_ID, id=entry_id)


def conflicts(tx: Transaction, *, after: int, limit: int) -> list[JournalRow]:
    """The lines that a person has to settle, in the order they came."""
    return _CONFLICTS.page(tx, after=after, limit=limit)


def conflict_locked(tx: Transaction, entry_id: int) -> bool:
    """Lock a line that is to be settled; whether there is one."""
    return tx.first(_LOCK_CONFLICT, id=entry_id) is not None


def settle(tx: Transaction, entry_id: int, said: str, *, by: str, now: datetime) -> None:
    """A person has dealt with it."""
    tx.run(_SETTLE, id=entry_id, said=said, by=by, now=now)


def forget(tx: Transaction, before: datetime) -> int:
    """Delete the lines of acts before the instant, but those that nobody has settled; answers how many."""
    return tx.run(_FORGET, before=before)
