"""Accounts, what they sign in with, and the numbers of persons."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.accounts.domain import State, user_key
from configuration.kit.features.accounts.model import Account
from configuration.kit.features.accounts.tables import account, credential, person_number

_COLUMNS = [account.c[name] for name in Account.__dataclass_fields__]
_BY_ID = Statement(select(*_COLUMNS).where(account.c.id == bindparam("id")), Account)
_LOCK = Statement(select(account.c.id).where(account.c.id == bindparam("id")).with_for_update())
_BY_KEY = Statement(select(*_COLUMNS).where(account.c.user_key == bindparam("user_key")), Account)
_BY_NUMBER = Statement(select(*_COLUMNS).where(account.c.person_no == bindparam("person_no")), Account)
_PAGE = select(*_COLUMNS).where(account.c.id > bindparam("after")).order_by(account.c.id).limit(bindparam("limit"))
_LIST = Statement(_PAGE, Account)
_LIST_IN_STATE = Statement(_PAGE.where(account.c.state == bindparam("state")), Account)
_INSERT: Statement[Any] = Statement(insert_into(account, returning=("id",)))
_SET_STATE: Statement[Any] = Statement(
    update(account)
    .where(account.c.id == bindparam("account_id"))
    .values(
        state=bindparam("new_state"),
        state_at=bindparam("now", type_=Instant),
        state_by=bindparam("person"),
        state_reason=bindparam("reason"),
        version=account.c.version + 1,
    )
)
_TOUCH: Statement[Any] = Statement(
    update(account).where(account.c.id == bindparam("account_id")).values(version=account.c.version + 1)
)
_RENAME: Statement[Any] = Statement(
    update(account)
    .where(account.c.person_no == bindparam("number"))
    .values(display_name=bindparam("new_name"), version=account.c.version + 1)
)

_PASSWORD: Statement[Any] = Statement(
    select(credential.c.password_hash).where(
        credential.c.account_id == bindparam("account_id"), credential.c.kind == "password"
    )
)
# The condition is spelled out: as a parameter it would not be matched to the partial index any more once PostgreSQL
# plans the prepared statement for all values, at its sixth execution.
_SET_PASSWORD: Statement[Any] = Statement(
    upsert(credential)
    .values(
        account_id=bindparam("account_id"),
        kind="password",
        password_hash=bindparam("password_hash"),
        changed_at=bindparam("now", type_=Instant),
    )
    .on_conflict_do_update(
        index_elements=["account_id"],
        index_where=text("kind = 'password'"),
        set_={"password_hash": bindparam("password_hash"), "changed_at": bindparam("now", type_=Instant)},
    )
    .inline()
)

_NEXT_NUMBER: Statement[Any] = Statement(
    update(person_number).values(last=person_number.c.last + 1).returning(person_number.c.last)
)
_SKIP_NUMBER: Statement[Any] = Statement(
    update(person_number).values(
        last=case((person_number.c.last < bindparam("number"), bindparam("number")), else_=person_number.c.last)
    )
)


def find(tx: Transaction, account_id: int) -> Account | None:
    """The account with this id."""
    return tx.first(_BY_ID, id=account_id)


def lock(tx: Transaction, account_id: int) -> Account | None:
    """The account as it is once nobody else is changing it."""
    return tx.first(_BY_ID, id=account_id) if tx.first(_LOCK, id=account_id) is not None else None


def by_user_name(tx: Transaction, user_name: str) -> Account | None:
    """The account with this user name, however it is written."""
    return tx.first(_BY_KEY, user_key=user_key(user_name))


def by_number(tx: Transaction, person_no: int) -> Account | None:
    """The account of the person with this number."""
    return tx.first(_BY_NUMBER, person_no=person_no)


def page(tx: Transaction, *, state: State | None, after: int, limit: int) -> list[Account]:
    """Accounts in the order of their ids."""
    if state is None:
        return tx.all(_LIST, after=after, limit=limit)
    return tx.all(_LIST_IN_STATE, state=state, after=after, limit=limit)


def add(
    tx: Transaction,
    *,
    person_no: int,
    user_name: str,
    name: str,
    email: str | None,
    external_id: str | None,
    state: State,
    by: str,
    now: datetime,
) -> Account:
    """A new account."""
    account_id = tx.scalar(
        _INSERT,
        person_no=person_no,
        user_name=user_name,
        user_key=user_key(user_name),
        display_name=name,
        email=email,
        external_id=external_id,
        state=state,
        state_at=now,
        state_by=by,
        state_reason=None,
        version=1,
        created_at=now,
        created_by=by,
        erased_at=None,
    )
    return tx.one(_BY_ID, id=account_id)


def set_state(tx: Transaction, account_id: int, state: State, *, by: str, reason: str | None, now: datetime) -> None:
    """Put the account into a state; tokens made before end at home."""
    tx.run(_SET_STATE, account_id=account_id, new_state=state, person=by, reason=reason, now=now)


def touch(tx: Transaction, account_id: int) -> None:
    """Its grants or links changed: tokens made before end at home."""
    tx.run(_TOUCH, account_id=account_id)


def rename(tx: Transaction, person_no: int, name: str) -> None:
    """Show the person's account under a new name."""
    tx.run(_RENAME, number=person_no, new_name=name)


def password_of(tx: Transaction, account_id: int) -> str | None:
    """The hash of the account's password, if it has one."""
    found: str | None = tx.scalar(_PASSWORD, account_id=account_id)
    return found


def set_password(tx: Transaction, account_id: int, password_hash: str, now: datetime) -> None:
    """Give the account a password, or another one."""
    tx.run(_SET_PASSWORD, account_id=account_id, password_hash=password_hash, now=now)


def take_number(tx: Transaction) -> int:
    """The next person number; nobody else gets it."""
    number: int = tx.scalar(_NEXT_NUMBER)
    return number


def skip_to_number(tx: Transaction, number: int) -> None:
    """A number was given by hand: go on after it."""
    tx.run(_SKIP_NUMBER, number=number)
