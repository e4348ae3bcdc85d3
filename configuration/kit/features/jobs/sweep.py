"""The two shapes that tasks have: one act, or the same act for each of many things."""

from collections.abc import Callable, Generator, Sequence
from datetime import datetime

from loguru import logger

from configuration.kit.database import Transaction
from configuration.kit.features.jobs.model import Advance, Effect, Job, Work, Workplace
from configuration.kit.logging import failure_text

PAGE = 200
Find = Callable[..., Sequence[int]]
"""`find(tx, after=, limit=, now=)`: the ids of the next things, in their order, that seem to be due."""
Act = Callable[..., bool]
"""`act(tx, id, now=)`: do it, if it is still to be done; whether it was."""
First = Callable[[Workplace, int], None]
Chunks = Generator[Effect, None, None]


def once_over(act: Callable[..., int]) -> Work:
    """Work that is one short act: `act(tx, now=)` answers how many things it touched."""

    def work(_place: Workplace, _job: Job) -> Chunks:
        def effect(tx: Transaction, _: Job, now: datetime) -> Advance:
            return Advance(done=1, counts={"done": act(tx, now=now)}, state="done")

        yield effect

    return work


def sweep(find: Find, act: Act, *, size: int = 1, first: First | None = None) -> Work:
    """Work that does the same for each of many things, `size` of them in one unit.

    What is to be done outside of the database comes `first`, for each thing before its unit: it must do no harm twice.

    What cannot be done with one thing keeps nobody from the others: it is logged and counted, and the run ends as
    failed once all the rest is done. An interrupted run goes on after the last unit.
    """

    def work(place: Workplace, job: Job) -> Chunks:
        after = job.params.get("after", 0)
        while ids := place.read(find, after=after, limit=PAGE, now=job.started_at):
            for start in range(0, len(ids), size):
                place.breathe()
                if first is not None:
                    for one in ids[start : start + size]:
                        first(place, one)
                yield from _each(act, ids[start : start + size], job.kind)
            after = ids[-1]
        yield _end

    return work


def _each(act: Act, ids: Sequence[int], name: str) -> Chunks:
    try:
        yield _done(act, ids)
    except Exception as fault:  # noqa: BLE001 - whatever it is with one thing, the others are to be done
        failed = fault
    else:
        return
    if len(ids) > 1:
        for one in ids:
            yield from _each(act, (one,), name)
        return
    logger.error("task {}: {} could not be done\n{}", name, ids[0], failure_text(failed))
    yield _passed_over(ids[0])


def _done(act: Act, ids: Sequence[int]) -> Effect:
    def effect(tx: Transaction, _: Job, now: datetime) -> Advance:
        done = sum([act(tx, one, now=now) for one in ids])
        return Advance(done=len(ids), counts={"done": done}, params={"after": ids[-1]})

    return effect


def _passed_over(one: int) -> Effect:
    def effect(_tx: Transaction, _job: Job, _now: datetime) -> Advance:
        return Advance(counts={"failed": 1}, params={"after": one})

    return effect


def _end(_tx: Transaction, job: Job, _now: datetime) -> Advance:
    if failed := job.counts.get("failed", 0):
        return Advance(
            state="failed", problem=f"{failed} of {job.position + failed} could not be done; the log says more."
        )
    return Advance(state="done")
