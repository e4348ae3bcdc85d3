"""Links between the accounts of one human in different services."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from configuration.kit.features.accounts.model import Link
from configuration.kit.features.accounts.tables import person_link

_OF = Statement(
    select(person_link.c.id, person_link.c.person, person_link.c.name, person_link.c.linked_at)
    .where(person_link.c.account_id == bindparam("account_id"), person_link.c.ended_at.is_(None))
    .order_by(person_link.c.id)
    .limit(50),
    Link,
)
_INSERT: Statement[Any] = Statement(insert_into(person_link, omit=("id", "ended_at", "ended_by", "end_reason")))


def of(tx: Transaction, account_id: int) -> list[Link]:
    """The account's live links."""
    return tx.all(_OF, account_id=account_id)


def add(
    tx: Transaction, account_id: int, *, person: str, name: str, statement: str, statement_id: str, now: datetime
) -> None:
    """A new link, with the other service's signed word for it."""
    tx.run(
        _INSERT,
        account_id=account_id,
        person=person,
        name=name,
        statement=statement,
        statement_id=statement_id,
        linked_at=now,
    )
