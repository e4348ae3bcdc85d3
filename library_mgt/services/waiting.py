"""Honest waiting times, and what to buy where they are too long."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from configuration.kit.security.actor import Actor
from library_mgt.domain import waiting as reckoning
from library_mgt.domain.rules import Rules
from library_mgt.domain.waiting import Supply, Wait
from library_mgt.models.data.requests import RequestView
from library_mgt.repository import policies, waiting
from library_mgt.services import requests


@dataclass(frozen=True, slots=True)
class WaitingRequest(RequestView):
    """A request with what its reader may expect; `wait` is empty unless it waits."""

    wait: Wait | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title for which the next reader would wait too long, and how many copies would mend that."""

    title_id: int
    number: int | None
    title: str
    part: str
    waiting: int
    wait: Wait
    copies_needed: int


def with_waits(tx: Transaction, found: Sequence[RequestView], *, now: datetime, zone: tzinfo) -> list[WaitingRequest]:
    """The requests with how long those of them that wait will do so; one query, however many they are."""
    ids = [one.id for one in found if one.state in waiting.WAITING]
    known = _waits(tx, ids, now=now, zone=zone)
    return [WaitingRequest(**_values(one), wait=known.get(one.id)) for one in found]


def request_for(tx: Transaction, request_id: int, by: Actor, *, now: datetime, zone: tzinfo) -> WaitingRequest:
    """A request as staff or its own reader see it, with its wait."""
    [found] = with_waits(tx, [requests.request_for(tx, request_id, by)], now=now, zone=zone)
    return found


def requests_of(tx: Transaction, by: Actor, /, *, now: datetime, zone: tzinfo, **asked: Any) -> list[WaitingRequest]:
    """One's own requests, with their waits; asked for as `requests.requests_of` is."""
    return with_waits(tx, requests.requests_of(tx, by, **asked), now=now, zone=zone)


def requests_waiting(tx: Transaction, /, *, now: datetime, zone: tzinfo, **asked: Any) -> list[WaitingRequest]:
    """Requests of all readers, with their waits; asked for as `requests.requests_waiting` is."""
    return with_waits(tx, requests.requests_waiting(tx, **asked), now=now, zone=zone)


def suggestions(
    tx: Transaction, *, after: tuple[int, str], limit: int, days: int, now: datetime, zone: tzinfo
) -> tuple[list[Suggestion], tuple[int, str] | None]:
    """Titles whose next reader would wait for more than so many days, and where the following page begins.

    A page looks at `limit` queues, and may hold fewer titles.
    """
    rows = waiting.queues(tx, after=after, limit=limit + 1)
    rules, today = policies.in_force(tx), local_day(now, zone)
    queues = [(key, list(some)) for key, some in groupby(rows, key=lambda row: (row.title_id, row.part))]
    found = []
    for (title_id, part), some in queues[:limit]:
        first, supplies = some[0], [_supply(row, rules, zone) for row in some if row.copy_id is not None]
        place = first.waiting + 1
        wait = reckoning.expected(place, supplies, today)
        if wait.latest is not None and wait.latest <= today + timedelta(days=days):
            continue
        rule = rules.policy(first.location, None, first.item_type)
        new = reckoning.on_the_shelf(rule)
        needed = reckoning.copies_needed(place, supplies, new, today, timedelta(days=days))
        found.append(Suggestion(title_id, first.number, first.title, part, first.waiting, wait, needed))
    return found, queues[limit - 1][0] if len(queues) > limit else None


def _waits(tx: Transaction, ids: Sequence[int], *, now: datetime, zone: tzinfo) -> dict[int, Wait]:
    rows = waiting.of_requests(tx, ids)
    if not rows:
        return {}
    rules, today = policies.in_force(tx), local_day(now, zone)
    places: dict[int, int] = {}
    supplies: dict[int, list[Supply]] = {}
    for row in rows:
        places[row.id] = row.place
        serving = supplies.setdefault(row.id, [])
        if row.copy_id is not None:
            serving.append(_supply(row, rules, zone))
    return {one: reckoning.expected(place, supplies[one], today) for one, place in places.items()}


def _supply(row: Any, rules: Rules, zone: tzinfo) -> Supply:
    policy = rules.policy(row.location, None, row.item_type)
    return reckoning.supply(
        row.status,
        policy,
        zone,
        loan_state=row.loan_state,
        due_at=row.due_at,
        aside=row.aside,
        ready_until=row.ready_until,
    )


def _values(one: RequestView) -> dict[str, Any]:
    return {field.name: getattr(one, field.name) for field in fields(RequestView)}
