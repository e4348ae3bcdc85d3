"""What the walk has to notice: the library, wrong in one place."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, make_url, select, update

from configuration.kit.database import Statement, Transaction
from configuration.kit.database.postgresql import PostgresSession
from configuration.kit.database.sqlite import SqliteSession, driver
from library_mgt.domain import blocking, calendar, fines, lending
from library_mgt.domain.policy import Policy
from library_mgt.models.data.requests import request
from library_mgt.repository import policies
from library_mgt.repository import requests as request_rows
from library_mgt.services import closures, fees, requests
from tests.library_mgt.model.stage import Lent

Plant = Callable[[pytest.MonkeyPatch], None]
_newest = request.alias("newest")


def seq_renumbered(patch: pytest.MonkeyPatch) -> None:
    """Who goes back into the queue goes to its end."""
    move = request_rows.move

    def move_to_the_end(tx: Transaction, request_id: int, state: Any, **more: Any) -> None:
        move(tx, request_id, state, **more)
        if state == "QUEUED":
            last = select(func.max(_newest.c.seq) + 1).scalar_subquery()
            tx.run(Statement(update(request).values(seq=last).where(request.c.id == request_id)))

    patch.setattr(request_rows, "move", move_to_the_end)


def utc_day(patch: pytest.MonkeyPatch) -> None:
    """An instant falls on the day that the prime meridian has."""
    patch.setattr(calendar.Calendar, "day_of", lambda _, moment: moment.astimezone(UTC).date())


def fine_not_capped(patch: pytest.MonkeyPatch) -> None:
    """A fine grows for ever, above the price of the copy too."""
    explain = fines.explain

    def boundless(policy: Policy, *when: Any, **_: Any) -> fines.Fine:
        return explain(replace(policy, fine_cap_minor=10**9), *when)

    patch.setattr(fines, "explain", boundless)


def fine_of_today(patch: pytest.MonkeyPatch) -> None:
    """A fine follows the rule for all that is in force, not the one that the loan was made under."""

    def by_present_rule(tx: Transaction, late: Any, *, until: Any, zone: Any) -> fines.Fine:
        present = policies.in_force(tx)
        hours, policy = present.calendar(late.location, zone), present.policy(None, None, None)
        return fines.explain(policy, late.due_at, until, hours, price_minor=late.price_minor)

    patch.setattr(fees, "fine_of", by_present_rule)


def debt_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Whoever owes much borrows on."""
    patch.setattr(blocking.Debt, "blocks", False)


def closed_doors(patch: pytest.MonkeyPatch) -> None:
    """What is due on a day that is closed now stays due on it."""
    patch.setattr(closures, "moved_due", lambda *_: None)


def copy_kept(patch: pytest.MonkeyPatch) -> None:
    """What a request held goes to nobody when it ends."""
    patch.setattr(requests, "_pass_on", lambda *args, **options: None)


def one_loan_more(patch: pytest.MonkeyPatch) -> None:
    """The limit is reached a loan too late."""
    limit = lending._limit
    patch.setattr(
        lending, "_limit", lambda facts, policy: limit(facts, policy) if facts.live_loans > policy.max_loans else []
    )


def hidden_reason(patch: pytest.MonkeyPatch) -> None:
    """Of several reasons only the first is told."""
    blockers = lending.blockers
    patch.setattr(lending, "blockers", lambda *args, **options: blockers(*args, **options)[:1])


def half_a_unit(patch: pytest.MonkeyPatch) -> None:
    """A unit that fails leaves what it wrote."""
    command = SqliteSession.command
    patch.setattr(SqliteSession, "command", lambda self, sql: command(self, "COMMIT" if sql == "ROLLBACK" else sql))

    def keep(self: PostgresSession) -> None:
        try:
            if self.alive:
                self._command(b"COMMIT")
        except psycopg.Error:  # the walk lets sessions die in the middle of a unit, too
            self.drop()

    patch.setattr(PostgresSession, "rollback", keep)


PLANTS: Mapping[str, Plant] = {
    "seq renumbered": seq_renumbered,
    "UTC day instead of local": utc_day,
    "fine not capped": fine_not_capped,
    "fine by today's rule": fine_of_today,
    "debt keeps nobody": debt_forgotten,
    "due on a closed day": closed_doors,
    "copy of an ended request kept": copy_kept,
    "limit one too high": one_loan_more,
    "only the first reason told": hidden_reason,
    "a failed unit left half": half_a_unit,
}
INDEXES: Mapping[str, str] = {
    "uq_loan_live_copy": "one_live_loan_per_copy",
    "uq_request_open": "one_open_request_per_reader",
    "uq_request_assigned_copy": "one_assigned_request_per_copy",
}
"""Partial unique indexes, and the truth that each guarantees."""


def without(index: str, lent: Lent) -> Lent:
    """Databases that lack a partial unique index."""

    @contextmanager
    def poorer() -> Iterator[str]:
        with lent() as url:
            parsed = make_url(url)
            if parsed.get_backend_name() == "sqlite":
                connection: Any = driver.connect(parsed.database or "", isolation_level=None)
            else:
                connection = psycopg.connect(url, autocommit=True)
            connection.execute(f"DROP INDEX {index}")
            connection.close()
            yield url

    return poorer
