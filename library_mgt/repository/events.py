"""The journal of requests and loans."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction, insert_into
from library_mgt.models.data.loans import Event, circulation_event

_INSERT = Statement(insert_into(circulation_event))
_OF_LOAN = Statement(
    select(*(circulation_event.c[name] for name in Event.__dataclass_fields__))
    .where(circulation_event.c.loan_id == bindparam("loan_id"))
    .order_by(circulation_event.c.id.desc())
    .limit(200),
    Event,
)
_OF_REQUEST = Statement(
    select(*(circulation_event.c[name] for name in Event.__dataclass_fields__))
    .where(circulation_event.c.request_id == bindparam("request_id"))
    .order_by(circulation_event.c.id)
    .limit(200),
    Event,
)


def add(
    tx: Transaction,
    kind: str,
    *,
    at: datetime,
    loan_id: int | None = None,
    request_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Append what happened. Facts name things, never readers."""
    tx.run(_INSERT, kind=kind, at=at, loan_id=loan_id, request_id=request_id, facts=dict(facts or {}))


def last_at(tx: Transaction, loan_id: int, *kinds: str) -> datetime | None:
    """When something of these kinds happened last to a loan."""
    return next((event.at for event in reversed(of_loan(tx, loan_id)) if event.kind in kinds), None)


def of_loan(tx: Transaction, loan_id: int) -> list[Event]:
    """What happened to a loan, the last 200 events: what happened last decides what may be undone."""
    return tx.all(_OF_LOAN, loan_id=loan_id)[::-1]


def of_request(tx: Transaction, request_id: int) -> list[Event]:
    """What happened to a request, the first 200 events."""
    return tx.all(_OF_REQUEST, request_id=request_id)
