"""Applications for an account."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from configuration.kit.features.accounts.domain import user_key
from configuration.kit.features.accounts.model import Account, Application, Applying
from configuration.kit.features.accounts.tables import application
from configuration.kit.security.standing import digest

_COLUMNS = [application.c[name] for name in Application.__dataclass_fields__]
_BY_ID = Statement(select(*_COLUMNS).where(application.c.id == bindparam("id")), Application)
_LOCK: Statement[Any] = Statement(select(application.c.id).where(application.c.id == bindparam("id")).with_for_update())
_BY_RECEIPT = Statement(
    select(*_COLUMNS).where(
        application.c.id == bindparam("id"), application.c.receipt_hash == bindparam("receipt_hash")
    ),
    Application,
)
_BY_NAME: Statement[Any] = Statement(
    select(application.c.id)
    .where(application.c.user_key == bindparam("user_key"))
    .order_by(application.c.id.desc())
    .limit(1)
)
_PAGE = (
    select(*_COLUMNS).where(application.c.id > bindparam("after")).order_by(application.c.id).limit(bindparam("limit"))
)
_LIST = Statement(_PAGE, Application)
_LIST_IN_STATE = Statement(_PAGE.where(application.c.state == bindparam("state")), Application)
_INSERT: Statement[Any] = Statement(
    insert_into(application, returning=("id",), omit=("id", "decided_at", "decided_by", "reason", "account_id"))
)
_DECIDE: Statement[Any] = Statement(
    update(application)
    .where(application.c.id == bindparam("application_id"), application.c.state == "submitted")
    .values(
        state=bindparam("new_state"),
        decided_at=bindparam("now", type_=Instant),
        decided_by=bindparam("person"),
        reason=bindparam("why"),
        account_id=bindparam("made"),
        person_no=func.coalesce(bindparam("number", type_=BigInteger), application.c.person_no),
        password_hash=None,
    )
)


def add(tx: Transaction, said: Applying, *, applicant: str | None, receipt: str, now: datetime) -> int:
    """A submitted application; answers its id."""
    made: int = tx.scalar(
        _INSERT,
        person_no=said.person_no,
        user_name=said.user_name,
        user_key=user_key(said.user_name),
        given_name=said.given_name,
        middle_name=said.middle_name,
        family_name=said.family_name,
        email=said.email,
        password_hash=said.password_hash,
        details=dict(said.details),
        applicant=applicant,
        receipt_hash=digest(receipt),
        state="submitted",
        submitted_at=now,
    )
    return made


def find(tx: Transaction, application_id: int) -> Application | None:
    """The application with this id."""
    return tx.first(_BY_ID, id=application_id)


def lock(tx: Transaction, application_id: int) -> Application | None:
    """The application as it is once nobody else is deciding it."""
    return tx.first(_BY_ID, id=application_id) if tx.first(_LOCK, id=application_id) is not None else None


def by_receipt(tx: Transaction, application_id: int, receipt: str) -> Application | None:
    """The application, for whoever has its receipt."""
    return tx.first(_BY_RECEIPT, id=application_id, receipt_hash=digest(receipt))


def latest_of(tx: Transaction, user_name: str) -> int | None:
    """The id of the latest application under a user name."""
    found: int | None = tx.scalar(_BY_NAME, user_key=user_key(user_name))
    return found


def page(tx: Transaction, *, state: str | None, after: int, limit: int) -> list[Application]:
    """Applications, the oldest first."""
    if state is None:
        return tx.all(_LIST, after=after, limit=limit)
    return tx.all(_LIST_IN_STATE, state=state, after=after, limit=limit)


def close(
    tx: Transaction,
    application_id: int,
    state: str,
    *,
    by: str | None,
    reason: str | None,
    made: Account | None,
    now: datetime,
) -> bool:
    """Leave the state `submitted`, whose password is forgotten here; whether it was still in it."""
    return (
        tx.run(
            _DECIDE,
            application_id=application_id,
            new_state=state,
            person=by,
            why=reason,
            made=made.id if made else None,
            number=made.person_no if made else None,
            now=now,
        )
        == 1
    )
