"""Requests that are passed over for a while, and copies that are not where they should be."""

from datetime import date, datetime, tzinfo
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.states import ASSIGNED, REQUEST_MOVES
from library_mgt.errors import illegal, refuse
from library_mgt.models.data.requests import RequestView
from library_mgt.repository import copies, requests
from library_mgt.services.queue import allocate
from library_mgt.services.requests import locked_with_title, own_or_at_desk, request_seen
from library_mgt.services.trail import told

_WAITING = ("PENDING_APPROVAL", "QUEUED")


def suspend(tx: Transaction, request_id: int, until: date, *, by: Actor, now: datetime, zone: tzinfo) -> RequestView:
    """Pass a request over until the end of a day, which then keeps its place: one's own, or anybody's at the desk."""
    row = own_or_at_desk(tx, request_id, by)
    _waits(row)
    if until < local_day(now, zone):
        raise refuse([Blocker("DATE_PASSED", "The day until which it is suspended has passed.", "/until")])
    requests.suspend(tx, request_id, until, now=now)
    told(tx, "SUSPENDED", by=by, now=now, request_id=request_id, until=until.isoformat())
    return request_seen(tx, request_id)


def resume(tx: Transaction, request_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> RequestView:
    """Let a suspended request be served again, in its old place. One that is not suspended stays as it is."""
    row = own_or_at_desk(tx, request_id, by)
    _waits(row)
    if row.suspended_until is not None:
        _resumed(tx, row, by=by, now=now, zone=zone)
    return request_seen(tx, request_id)


def to_resume(tx: Transaction, *, after: int, limit: int, now: datetime, zone: tzinfo) -> list[int]:
    """Requests whose suspension is over."""
    return requests.to_resume(tx, after=after, limit=limit, today=local_day(now, zone))


def end_suspension(tx: Transaction, request_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> bool:
    """Let a request be served again whose suspension is over; whether that was still to be done."""
    row = locked_with_title(tx, request_id)
    over = row.suspended_until is not None and row.suspended_until < local_day(now, zone)
    if not over or row.state not in _WAITING:
        return False
    _resumed(tx, row, by=by, now=now, zone=zone)
    return True


def not_found(tx: Transaction, request_id: int, *, by: Actor, now: datetime, zone: tzinfo) -> RequestView:
    """Say that the copy set aside is not where it should be: it is missing, and the request waits in its old place.

    Another copy goes to whoever is first, if there is one.
    """
    row = locked_with_title(tx, request_id)
    if row.state not in ASSIGNED:
        raise illegal("request", row.state, "QUEUED", REQUEST_MOVES[row.state])
    requests.move(tx, request_id, "QUEUED", now=now)
    told(tx, "NOT_FOUND", by=by, now=now, request_id=request_id, copy_id=row.copy_id)
    copies.set_status(tx, row.copy_id, "MISSING", now=now)
    audit.record(tx, "copy.missing", f"copy:{row.copy_id}", by=by, now=now, facts={"request_id": request_id})
    allocate(tx, row.title_id, row.part, by=by, now=now, zone=zone)
    return request_seen(tx, request_id)


def _waits(row: Any) -> None:
    if row.state not in _WAITING:
        raise illegal("request", row.state, "SUSPENDED", REQUEST_MOVES[row.state])


def _resumed(tx: Transaction, row: Any, *, by: Actor, now: datetime, zone: tzinfo) -> None:
    requests.suspend(tx, row.id, None, now=now)
    told(tx, "RESUMED", by=by, now=now, request_id=row.id)
    allocate(tx, row.title_id, row.part, by=by, now=now, zone=zone)
