"""The tables at the end of a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.reliability.crowd import Visit
from tests.reliability.verdicts import Score


@dataclass(frozen=True, slots=True)
class KillFigures:
    """What a loop of kills gave."""

    where: str
    cycles: int
    acknowledged: int
    """Writes that were answered."""
    unanswered: int
    """Writes in flight at a kill, sent again with their key afterwards."""
    lost: int
    doubled: int
    ready: Sequence[float]
    """Seconds from each start to readiness."""
    ready_cpu: Sequence[float]
    """Seconds of processor time in them: what would be left of it on a machine with nothing else to do."""


@dataclass(frozen=True, slots=True)
class Caught:
    """A planted fault, and what became of it."""

    fault: str
    where: str
    """Into what it was planted, and on which database."""
    by: str
    after: str
    """After how many acts or rounds."""
    said: str | None
    """What was said of it; `None` where nothing went wrong, because what is left still holds."""


def median(values: Sequence[float]) -> float:
    """The one in the middle; 0 of none."""
    return sorted(values)[len(values) // 2] if values else 0.0


SCORES: list[Score] = []
KILLS: list[KillFigures] = []
CAUGHT: list[Caught] = []

CROWDS: list[tuple[str, Visit]] = []
"""Visits, with the mode in which the university ran."""


def print_tables(console: Console) -> None:
    """What was run so far in this process."""
    if SCORES:
        console.print(_races(SCORES))
    if CAUGHT:
        console.print(_caught(CAUGHT))
    if KILLS:
        console.print(_kills(KILLS))
    if CROWDS:
        console.print(_crowds(CROWDS))


def _races(scores: Sequence[Score]) -> Table:
    table = Table(title="Races: 64 clients for one thing", title_justify="left")
    for heading in ("race", "where", "rounds", "winners", "answers", "seconds", "problems"):
        table.add_column(heading, justify="left" if heading in ("race", "where", "answers") else "right")
    for score in scores:
        answers = ", ".join(f"{count} x {status}" for status, count in sorted(score.statuses.items()))
        problems = str(len(score.problems))
        table.add_row(
            score.race, score.where, str(score.rounds), str(score.winners), answers, f"{score.seconds:.1f}", problems
        )
    return table


def _caught(faults: Sequence[Caught]) -> Table:
    table = Table(title="Planted faults, and what caught them", title_justify="left")
    for heading in ("fault", "planted into", "caught by", "after", "said"):
        table.add_column(heading, justify="right" if heading == "after" else "left")
    for one in sorted(faults, key=lambda one: (one.fault, one.where)):
        table.add_row(one.fault, one.where, one.by, one.after, (one.said or "nothing: what is left still holds")[:60])
    return table


def _kills(kills: Sequence[KillFigures]) -> Table:
    table = Table(title="kill -9 while writing", title_justify="left")
    for heading in (
        "where",
        "kills",
        "acknowledged",
        "unanswered",
        "lost",
        "doubled",
        "ready: median s",
        "worst s",
        "median CPU s",
    ):
        table.add_column(heading, justify="left" if heading == "where" else "right")
    for kill in kills:
        worst = max(kill.ready, default=0.0)
        counts = (kill.cycles, kill.acknowledged, kill.unanswered, kill.lost, kill.doubled)
        table.add_row(
            kill.where, *map(str, counts), f"{median(kill.ready):.2f}", f"{worst:.2f}", f"{median(kill.ready_cpu):.2f}"
        )
    return table


def _crowds(crowds: Sequence[tuple[str, Visit]]) -> Table:
    table = Table(title="A crowd through one service into another", title_justify="left")
    for heading in ("door", "where", "calls", "per s", "p50 ms", "p99 ms", "a cheap call", "problems"):
        table.add_column(heading, justify="left" if heading in ("door", "where") else "right")
    for mode, visit in crowds:
        load, times = visit.load, visit.meanwhile / visit.idle
        slow = [f"{load.percentile(share) * 1000:.0f}" for share in (0.5, 0.99)]
        cheap = f"{visit.meanwhile * 1000:.1f} ms, x {times:.1f}"
        table.add_row(visit.door, mode, str(load.done), f"{load.rate:.0f}", *slow, cheap, str(len(visit.problems)))
    return table
