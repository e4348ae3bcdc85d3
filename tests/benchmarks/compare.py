"""Two servers measured in turns, so that whatever else the machine does falls on both."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.load import Load, drive
from tests.benchmarks.servers import Server

Requests = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Spread:
    """A ratio: its median over the rounds, with the lowest and the highest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of some values, at least one."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a server, the requests it gets, the statuses that count as work done."""

    server: Server
    requests: Requests
    statuses: tuple[int, ...] = (200,)
    after: Callable[[Load], None] | None = None
    """Called after each slice, outside the measured time, to undo what it did."""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One subject in one round."""

    rate: float
    cpu: float
    """CPU seconds of the server per request."""
    p95: float
    p99: float


def measure(subject: Subject, *, clients: int, seconds: float) -> Slice:
    """Drive one subject for a while."""
    before = subject.server.cpu
    load = drive(
        subject.server.port,
        subject.requests(),
        clients=clients,
        seconds=seconds,
        keep=subject.keep,
    )
    spent = subject.server.cpu - before
    load.only(*subject.statuses)
    if subject.after is not None:
        subject.after(load)
    return Slice(load.rate, spent / load.done, load.percentile(0.95), load.percentile(0.99))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ratios of each subject to the first."""

    rates: tuple[Spread, ...]
    cpu: tuple[Spread, ...]
    slices: tuple[tuple[Slice, ...], ...]


def in_turns(subjects: Sequence[Subject], *, clients: int, seconds: float, rounds: int) -> Comparison:
    """Measure the subjects in turns, a slice each per round, after one short slice each to warm up."""
    for subject in subjects:
        measure(subject, clients=clients, seconds=min(0.3, seconds))
    taken = [tuple(measure(subject, clients=clients, seconds=seconds) for subject in subjects) for _ in range(rounds)]
    number = range(len(subjects))
    return Comparison(
        rates=tuple(Spread.of([row[at].rate / row[0].rate for row in taken]) for at in number),
        cpu=tuple(Spread.of([row[at].cpu / row[0].cpu for row in taken]) for at in number),
        slices=tuple(taken),
    )
