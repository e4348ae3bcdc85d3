"""What the walk has to notice: the library, wrong in one place."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import psycopg
import pytest
from sqlalchemy import func, make_url, select, update

from configuration.kit.database import Statement, Transaction
from configuration.kit.database.postgresql import PostgresSession
from configuration.kit.database.sqlite import SqliteSession, driver
from library_mgt.domain import lending, rules
from library_mgt.models.data.requests import request
from library_mgt.repository import requests as request_rows
from library_mgt.services import requests
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
    """Days end where the prime meridian has midnight."""
    calendar = rules._calendar
    patch.setattr(rules, "_calendar", lambda week, zone: calendar(week, UTC))


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
    patch.setattr(PostgresSession, "rollback", lambda self: self._command(b"COMMIT"))


PLANTS: Mapping[str, Plant] = {
    "seq renumbered": seq_renumbered,
    "UTC day instead of local": utc_day,
    "copy of an ended request kept": copy_kept,
    "limit one too high": one_loan_more,
    "only the first reason told": hidden_reason,
    "a failed unit left half": half_a_unit,
}
INDEXES = ("uq_loan_live_copy", "uq_request_open", "uq_request_assigned_copy")


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
