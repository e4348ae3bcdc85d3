"""Leaves one event and one audit row for each change of a loan's or a request's state, and a notice where due."""

from datetime import datetime
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.repository import events
from library_mgt.services import notices


def told(
    tx: Transaction,
    kind: str,
    *,
    by: Actor,
    now: datetime,
    loan_id: int | None = None,
    request_id: int | None = None,
    **facts: Any,
) -> None:
    """Write down what happened to the loan, or to the request, or to both at once.

    `facts` name things by their ids; readers stand in the loan and the request alone, where they can be forgotten.
    """
    subject = f"loan:{loan_id}" if loan_id is not None else f"request:{request_id}"
    known = {name: value for name, value in facts.items() if value is not None}
    events.add(tx, kind, at=now, loan_id=loan_id, request_id=request_id, facts=known)
    linked = {"request_id": request_id} if loan_id is not None and request_id is not None else {}
    audit.record(tx, f"circulation.{kind.lower()}", subject, by=by, now=now, facts={**known, **linked})
    notices.of_event(tx, kind, loan_id=loan_id, request_id=request_id, now=now)
