"""Rules and calendars to try: cases in one line each, and strategies for whatever a library may configure."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from library_mgt.domain.calendar import Calendar, Hours
from library_mgt.domain.policy import Policy

POLICY = Policy(
    loanable=True, loan_period=14, loan_unit="days", closed_days="KEEP", max_loans=3, max_requests=3, renewals=1,
    renewal_period=14, renewal_from="due", requests_allowed=True, auto_approve=False, pickup_days=3,
    recall_allowed=False, recall_guarantee_days=1, recall_interval_days=1, fine_minor=0, fine_unit="day",
    fine_grace_days=0, fine_cap_minor=0, fine_closed_days=False, lost_after_days=90, lost_fee_minor=0,
    block_debt_minor=1, block_overdue=2,
)  # fmt: skip
NINE_TO_SIX = Hours(time(9), time(18))
WORKDAYS = (NINE_TO_SIX,) * 5 + (None, None)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = tuple(
    ZoneInfo(name)
    # Beirut doubles the hour before midnight and skips midnight itself, St. John's doubled a minute over midnight,
    # Lord Howe shifts by half an hour, Kathmandu lies 5:45 ahead, Auckland and Honolulu at the ends of the day.
    for name in (
        "UTC", "Europe/Berlin", "Asia/Beirut", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu",
        "Pacific/Auckland", "Pacific/Honolulu", "America/New_York",
    )
)  # fmt: skip


def rule(**values: Any) -> Policy:
    """The rule with other values."""
    return replace(POLICY, **values)


def workdays(zone: ZoneInfo = BERLIN, *, closed: tuple[date, ...] = ()) -> Calendar:
    """Open from nine to six on workdays, but not on the days named."""
    return Calendar(zone, WORKDAYS, dict.fromkeys(closed))


moments = st.datetimes(datetime(2008, 1, 1), datetime(2032, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
_hours = st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Hours(*pair))
_maybe = st.one_of(st.none(), _hours)


@st.composite
def calendars(draw: st.DrawFn, around: datetime) -> Calendar:
    """Any week with an open day in it, and any days that differ, closed weeks among them, near an instant."""
    weekly = draw(st.lists(_maybe, min_size=7, max_size=7).filter(any))
    start = around.date() + timedelta(days=draw(st.integers(-30, 60)))
    shut = draw(st.integers(0, 60))
    days = {start + timedelta(days=place): None for place in range(shut)}
    differing = st.dates(around.date() - timedelta(days=40), around.date() + timedelta(days=400))
    return Calendar(
        draw(st.sampled_from(ZONES)), weekly, {**days, **draw(st.dictionaries(differing, _maybe, max_size=8))}
    )


rules = st.builds(
    rule,
    loan_period=st.integers(1, 120),
    loan_unit=st.sampled_from(["days", "hours", "close"]),
    closed_days=st.sampled_from(["KEEP", "PREVIOUS_OPEN", "NEXT_OPEN", "NEXT_SAME_WEEKDAY"]),
    pickup_days=st.integers(0, 14),
    fine_minor=st.integers(0, 500),
    fine_unit=st.sampled_from(["day", "hour"]),
    fine_grace_days=st.integers(0, 5),
    fine_cap_minor=st.integers(0, 5000),
    fine_closed_days=st.booleans(),
)
