"""Tasks: work that comes back by itself, once for all workers, and gets over faults and dead workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configuration.kit.database import Database, Transaction
from configuration.kit.features import jobs
from configuration.kit.features.jobs import tasks as schedule
from configuration.kit.features.jobs.clockwork import Clockwork
from configuration.kit.features.jobs.model import LEASE
from configuration.kit.features.jobs.rhythms import LAST_RETRY, backoff
from configuration.kit.features.jobs.sweep import PAGE
from tests.configuration.features.jobs.working import NOW

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Doing:
    """Things to be done, and what became of them. A thing in `poison` cannot be done."""

    things: list[int]
    done: list[int] = field(default_factory=list)
    poison: frozenset[int] = frozenset()

    def find(self, _tx: Transaction, *, after: int, limit: int, now: datetime) -> list[int]:
        assert now is not None
        return [one for one in self.things if one > after][:limit]

    def act(self, _tx: Transaction, one: int, *, now: datetime) -> bool:
        if one in self.poison:
            raise RuntimeError(f"{one} cannot be done")
        self.done.append(one)
        return True


@dataclass
class House:
    """A database whose tasks are run at chosen times."""

    db: Database
    tasks: list[jobs.Task]
    now: datetime = NOW

    def look(self) -> bool:
        """One look at the clock by a server's thread; whether there was something to do."""
        worker = Clockwork(self.db, self.tasks, lambda: self.now, BERLIN)
        return worker._one()

    def later(self, **time: float) -> bool:
        self.now += timedelta(**time)
        return self.look()

    def row(self, name: str = "sweep") -> jobs.TaskRow:
        return next(row for row in self.db.read_sync(schedule.listed) if row.name == name)


def swept(doing: Doing, *, every: float = 5, name: str = "sweep", size: int = 1) -> jobs.Task:
    return jobs.Task(
        name, "Sweeps.", jobs.Every(timedelta(minutes=every)), jobs.sweep(doing.find, doing.act, size=size)
    )


class TestRhythm:
    """When a task comes back."""

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            (datetime(2026, 3, 2, 5, 0, tzinfo=UTC), datetime(2026, 3, 2, 6, 0, tzinfo=UTC)),
            (datetime(2026, 3, 2, 6, 0, tzinfo=UTC), datetime(2026, 3, 3, 6, 0, tzinfo=UTC)),
            (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
            (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)),
        ],
    )
    def test_daily_is_a_time_of_the_wall_clock(self, moment: datetime, expected: datetime) -> None:
        assert jobs.Daily(time(7)).after(moment, BERLIN) == expected

    @given(st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)), st.times())
    def test_daily_is_always_ahead_and_within_a_day(self, moment: datetime, at: time) -> None:
        following = jobs.Daily(at).after(moment, BERLIN)

        assert moment < following <= moment + timedelta(hours=25)

    def test_failures_are_retried_ever_later(self) -> None:
        waits = [backoff(failures) for failures in range(1, 40)]

        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (timedelta(minutes=1), LAST_RETRY)


class TestRunning:
    """A task runs when its time has come, and its row says what became of it."""

    def test_it_waits_for_its_time_then_runs_again_and_again(self, db: Database) -> None:
        doing = Doing([1, 2, 3])
        house = House(db, [swept(doing)])

        at_start, early = house.look(), house.later(minutes=4)
        assert (at_start, early, doing.done) == (False, False, [])

        assert house.later(minutes=1)
        assert doing.done == [1, 2, 3]
        row = house.row()
        assert (row.last_state, row.last_counts, row.failures) == ("done", {"done": 3}, 0)
        assert (row.begun_at, row.next_at) == (None, house.now + timedelta(minutes=5))

        doing.things.append(4)
        assert not house.later(minutes=4)
        assert house.later(minutes=1)
        assert doing.done == [1, 2, 3, 1, 2, 3, 4]

    def test_of_many_workers_one_runs_it(self, db: Database) -> None:
        doing = Doing(list(range(1, 30)))
        house = House(db, [swept(doing)])
        house.look()
        house.now += timedelta(minutes=5)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda _: house.look(), range(6)))

        assert doing.done == doing.things
        assert house.row().last_state == "done"

    def test_what_fell_due_while_nobody_was_there_happens_once(self, db: Database) -> None:
        doing = Doing([1])
        house = House(db, [swept(doing)])
        house.look()

        assert house.later(days=3)
        assert not house.look()
        assert doing.done == [1]

    def test_more_things_than_a_page_are_all_done_in_chunks(self, db: Database) -> None:
        doing = Doing(list(range(1, PAGE + 60)))
        house = House(db, [swept(doing, size=50)])
        house.look()

        house.later(minutes=5)

        assert doing.done == doing.things

    def test_one_that_is_hastened_runs_now(self, db: Database) -> None:
        doing = Doing([1])
        house = House(db, [swept(doing)])

        jobs.run_now(db, house.tasks, "sweep", clock=lambda: house.now, zone=BERLIN)

        assert (doing.done, house.row().last_state) == ([1], "done")
        with pytest.raises(schedule.TaskNotFound):
            jobs.run_now(db, house.tasks, "nothing", clock=lambda: house.now, zone=BERLIN)

    def test_a_command_runs_all_that_are_due_and_no_others(self, db: Database) -> None:
        often, seldom = Doing([1, 2]), Doing([3])
        house = House(db, [swept(often), swept(seldom, every=60, name="seldom")])

        def due() -> int:
            return jobs.run_due(db, house.tasks, clock=lambda: house.now, zone=BERLIN)

        assert due() == 0
        house.now += timedelta(minutes=6)
        assert (due(), due(), often.done, seldom.done) == (1, 0, [1, 2], [])
        house.now += timedelta(minutes=60)
        assert (due(), often.done, seldom.done) == (2, [1, 2, 1, 2], [3])
        assert house.row("seldom").last_state == "done"


class TestFailing:
    """A fault is kept, told and retried, and keeps nobody else from working."""

    def test_a_task_that_fails_comes_back_with_backoff_and_stops_no_other(self, db: Database) -> None:
        good, broken = Doing([1]), jobs.Task("broken", "Breaks.", jobs.Daily(time(7)), jobs.once_over(_broken))
        house = House(db, [broken, swept(good, every=24 * 60)])
        house.look()

        house.later(days=2)
        house.look()

        row = house.row("broken")
        assert good.done == [1]
        assert (row.last_state, row.failures, row.next_at) == ("failed", 1, house.now + timedelta(minutes=1))
        assert row.last_problem is not None
        house.later(minutes=1)
        assert house.row("broken").next_at == house.now + timedelta(minutes=2)

    def test_one_thing_that_cannot_be_done_keeps_nobody_from_the_others(self, db: Database) -> None:
        doing = Doing(list(range(1, 21)), poison=frozenset({3, 17}))
        house = House(db, [swept(doing, size=5)])
        house.look()

        house.later(minutes=5)

        row = house.row()
        assert sorted(set(doing.things) - set(doing.done)) == [3, 17]
        assert (row.last_state, row.last_counts) == ("failed", {"done": 18, "failed": 2})
        assert row.last_problem == "2 of 20 could not be done; the log says more."

    def test_a_run_whose_worker_died_goes_on_where_it_stopped(self, db: Database) -> None:
        doing = Doing([1, 2, 3, 4])
        task = swept(doing)
        house = House(db, [task])
        house.look()
        house.now += timedelta(minutes=5)
        db.write_sync(schedule.turn, [task], now=house.now, zone=BERLIN)
        half = jobs.claim_next(db, {"sweep": task.work or _none}, lambda: house.now)
        assert half is not None
        chunks = (task.work or _none)(jobs.Workplace(db.read_sync), half)
        for effect in (next(chunks), next(chunks)):
            db.write_sync(jobs.take_chunk, half, effect, now=house.now)  # and then it is killed

        nobody_yet = house.look()
        taken_over = house.later(seconds=LEASE.total_seconds() + 1)

        assert (nobody_yet, taken_over) == (False, True)
        assert doing.done == [1, 2, 3, 4]
        assert house.row().last_state == "done"


def _broken(_tx: Transaction, *, now: datetime) -> int:
    raise RuntimeError(f"broken at {now:%H:%M}")


def _none(_place: jobs.Workplace, _job: jobs.Job) -> Iterator[jobs.Effect]:
    return iter(())
