"""One absolute deadline for a request and every call it makes to peers, carried along as milliseconds left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

DEADLINE_HEADER = b"x-erp-deadline-ms"
LONGEST = 5.0
"""Seconds that a call to a peer may take, all in all."""
_until: ContextVar[float | None] = ContextVar("until", default=None)


def enter_hop(header: bytes | None) -> Token[float | None]:
    """Begin to serve a request; a caller that says how long it still waits shortens what our own calls may take."""
    seconds = min(int(header) / 1000, LONGEST) if header and header.isdigit() and len(header) < 9 else None
    return _until.set(None if seconds is None else time.monotonic() + seconds)


def leave_hop(token: Token[float | None]) -> None:
    """The request is served."""
    _until.reset(token)


@contextmanager
def entering_hop(header: bytes | None) -> Iterator[None]:
    """Serve a request, as a block."""
    token = enter_hop(header)
    try:
        yield
    finally:
        leave_hop(token)


def is_hop() -> bool:
    """Whether the request being served is itself a call from a peer."""
    return _until.get() is not None


def seconds_left(longest: float = LONGEST) -> float:
    """How long a call started now may take; zero or less when the caller has given up."""
    until = _until.get()
    return longest if until is None else min(longest, until - time.monotonic())
