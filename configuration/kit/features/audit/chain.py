"""The chain: each sealed row's link is a digest over the row and the link before it.

Rows are inserted unsealed and sealed within a second by one sealer: a chain written by every transaction broke 98 of
100 links on PostgreSQL, or cost two thirds of the throughput under a lock.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, literal, select, update

from configuration.kit.database import Instant, Statement, Transaction
from configuration.kit.features.audit.record import actor_digest
from configuration.kit.features.audit.tables import audit, audit_actor

GENESIS = "0" * 64
PAGE = 1_000
"""How many rows are sealed in one unit, and read at once when verifying."""

_LOCK = 0x5345414C
"""The advisory lock of the sealer on PostgreSQL: the letters SEAL."""

_COLUMNS = (
    audit.c.id,
    audit.c.at,
    audit.c.action,
    audit.c.subject,
    audit.c.outcome,
    audit.c.via,
    audit.c.facts,
    audit.c.actor_digest,
)
_TRY_LOCK = Statement(select(func.pg_try_advisory_xact_lock(literal(_LOCK, BigInteger)).label("locked")))
_HEAD = Statement(
    select(audit.c.position, audit.c.link)
    .where(audit.c.position.is_not(None))
    .order_by(audit.c.position.desc())
    .limit(1)
)
_UNSEALED = Statement(select(*_COLUMNS).where(audit.c.position.is_(None)).order_by(audit.c.id).limit(PAGE))
_ANY_UNSEALED = Statement(select(literal(1)).select_from(audit).where(audit.c.position.is_(None)).limit(1))
_SEAL = Statement(
    update(audit)
    .values(position=bindparam("place"), link=bindparam("new_link"), sealed_at=bindparam("now", type_=Instant))
    .where(audit.c.id == bindparam("row_id"), audit.c.position.is_(None))
)
_SEALED = Statement(
    select(*_COLUMNS, audit.c.position, audit.c.link, audit_actor.c.person, audit_actor.c.salt)
    .join_from(audit, audit_actor, audit_actor.c.audit_id == audit.c.id, isouter=True)
    .where(audit.c.position > bindparam("after"))
    .order_by(audit.c.position)
    .limit(PAGE)
)


def seal(tx: Transaction, now: datetime) -> int:
    """Chain up to `PAGE` rows that are not sealed yet; answers how many. Does nothing while another sealer works."""
    if tx.dialect == "postgresql" and not tx.scalar(_TRY_LOCK):
        return 0
    rows = tx.all(_UNSEALED)
    if not rows:
        return 0
    head = tx.first(_HEAD)
    position, link = (head.position, head.link) if head is not None else (0, GENESIS)
    sealed = []
    for row in rows:
        position, link = position + 1, _link(link, row)
        sealed.append({"place": position, "new_link": link, "now": now, "row_id": row.id})
    tx.run_many(_SEAL, sealed)
    return len(sealed)


def unsealed(tx: Transaction) -> bool:
    """Whether the sealer has something to do."""
    return tx.scalar(_ANY_UNSEALED) is not None


def verify(tx: Transaction) -> list[str]:
    """Every place where the chain does not hold, as sentences; empty when nothing was changed."""
    problems: list[str] = []
    position, link = 0, GENESIS
    while rows := tx.all(_SEALED, after=position):
        for row in rows:
            if row.position != position + 1:
                problems.append(f"Rows are missing from the audit between positions {position} and {row.position}.")
            elif _link(link, row) != row.link:
                problems.append(f"Audit row {row.id} ({row.action} of {row.subject}) or the row before it was changed.")
            if row.person is not None and actor_digest(row.salt, row.person) != row.actor_digest:
                problems.append(f"Audit row {row.id} ({row.action} of {row.subject}) names another person than acted.")
            position, link = row.position, row.link
    return problems


def _link(previous: str, row: Any) -> str:
    """The next link: a digest over the previous one and a digest of the row."""
    told = [row.id, row.at.isoformat(timespec="microseconds"), row.action, row.subject, row.outcome, row.via]
    content = json.dumps([*told, row.facts, row.actor_digest], separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    return hashlib.sha256(f"{previous}{digest}".encode()).hexdigest()
