"""SQL about the year: what its weeks came to, counted from the library's own records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from configuration.kit.database import Instant, Statement, Transaction
from configuration.kit.features.audit.tables import audit
from library_mgt.domain.states import OPEN_REQUEST
from library_mgt.models.data.base import word, words
from library_mgt.models.data.fees import fee_line
from library_mgt.models.data.loans import circulation_event, loan
from library_mgt.models.data.requests import request
from library_mgt.repository.fees import total

_AFTER: Any = bindparam("after")
_NOW: Any = bindparam("now", type_=Instant)
_EVENTS = Statement(
    select(circulation_event.c.kind, func.count().label("number"), func.max(circulation_event.c.id).label("last"))
    .where(circulation_event.c.id > _AFTER)
    .group_by(circulation_event.c.kind)
)
_FEES = Statement(
    select(fee_line.c.kind, total(fee_line.c.amount_minor).label("amount"), func.max(fee_line.c.id).label("last"))
    .where(fee_line.c.id > _AFTER)
    .group_by(fee_line.c.kind)
)
_REFUSED = Statement(
    select(audit.c.id, audit.c.facts)
    .where(audit.c.id > _AFTER, audit.c.outcome == word("refused"))
    .order_by(audit.c.id)
)
_QUEUES = Statement(
    select(request.c.state, func.count().label("number"))
    .where(request.c.state.in_(words(OPEN_REQUEST)))
    .group_by(request.c.state)
)
_OUT = Statement(
    select(func.count().label("out"), func.count().filter(loan.c.due_at < _NOW).label("late")).where(
        loan.c.state == word("ON_LOAN")
    )
)
_BALANCE = Statement(select(total(fee_line.c.amount_minor)))
_READY = Statement(
    select(circulation_event.c.request_id, func.min(circulation_event.c.at).label("at"))
    .where(circulation_event.c.kind == word("READY"))
    .group_by(circulation_event.c.request_id)
)
_STATES = Statement(select(request.c.id, request.c.state))
_queued = (
    select(request.c.title_id)
    .where(request.c.state == word("QUEUED"))
    .group_by(request.c.title_id)
    .having(func.count() >= bindparam("least"))
)
_TO_CALL_BACK = Statement(
    select(func.min(loan.c.id).label("id"))
    .where(loan.c.state == word("ON_LOAN"), loan.c.recalled_at.is_(None), loan.c.title_id.in_(_queued))
    .group_by(loan.c.title_id)
    .order_by(func.min(loan.c.id))
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the records were counted."""

    event: int = 0
    line: int = 0
    act: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """What a week came to, and how things stood at its end. Money is in minor units, as the ledger signs it."""

    events: Mapping[str, int]
    fees: Mapping[str, int]
    refused: Mapping[str, int]
    requests: Mapping[str, int]
    out: int
    overdue: int
    balance_minor: int


def counted(tx: Transaction, since: Mark, *, now: datetime) -> tuple[Week, Mark]:
    """What was written since the mark, and where to go on counting."""
    events, lines = tx.all(_EVENTS, after=since.event), tx.all(_FEES, after=since.line)
    acts = tx.all(_REFUSED, after=since.act)
    refused: dict[str, int] = {}
    for act in acts:
        for code in reasons(act.facts["codes"]):
            refused[code] = refused.get(code, 0) + 1
    standing = tx.one(_OUT, now=now)
    week = Week(
        {row.kind: row.number for row in events},
        {row.kind: row.amount for row in lines},
        refused,
        {row.state: row.number for row in tx.all(_QUEUES)},
        standing.out,
        standing.late,
        tx.scalar(_BALANCE),
    )
    return week, Mark(
        max([since.event, *(row.last for row in events)]),
        max([since.line, *(row.last for row in lines)]),
        max([since.act, *(row.id for row in acts)]),
    )


def reasons(codes: list[str]) -> list[str]:
    """Why an act was refused: its reasons where there are several, else the refusal's own code."""
    return codes[1:] or codes


def ready_since(tx: Transaction) -> dict[int, datetime]:
    """When each request's copy first lay on the hold shelf."""
    return {row.request_id: row.at for row in tx.all(_READY)}


def states_of_requests(tx: Transaction) -> dict[int, str]:
    """The state of every request."""
    return {row.id: row.state for row in tx.all(_STATES)}


def to_call_back(tx: Transaction, least: int) -> list[int]:
    """Of each title for which so many wait, the longest loan that was not called back yet."""
    return [row.id for row in tx.all(_TO_CALL_BACK, least=least)]
