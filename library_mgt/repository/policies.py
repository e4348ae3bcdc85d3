"""SQL about the rules in force: policy rows, hours and terms, read once and kept until one of them changes."""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import bindparam, select

from configuration.kit.database import Statement, Transaction
from library_mgt.domain.calendar import Hours
from library_mgt.domain.policy import NAMES
from library_mgt.domain.rules import Conditions, PolicyRow, Rules, Week
from library_mgt.models.data.calendars import calendar, calendar_exception, calendar_hours, term
from library_mgt.models.data.copies import copy
from library_mgt.models.data.patrons import patron
from library_mgt.models.data.policies import policy, rule_stamp
from library_mgt.models.data.reference import location
from library_mgt.models.data.requests import request

STAMP = select(rule_stamp.c.stamp).scalar_subquery()
"""Which state the rules are in: a column for the queries that ask for facts anyway."""

_STAMP = Statement(select(rule_stamp.c.stamp))
_ROWS = Statement(
    select(policy.c.id, policy.c.location, policy.c.group_code, policy.c.item_type, *(policy.c[name] for name in NAMES))
)
_LOCATIONS = Statement(
    select(location.c.code, location.c.zone, calendar.c.location.label("configured")).select_from(
        location.outerjoin(calendar, calendar.c.location == location.c.code)
    )
)
_HOURS = Statement(
    select(calendar_hours.c.location, calendar_hours.c.weekday, calendar_hours.c.opens, calendar_hours.c.closes)
)
_EXCEPTIONS = Statement(
    select(
        calendar_exception.c.location,
        calendar_exception.c.day,
        calendar_exception.c.opens,
        calendar_exception.c.closes,
    )
)
_TERMS = Statement(select(term.c.schedule, term.c.last_day).order_by(term.c.last_day))
_FOR_PICKUP = Statement(
    select(request.c.pickup_location, patron.c.group_code, copy.c.item_type, STAMP.label("stamp"))
    .select_from(request.join(patron, patron.c.id == request.c.patron_id).join(copy, copy.c.id == bindparam("copy_id")))
    .where(request.c.id == bindparam("request_id"))
)
_KEPT = 8
_known: OrderedDict[str, Rules] = OrderedDict()
"""The rules by their stamp. A stamp is drawn by lot at every change and never comes again, so what is kept under it
stays true in every worker and after every rollback; which stamp holds is asked of the database each time."""


def in_force(tx: Transaction, stamp: str | None = None) -> Rules:
    """The rules as they stand; `stamp` is theirs when a query of the same unit has read it already."""
    stamp = stamp or tx.scalar(_STAMP)
    assert stamp is not None
    known = _known.get(stamp)
    while known is None:
        read = _read(tx)
        # Between the statements somebody may have changed a rule: then the stamp is another one.
        again: str = tx.scalar(_STAMP)
        known, stamp = (read, stamp) if again == stamp else (_known.get(again), again)
        if known is not None:
            _known[stamp] = known
            while len(_known) > _KEPT:
                _known.popitem(last=False)
    return known


def for_pickup(tx: Transaction, request_id: int, copy_id: int, zone: tzinfo) -> Conditions:
    """On what conditions the copy is kept for the request: the hold shelf is the pickup location's."""
    row = tx.one(_FOR_PICKUP, request_id=request_id, copy_id=copy_id)
    return in_force(tx, row.stamp).conditions(row.pickup_location, row.group_code, row.item_type, zone)


def _read(tx: Transaction) -> Rules:
    rows = [_row(row) for row in tx.all(_ROWS)]
    terms: defaultdict[str, list[date]] = defaultdict(list)
    for one in tx.all(_TERMS):
        terms[one.schedule].append(one.last_day)
    return Rules(rows, _weeks(tx), terms)


def _row(row: Any) -> PolicyRow:
    values = {name: getattr(row, name) for name in NAMES if getattr(row, name) is not None}
    return PolicyRow(row.id, row.location, row.group_code, row.item_type, values)


def _weeks(tx: Transaction) -> Mapping[str, Week]:
    hours: defaultdict[str, dict[int, Hours]] = defaultdict(dict)
    for row in tx.all(_HOURS):
        hours[row.location][row.weekday] = Hours(row.opens, row.closes)
    differing: defaultdict[str, dict[date, Hours | None]] = defaultdict(dict)
    for row in tx.all(_EXCEPTIONS):
        differing[row.location][row.day] = None if row.opens is None else Hours(row.opens, row.closes)
    return {
        row.code: Week(row.zone, hours[row.code] if row.configured is not None else None, differing[row.code])
        for row in tx.all(_LOCATIONS)
    }
