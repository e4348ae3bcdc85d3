"""States of copies, requests and loans, and which may follow which."""

from collections.abc import Mapping
from typing import Literal

CopyStatus = Literal["IN_SERVICE", "IN_REPAIR", "MISSING", "LOST", "WITHDRAWN", "ON_ORDER", "REFERENCE_ONLY"]
RequestState = Literal[
    "PENDING_APPROVAL", "QUEUED", "ALLOCATED", "READY", "FULFILLED", "REJECTED", "CANCELLED", "EXPIRED"
]
LoanState = Literal["ON_LOAN", "CLAIMED_RETURNED", "LOST", "RETURNED", "SETTLED"]
CardState = Literal["active", "lost", "replaced"]

COPY_STATUSES: tuple[CopyStatus, ...] = (
    "IN_SERVICE", "IN_REPAIR", "MISSING", "LOST", "WITHDRAWN", "ON_ORDER", "REFERENCE_ONLY",
)  # fmt: skip
REQUESTABLE: tuple[CopyStatus, ...] = ("IN_SERVICE", "IN_REPAIR", "ON_ORDER")
"""A copy of such a status is, or will be, there to be lent: worth waiting for."""
GONE: tuple[CopyStatus, ...] = ("MISSING", "LOST", "WITHDRAWN", "ON_ORDER")
"""There is nothing to hand over: nobody overrules that."""

OPEN_REQUEST: tuple[RequestState, ...] = ("PENDING_APPROVAL", "QUEUED", "ALLOCATED", "READY")
ASSIGNED: tuple[RequestState, ...] = ("ALLOCATED", "READY")
"""A copy is set aside for the request."""

ENDED_REQUEST: tuple[RequestState, ...] = ("FULFILLED", "REJECTED", "CANCELLED", "EXPIRED")
UNFILLED_REQUEST: tuple[RequestState, ...] = ("REJECTED", "CANCELLED", "EXPIRED")
"""It ended without a loan."""

LIVE_LOAN: tuple[LoanState, ...] = ("ON_LOAN", "CLAIMED_RETURNED", "LOST")
"""The copy is out, or should be."""

ENDED_LOAN: tuple[LoanState, ...] = ("RETURNED", "SETTLED")
CARD_STATES: tuple[CardState, ...] = ("active", "lost", "replaced")

REQUEST_MOVES: Mapping[RequestState, frozenset[RequestState]] = {
    "PENDING_APPROVAL": frozenset({"QUEUED", "REJECTED", "CANCELLED", "FULFILLED", "EXPIRED"}),
    "QUEUED": frozenset({"ALLOCATED", "READY", "FULFILLED", "CANCELLED", "EXPIRED"}),
    "ALLOCATED": frozenset({"READY", "QUEUED", "FULFILLED", "CANCELLED"}),
    "READY": frozenset({"QUEUED", "FULFILLED", "CANCELLED", "EXPIRED"}),
    "FULFILLED": frozenset(),
    "REJECTED": frozenset(),
    "CANCELLED": frozenset(),
    "EXPIRED": frozenset(),
}
LOAN_MOVES: Mapping[LoanState, frozenset[LoanState]] = {
    "ON_LOAN": frozenset({"RETURNED", "CLAIMED_RETURNED", "LOST"}),
    "CLAIMED_RETURNED": frozenset({"RETURNED", "LOST"}),
    "LOST": frozenset({"RETURNED", "SETTLED"}),
    "RETURNED": frozenset(),
    "SETTLED": frozenset({"RETURNED"}),
}


def request_may_become(state: RequestState, target: RequestState) -> bool:
    """Whether a request may go from one state to the other."""
    return target in REQUEST_MOVES[state]


def loan_may_become(state: LoanState, target: LoanState) -> bool:
    """Whether a loan may go from one state to the other."""
    return target in LOAN_MOVES[state]
