"""Tills: opened with what lies in them, counted and closed once, reported by the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from configuration.kit.database import Transaction
from configuration.kit.days import local_day, start_of_day
from configuration.kit.errors import Blocker
from configuration.kit.features import audit
from configuration.kit.security.actor import Actor
from library_mgt.domain.money import METHODS, Currency, Method
from library_mgt.errors import DifferenceNeedsReason, TillNotFound, TillOpen
from library_mgt.models.data.fees import Count, Taken, TillSession, TillView
from library_mgt.models.request.fees import TillChange, TillClosing, TillOpening
from library_mgt.repository import policies, tills
from library_mgt.services.payments import open_till
from library_mgt.services.returns import location_known


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A session of a till: what went over it, what it should hold, and what was counted when it was closed."""

    session: TillSession
    taken: Sequence[Taken]
    expected: Mapping[Method, int]
    counts: Sequence[Count]


@dataclass(frozen=True, slots=True)
class TillReport:
    """A till on a day: every session that was opened on it."""

    till: TillView
    day: date
    currency: Currency
    sessions: Sequence[Reckoning]


def listed(tx: Transaction) -> list[TillView]:
    """Every till, and whether it takes money now."""
    return tills.listed(tx)


def keep_till(tx: Transaction, code: str, change: TillChange, *, by: Actor, now: datetime) -> TillView:
    """Set a till up, or give it another name or place."""
    location_known(tx, change.location)
    if not tills.rename(tx, code, change.name, change.location):
        tills.add(tx, code, change.name, change.location)
    audit.record(tx, "till.kept", f"till:{code}", by=by, now=now)
    return _found(tx, code)


def open_with(tx: Transaction, code: str, opening: TillOpening, *, by: Actor, now: datetime) -> TillView:
    """Let a till take money, beginning with what was put into it."""
    till = tills.locked(tx, code)
    if till is None:
        raise TillNotFound()
    if till.session_id is not None:
        raise TillOpen(f"{till.name} is open already; count and close it first.")
    tills.open_session(tx, code, float_minor=opening.float_minor, by=by.person, now=now)
    audit.record(tx, "till.opened", f"till:{code}", by=by, now=now, facts={"float_minor": opening.float_minor})
    return _found(tx, code)


def close(tx: Transaction, code: str, closing: TillClosing, *, by: Actor, now: datetime, zone: tzinfo) -> TillReport:
    """Count and close a till, once. Where it holds more or less than it should, somebody says why."""
    till = open_till(tx, code)
    assert till.session_id is not None
    assert till.float_minor is not None
    assert till.opened_at is not None
    counted: dict[Method, int] = {
        "CASH": closing.cash_minor, "CARD": closing.card_minor, "TRANSFER": closing.transfer_minor,
    }  # fmt: skip
    expected = _expected(till.float_minor, tills.taken(tx, till.session_id))
    wrong = {method: counted[method] - expected[method] for method in METHODS if counted[method] != expected[method]}
    if wrong and closing.reason is None:
        raise DifferenceNeedsReason(blockers=_differences(tx, wrong, expected))
    counts = [
        Count(till.session_id, method, expected[method], counted[method], closing.reason if method in wrong else None)
        for method in METHODS
    ]
    tills.close_session(tx, till.session_id, counts, by=by.person, now=now)
    audit.record(tx, "till.closed", f"till:{code}", by=by, now=now, facts={"difference_minor": sum(wrong.values())})
    return report(tx, code, local_day(till.opened_at, zone), zone=zone)


def report(tx: Transaction, code: str, day: date, *, zone: tzinfo) -> TillReport:
    """What went over a till on a day, session by session."""
    till = _found(tx, code)
    since, before = start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
    reckonings = []
    for session in tills.sessions(tx, code, since=since, before=before):
        taken = tills.taken(tx, session.id)
        expected = _expected(session.float_minor, taken)
        reckonings.append(Reckoning(session, taken, expected, tills.counts(tx, session.id)))
    return TillReport(till, day, policies.in_force(tx).currency, reckonings)


def _found(tx: Transaction, code: str) -> TillView:
    till = tills.find(tx, code)
    if till is None:
        raise TillNotFound()
    return till


def _expected(float_minor: int, taken: Sequence[Taken]) -> dict[Method, int]:
    """What a till should hold: what it began with and the money that stayed, by method."""
    expected = dict.fromkeys(METHODS, 0)
    expected["CASH"] = float_minor
    for one in taken:
        expected[one.method] += one.paid_minor - one.refunded_minor
    return expected


def _differences(tx: Transaction, wrong: Mapping[Method, int], expected: Mapping[Method, int]) -> list[Blocker]:
    said = policies.in_force(tx).currency.said
    return [
        Blocker(
            DifferenceNeedsReason.code,
            f"{method.title()}: {said(expected[method])} should be there; {said(abs(by))} "
            f"{'too much' if by > 0 else 'are missing'}. Count again, or say why.",
            f"/{method.lower()}_minor",
            None,
            {"expected_minor": expected[method], "difference_minor": by},
        )
        for method, by in wrong.items()
    ]
