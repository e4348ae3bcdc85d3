"""SQL that changes policy rows and terms, and reads them for those who do."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, literal_column, null, or_, select, update

from configuration.kit.database import Instant, Statement, Transaction, insert_into
from library_mgt.domain.policy import NAMES, Policy
from library_mgt.domain.replay import PastLoan
from library_mgt.models.data.calendars import TermSchedule, term, term_schedule
from library_mgt.models.data.catalogue import title
from library_mgt.models.data.copies import copy
from library_mgt.models.data.loans import loan
from library_mgt.models.data.policies import PolicyView, policy

_FIXED = ("id", "version", "location", "group_code", "item_type", "changed_at")
_COLUMNS = [policy.c[name] for name in (*_FIXED, *NAMES)]
_PAGE = select(*_COLUMNS).where(policy.c.id > bindparam("after")).order_by(policy.c.id)
_BY_ID = Statement(select(*_COLUMNS).where(policy.c.id == bindparam("id")))
_BY_SCOPE = Statement(select(policy.c.id).where(policy.c.scope == bindparam("scope")))
_LOCK = Statement(select(policy.c.version, policy.c.scope).where(policy.c.id == bindparam("id")).with_for_update())
_INSERT = Statement(insert_into(policy, returning=("id",)))
_UPDATE = Statement(
    update(policy)
    .values(
        version=policy.c.version + 1,
        changed_at=bindparam("now", type_=Instant),
        changed_by=bindparam("person"),
        **{name: bindparam(f"new_{name}", type_=policy.c[name].type) for name in NAMES},
    )
    .where(policy.c.id == bindparam("policy_id"))
)
_DELETE = Statement(delete(policy).where(policy.c.id == bindparam("id")))
_SINCE, _UNTIL = bindparam("since", type_=Instant), bindparam("until", type_=Instant)
_PAST = (
    select(
        loan.c.id,
        copy.c.location,
        loan.c.group_code,
        copy.c.item_type,
        loan.c.loaned_at,
        loan.c.original_due_at,
        loan.c.due_at,
        loan.c.returned_at,
        loan.c.policy,
        copy.c.price_minor,
        title.c.title,
    )
    .select_from(loan.join(copy, copy.c.id == loan.c.copy_id).outerjoin(title, title.c.id == loan.c.title_id))
    .where(
        loan.c.id < bindparam("before"),
        or_(_SINCE.is_(None), loan.c.loaned_at >= _SINCE),
        or_(_UNTIL.is_(None), loan.c.loaned_at <= _UNTIL),
        or_(loan.c.state == literal_column("'ON_LOAN'"), loan.c.returned_at.is_not(null())),
    )
    .order_by(loan.c.id.desc())
)
_SCHEDULES = Statement(
    select(term_schedule.c.code, term_schedule.c.name, term_schedule.c.version).order_by(term_schedule.c.code),
    TermSchedule,
)
_HAS_SCHEDULE = Statement(select(term_schedule.c.code).where(term_schedule.c.code == bindparam("code")))
_LOCK_SCHEDULE = Statement(
    select(term_schedule.c.code, term_schedule.c.name, term_schedule.c.version)
    .where(term_schedule.c.code == bindparam("code"))
    .with_for_update(),
    TermSchedule,
)
_TERMS = Statement(select(term.c.last_day).where(term.c.schedule == bindparam("code")).order_by(term.c.last_day))
_ADD_SCHEDULE = Statement(insert_into(term_schedule))
_SET_SCHEDULE = Statement(
    update(term_schedule)
    .values(name=bindparam("new_name"), version=term_schedule.c.version + 1)
    .where(term_schedule.c.code == bindparam("schedule_code"))
)
_ADD_TERM = Statement(insert_into(term))
_DROP_TERMS = Statement(delete(term).where(term.c.schedule == bindparam("code")))


def scope_of(location: str | None, group: str | None, item_type: str | None) -> str:
    """How the three are spelled so that one key can be unique; empty for all."""
    parts = (location, group, item_type)
    return "|".join(part or "" for part in parts) if any(parts) else ""


@cache
def _page(limit: int) -> Statement[Any]:
    return Statement(_PAGE.limit(literal_column(str(limit))))


@cache
def _past(limit: int) -> Statement[Any]:
    return Statement(_PAST.limit(literal_column(str(limit))))


def page(tx: Transaction, *, after: int, limit: int) -> list[PolicyView]:
    """Rows in the order they were made."""
    return [_view(row) for row in tx.all(_page(limit), after=after)]


def by_id(tx: Transaction, policy_id: int) -> PolicyView | None:
    """One row."""
    row = tx.first(_BY_ID, id=policy_id)
    return _view(row) if row is not None else None


def id_of(tx: Transaction, scope: str) -> int | None:
    """The row of a scope."""
    found: int | None = tx.scalar(_BY_SCOPE, scope=scope)
    return found


def locked(tx: Transaction, policy_id: int) -> Any:
    """Version and scope of a row, locked."""
    return tx.first(_LOCK, id=policy_id)


def add(tx: Transaction, scope: Mapping[str, str | None], values: Mapping[str, Any], *, by: str, now: datetime) -> int:
    """Insert a row; answers its id."""
    every = {name: values.get(name) for name in NAMES}
    new_id: int = tx.scalar(
        _INSERT, version=1, scope=scope_of(*scope.values()), **scope, **every, changed_at=now, changed_by=by
    )
    return new_id


def change(tx: Transaction, policy_id: int, values: Mapping[str, Any], *, by: str, now: datetime) -> None:
    """Write all values of a row; those that are not given fall through."""
    every = {f"new_{name}": values.get(name) for name in NAMES}
    tx.run(_UPDATE, policy_id=policy_id, now=now, person=by, **every)


def remove(tx: Transaction, policy_id: int) -> None:
    """Delete a row."""
    tx.run(_DELETE, id=policy_id)


def past_loans(
    tx: Transaction, *, before: int, since: datetime | None, until: datetime | None, now: datetime, limit: int
) -> list[PastLoan]:
    """The latest loans before the one with that id that were made in a time and whose copies are still known."""
    return [
        PastLoan(
            row.id, row.location, row.group_code, row.item_type, row.loaned_at, row.original_due_at, row.due_at,
            row.returned_at or now, Policy.kept(row.policy), row.price_minor, row.title,
        )
        for row in tx.all(_past(limit), before=before, since=since, until=until)
    ]  # fmt: skip


def schedules(tx: Transaction) -> list[TermSchedule]:
    """Every schedule."""
    return tx.all(_SCHEDULES)


def has_schedule(tx: Transaction, code: str) -> bool:
    """Whether there is such a schedule."""
    return tx.scalar(_HAS_SCHEDULE, code=code) is not None


def locked_schedule(tx: Transaction, code: str) -> TermSchedule | None:
    """One schedule, locked."""
    return tx.first(_LOCK_SCHEDULE, code=code)


def terms(tx: Transaction, code: str) -> list[date]:
    """The last days of a schedule's terms."""
    return [row.last_day for row in tx.all(_TERMS, code=code)]


def put_schedule(tx: Transaction, code: str, name: str, last_days: list[date], *, new: bool) -> None:
    """Write a schedule with its terms."""
    if new:
        tx.run(_ADD_SCHEDULE, code=code, name=name, version=1)
    else:
        tx.run(_SET_SCHEDULE, schedule_code=code, new_name=name)
        tx.run(_DROP_TERMS, code=code)
    tx.run_many(_ADD_TERM, [{"schedule": code, "last_day": day} for day in sorted(set(last_days))])


def _view(row: Any) -> PolicyView:
    values = {name: getattr(row, name) for name in NAMES if getattr(row, name) is not None}
    return PolicyView(**{name: getattr(row, name) for name in _FIXED}, values=values)
