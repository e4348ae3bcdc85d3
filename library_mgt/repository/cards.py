"""SQL about readers' cards."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.domain.states import CardState
from library_mgt.models.data.patrons import CardRow, patron_card

_ADD = Statement(insert_into(patron_card, omit=()))
_STATE = Statement(
    update(patron_card)
    .values(
        state=bindparam("new_state"),
        since=bindparam("now", type_=Instant),
        replaced_by=bindparam("new_replaced_by", type_=patron_card.c.replaced_by.type),
    )
    .where(patron_card.c.number == bindparam("number"))
)
_OF_PATRON = Statement(
    select(patron_card.c.number, patron_card.c.state, patron_card.c.since, patron_card.c.replaced_by)
    .where(patron_card.c.patron_id == bindparam("id"))
    .order_by(patron_card.c.since, patron_card.c.number)
    .limit(50),
    CardRow,
)


@dataclass(frozen=True, slots=True)
class OwnedCard(CardRow):
    """A card, and whose it is."""

    patron_id: int = 0


_BY_NUMBER = Statement(
    select(*patron_card.c).where(patron_card.c.number == bindparam("number", type_=patron_card.c.number.type)),
    OwnedCard,
)


def of_patron(tx: Transaction, patron_id: int) -> list[CardRow]:
    """A patron's cards, oldest first."""
    return tx.all(_OF_PATRON, id=patron_id)


def find(tx: Transaction, number: str) -> OwnedCard | None:
    """The card with this number, whatever became of it."""
    return tx.first(_BY_NUMBER, number=number)


def add(tx: Transaction, patron_id: int, number: str, *, now: datetime) -> None:
    """Give a patron a card."""
    tx.run(_ADD, number=number, patron_id=patron_id, state="active", since=now, replaced_by=None)


def set_state(tx: Transaction, number: str, state: CardState, *, replaced_by: str | None = None, now: datetime) -> None:
    """Say what became of a card."""
    tx.run(_STATE, number=number, new_state=state, new_replaced_by=replaced_by, now=now)
