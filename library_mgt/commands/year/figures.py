"""The year in figures: what its weeks came to, and what readers were told of waiting beside what happened."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

from configuration.kit.database import Transaction
from configuration.kit.days import local_day
from library_mgt.commands.year.living import Lived
from library_mgt.commands.year.records import Week, ready_since, states_of_requests
from library_mgt.commands.year.seasons import WEEK, Stretch, stretches
from library_mgt.commands.year.setting import Foretold
from library_mgt.services import fees

Verdict = Literal["early", "inside", "late"]
SPANS: tuple[tuple[str, int, int], ...] = (
    ("more than 4 weeks early", -9999, -29),
    ("2-4 weeks early", -28, -15),
    ("1-2 weeks early", -14, -8),
    ("1-7 days early", -7, -1),
    ("as foretold", 0, 0),
    ("1-7 days late", 1, 7),
    ("1-2 weeks late", 8, 14),
    ("more than 2 weeks late", 15, 9999),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A wait that was foretold with both its ends, and how many days it took. All days count from the request."""

    position: int
    copies: int
    earliest: int
    latest: int
    took: int

    @property
    def off(self) -> int:
        """By how many days it was too early (below 0) or too late (above); 0 inside the range."""
        return min(0, self.took - self.earliest) or max(0, self.took - self.latest)

    @property
    def verdict(self) -> Verdict:
        """Whether it lay in the range."""
        return "inside" if not self.off else "early" if self.off < 0 else "late"


@dataclass(frozen=True)
class Waits:
    """What became of everybody who was told how long they would wait, but for those who asked to be passed over."""

    told: list[Told]
    unbounded: int
    unknown: int
    ended: int
    waiting: int

    @property
    def inside(self) -> float:
        """The share of the foretold waits that lay in their range."""
        return sum(not one.off for one in self.told) / len(self.told) if self.told else 0.0

    def spans(self) -> dict[str, int]:
        """How many waits were off by how much."""
        return {name: sum(least <= one.off <= most for one in self.told) for name, least, most in SPANS}


@dataclass(frozen=True)
class Figures:
    """All that the pictures and the page say."""

    first: date
    weeks: list[Week]
    waits: Waits
    titles: int
    copies: int
    patrons: int
    currency: str
    requests: Mapping[str, int]
    acts: Mapping[str, int]
    seed: int

    @property
    def last(self) -> date:
        """The last day that was lived to the end of its week."""
        return self.first + len(self.weeks) * WEEK - timedelta(days=1)

    @property
    def seasons(self) -> list[Stretch]:
        """The seasons of the year."""
        return stretches(self.first, self.last)

    def each_week(self, kind: str) -> list[int]:
        """How often an event happened, week by week."""
        return [week.events.get(kind, 0) for week in self.weeks]

    def money(self, *kinds: str) -> list[float]:
        """What such lines of the ledger came to, week by week, in whole units of the currency."""
        return [sum(week.fees.get(kind, 0) for kind in kinds) / 100 for week in self.weeks]

    def total(self, kind: str) -> int:
        """How often an event happened in all."""
        return sum(self.each_week(kind))

    @property
    def refused(self) -> dict[str, int]:
        """How often each reason stood against an act, the most frequent first."""
        return dict(_summed(week.refused for week in self.weeks).most_common())

    @property
    def fees(self) -> dict[str, int]:
        """What the ledger's lines of each kind came to, in minor units."""
        return dict(sorted(_summed(week.fees for week in self.weeks).items()))

    def as_json(self) -> dict[str, Any]:
        """Everything a machine may want; the same for the same seed, books and day."""
        return {
            "first_day": self.first.isoformat(),
            "last_day": self.last.isoformat(),
            "seed": self.seed,
            "titles": self.titles,
            "copies": self.copies,
            "patrons": self.patrons,
            "currency": self.currency,
            "events": dict(sorted(_summed(week.events for week in self.weeks).items())),
            "refused": self.refused,
            "fees_minor": self.fees,
            "balance_minor": self.weeks[-1].balance_minor if self.weeks else 0,
            "requests": dict(sorted(self.requests.items())),
            "acts": dict(sorted(self.acts.items())),
            "waits": {
                "told": len(self.waits.told),
                "inside_share": round(self.waits.inside, 4),
                "off": self.waits.spans(),
                "no_latest_day": self.waits.unbounded,
                "nothing_known": self.waits.unknown,
                "ended_before": self.waits.ended,
                "still_waiting": self.waits.waiting,
                "each": [asdict(one) for one in self.waits.told],
            },
            "weeks": [asdict(week) for week in self.weeks],
        }


def figures(tx: Transaction, lived: Lived) -> Figures:
    """Count the year from the library's records."""
    library = lived.library
    ready = ready_since(tx)
    zone = library.settings.zone_info
    states = states_of_requests(tx)
    days = {request_id: local_day(at, zone) for request_id, at in ready.items()}
    return Figures(
        lived.year.first,
        lived.weeks,
        waits(library.foretold.values(), days, states),
        len(library.shelves.titles),
        library.shelves.copies,
        len(library.readers),
        fees.currency(tx).code,
        Counter(states.values()),
        lived.acts,
        lived.year.seed,
    )


def waits(foretold: Iterable[Foretold], ready: Mapping[int, date], states: Mapping[int, str]) -> Waits:
    """Lay what was foretold beside what happened."""
    told: list[Told] = []
    counts: Counter[str] = Counter()
    for one in foretold:
        wait, on = one.wait, ready.get(one.request_id)
        if wait.earliest is None:
            counts["unknown"] += 1
        elif wait.latest is None:
            counts["unbounded"] += 1
        elif on is not None:
            days = [(day - one.on).days for day in (wait.earliest, wait.latest, on)]
            told.append(Told(wait.position, wait.copies, *days))
        else:
            counts["waiting" if states.get(one.request_id) in ("QUEUED", "ALLOCATED") else "ended"] += 1
    return Waits(told, counts["unbounded"], counts["unknown"], counts["ended"], counts["waiting"])


def _summed(some: Iterable[Mapping[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in some:
        total.update(one)
    return total
