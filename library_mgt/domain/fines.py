"""What a copy costs that comes back late: a pure function of rule, calendar and time, so it can be shown beforehand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from library_mgt.domain.blocking import counted
from library_mgt.domain.calendar import Calendar
from library_mgt.domain.policy import Policy

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fine:
    """How a fine came about. Money is in minor units.

    `late` counts the days or hours of delay that the rule counts, `charged` those of them that cost `rate_minor` each;
    they differ when everything lay within the grace. `limit_minor` is the most that may be taken and `limited_by` says
    what set it, when it was reached.
    """

    amount_minor: int
    rate_minor: int
    unit: Literal["day", "hour"]
    late: int
    charged: int
    grace_days: int
    closed_days_counted: bool
    limit_minor: int
    limited_by: Literal["cap", "price"] | None

    @property
    def steps(self) -> list[str]:
        """The same as sentences, in the order of the calculation."""
        counting = "" if self.closed_days_counted else ", closed days not counted"
        told = [f"{counted(self.late, self.unit)} late{counting}."]
        if self.late and not self.charged:
            told.append(f"All of it lies within the grace of {counted(self.grace_days, 'day')}.")
        told.append(f"{self.charged} at {self.rate_minor} make {self.charged * self.rate_minor}.")
        if self.limited_by is not None:
            what = "cap" if self.limited_by == "cap" else "price of the copy"
            told.append(f"Never more than the {what}, {self.limit_minor}.")
        return told


@dataclass(frozen=True, slots=True)
class Loss:
    """What a copy that does not come back costs its reader: its price, where that is known, and the rule's fee."""

    price_minor: int | None
    fee_minor: int

    @property
    def amount_minor(self) -> int:
        """Both together."""
        return (self.price_minor or 0) + self.fee_minor


def overdue_fine(
    policy: Policy, due_at: datetime, until: datetime, calendar: Calendar, *, price_minor: int | None = None
) -> int:
    """The fine in minor units for a copy that was due at one instant and is out until another.

    It grows with `until`, and is never above the rule's cap nor, where it is known, the price of the copy.
    """
    return explain(policy, due_at, until, calendar, price_minor=price_minor).amount_minor


def explain(
    policy: Policy, due_at: datetime, until: datetime, calendar: Calendar, *, price_minor: int | None = None
) -> Fine:
    """The same fine with the steps that lead to it.

    By the day, every day after the day it was due costs the rate, today's included; by the hour, every hour begun. Who
    brings it within the days of grace pays nothing, who comes later pays from the beginning.
    """
    days = _days(policy, due_at, until, calendar)
    late = days if policy.fine_unit == "day" else _hours(policy, due_at, until, calendar)
    charged = late if days > policy.fine_grace_days or policy.fine_grace_days == 0 else 0
    total = charged * policy.fine_minor
    limit = policy.fine_cap_minor if price_minor is None else min(policy.fine_cap_minor, price_minor)
    reached: Literal["cap", "price"] = "cap" if limit == policy.fine_cap_minor else "price"
    return Fine(
        min(total, limit),
        policy.fine_minor,
        policy.fine_unit,
        late,
        charged,
        policy.fine_grace_days,
        policy.fine_closed_days,
        limit,
        reached if total > limit else None,
    )


def _days(policy: Policy, due_at: datetime, until: datetime, calendar: Calendar) -> int:
    """The days of delay that the rule counts."""
    first, last = calendar.day_of(due_at), calendar.day_of(max(due_at, until))
    return (last - first).days if policy.fine_closed_days else calendar.open_days_between(first, last)


def _hours(policy: Policy, due_at: datetime, until: datetime, calendar: Calendar) -> int:
    """The hours of delay begun, those on closed days only where the rule counts them."""
    if until <= due_at:
        return 0
    passed = until - due_at
    if not policy.fine_closed_days:
        passed -= calendar.closed_time_between(due_at, until)
    return -(-passed // _HOUR)
