"""Wrong tries, counted per pair of account and address; several workers count together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from configuration.kit.database import Instant, Statement, Transaction
from configuration.kit.features.accounts.tables import sign_in_throttle


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries of one pair so far."""

    failures: int
    last_at: datetime
    free_at: datetime


_CLAIM: Statement[Any] = Statement(
    upsert(sign_in_throttle)
    .values(
        pair=bindparam("pair"),
        failures=0,
        last_at=bindparam("now", type_=Instant),
        free_at=bindparam("now", type_=Instant),
    )
    .on_conflict_do_nothing()
    .inline()
)
_LOCK: Statement[Any] = Statement(
    select(sign_in_throttle.c.pair).where(sign_in_throttle.c.pair == bindparam("pair")).with_for_update()
)
_READ = Statement(
    select(sign_in_throttle.c.failures, sign_in_throttle.c.last_at, sign_in_throttle.c.free_at).where(
        sign_in_throttle.c.pair == bindparam("pair")
    ),
    Tries,
)
_COUNT: Statement[Any] = Statement(
    update(sign_in_throttle)
    .where(sign_in_throttle.c.pair == bindparam("key"))
    .values(
        failures=bindparam("count"),
        last_at=bindparam("now", type_=Instant),
        free_at=bindparam("free", type_=Instant),
    )
)
_CLEAR: Statement[Any] = Statement(delete(sign_in_throttle).where(sign_in_throttle.c.pair == bindparam("pair")))
_FORGET: Statement[Any] = Statement(
    delete(sign_in_throttle).where(sign_in_throttle.c.last_at < bindparam("before", type_=Instant))
)


def lock(tx: Transaction, pair: str, now: datetime) -> Tries:
    """The tries of the pair, once nobody else is counting them."""
    tx.run(_CLAIM, pair=pair, now=now)
    tx.first(_LOCK, pair=pair)
    return tx.one(_READ, pair=pair)


def count(tx: Transaction, pair: str, failures: int, *, free_at: datetime, now: datetime) -> None:
    """So many tries, the next one not before `free_at`."""
    tx.run(_COUNT, key=pair, count=failures, free=free_at, now=now)


def clear(tx: Transaction, pair: str) -> None:
    """The right person was it: forget the tries."""
    tx.run(_CLEAR, pair=pair)


def forget(tx: Transaction, before: datetime) -> int:
    """Forget pairs that have been quiet since then."""
    return tx.run(_FORGET, before=before)
