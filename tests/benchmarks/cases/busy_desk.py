"""A busy day at the desk: fifty checkouts a second arriving at random, then clients without pause.

Everything is on: tokens, idempotency keys, rules with fines, queues, events, audit, the central log, durable commits.
Some loans are overdue, so that fines are reckoned and charged. Afterwards the books have to balance. Milliseconds are
of the machine; beside them stands a bare POST into a dictionary under the very same arrivals.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from configuration.kit.database import Statement, Transaction
from library_mgt.domain import barcodes
from library_mgt.models.data.loans import loan
from library_mgt.models.request.circulation import LoanCreate
from library_mgt.services import circulation
from library_mgt.services.imports import DEFAULTS
from tests.benchmarks import books, people
from tests.benchmarks.arrivals import Act, Loads, at_random, closed_loop, open_loop
from tests.benchmarks.cases import desk
from tests.benchmarks.compare import Spread
from tests.benchmarks.load import Load
from tests.benchmarks.pace import Pace
from tests.benchmarks.report import Goal, Row, Sheet
from tests.benchmarks.servers import Server, bare
from tests.benchmarks.visitors import MIX, Lent, Visitors, all_served
from tests.benchmarks.whole import whole
from tests.benchmarks.wire import encode
from tests.reliability.installation import Installation
from tests.reliability.stage import add_rule, broken_truths

CHECKOUTS = 50
"""A second, at random."""
FOLIO = {8: 1228, 20: 1181, 30: 1276, 75: 2436}
"""Users, and the p95 of a checkout in milliseconds that FOLIO publishes for so many."""
OPEN_MS = 50
CLOSED_MS = {75: 300}
DESKS = 4
OUT = 8
"""One of so many copies is out when the day begins."""
LENT_SINCE = timedelta(days=30)
"""The loans of the last days: those of the first two are overdue."""
_LOANS = Statement(select(func.count().label("loans")).select_from(loan))


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of the day: what the library gave, and a bare POST under the same arrivals."""

    name: str
    loads: Loads
    plain: Load
    folio_ms: int | None = None
    goal_ms: int | None = None

    @property
    def checkouts(self) -> Load:
        """The checkouts alone."""
        return self.loads["check out"]

    @property
    def all(self) -> Load:
        """Every act, whatever its kind."""
        return Load(
            self.checkouts.seconds,
            sum((load.statuses for load in self.loads.values()), start=type(self.checkouts.statuses)()),
            [one for load in self.loads.values() for one in load.latencies],
        )


def busy_desk(
    folder: Path, installation: Installation, pace: Pace, *, crowds: Sequence[int] = tuple(FOLIO)
) -> tuple[list[Row], Sheet]:
    """The rows that have goals, and the whole day as a sheet beside FOLIO's."""
    titles, lent = prepare(installation, pace.small)
    tokens = people.reader_tokens(installation, range(1, desk.READERS + 1))
    with bare(folder) as plain, whole(installation) as server:
        staff = [people.sign_in(server.port, "library", "librarian-1") for _ in range(DESKS)]
        visitors = Visitors(titles=titles, lent=lent, tokens=tokens, staff=staff, queries=_queries(pace.small))
        spells = day(server, plain, visitors, pace, crowds)
    made = len(lent) + sum(spell.checkouts.done for spell in spells)
    broken = [*broken_truths(installation), *_miscounted(installation, made)]
    shown = spells[1:]
    return [*(_row(spell) for spell in shown if spell.goal_ms), _unbroken(broken)], _sheet(shown)


def day(server: Server, plain: Server, visitors: Visitors, pace: Pace, crowds: Sequence[int]) -> list[Spell]:
    """The stretches of the day: a quiet beginning, the open loop, a closed loop for each crowd."""
    moments = at_random(CHECKOUTS * sum(MIX.values()) / MIX["check out"], pace.busy, random.Random(2))
    few = [moment for moment in moments if moment < pace.busy / 5]
    spells = [
        _spell("beginning", closed_loop(server.port, visitors.next, clients=4, seconds=1), _bare(plain, 4, 0.5)),
        _spell(
            f"{CHECKOUTS}/s at random",
            open_loop(server.port, moments, visitors.next),
            open_loop(plain.port, few, _adding),
            goal_ms=OPEN_MS,
        ),
    ]
    for clients in crowds:
        given = closed_loop(server.port, visitors.next, clients=clients, seconds=pace.busy / 4)
        spells.append(
            _spell(
                f"{clients} without pause",
                given,
                _bare(plain, clients, pace.busy / 20),
                folio_ms=FOLIO.get(clients),
                goal_ms=CLOSED_MS.get(clients),
            )
        )
    return spells


def prepare(installation: Installation, titles: int) -> tuple[list[int], list[Lent]]:
    """A catalogue, readers, fines, and the loans of the last weeks: the ids of the titles, and what is out."""
    ids = desk.prepare(installation, titles)
    add_rule(installation, DEFAULTS["item_type"], fine_minor=20, fine_cap_minor=1000)
    with people.opened(installation, "library") as database:
        lent: list[Lent] = []
        for start in range(1, titles // OUT + 1, 200):
            lent += database.write_sync(_lend, range(start, min(start + 200, titles // OUT + 1)), ids)
    return ids, lent


def _lend(tx: Transaction, copies: Sequence[int], titles: Sequence[int]) -> list[Lent]:
    """Lend these copies, one each to the readers in turn, spread over the last weeks."""
    now, made = datetime.now(UTC), []
    for copy in copies:
        reader = (copy - 1) % desk.READERS + 1
        wish = LoanCreate(patron=f"student:{reader}", barcode=barcodes.generated(copy))
        then = now - LENT_SINCE * (copy % 100) / 100
        one = circulation.check_out(tx, wish, by=people.BY, now=then, zone=UTC)
        made.append(Lent(one.id, copy, titles[copy - 1], reader, late=one.due_at < now))
    return made


def _queries(titles: int) -> list[str]:
    """What readers type who look for a book: the first words of its title and author."""
    return [" ".join(book.words.split()[:2]) for book in books.described(min(titles, 1000))]


def _adding() -> Act:
    return Act("add", encode("POST", "/book", body=desk.BOOK))


def _bare(plain: Server, clients: int, seconds: float) -> Loads:
    return closed_loop(plain.port, _adding, clients=clients, seconds=seconds)


def _spell(name: str, given: Loads, plain: Loads, *, folio_ms: int | None = None, goal_ms: int | None = None) -> Spell:
    return Spell(name, all_served(given), plain["add"].only(201), folio_ms, goal_ms)


def _miscounted(installation: Installation, made: int) -> list[str]:
    """Whether as many loans were written down as were answered."""
    with people.opened(installation, "library") as database:
        found = database.read_sync(lambda tx: tx.scalar(_LOANS))
    return [] if found == made else [f"{made} loans were made, {found} are on record"]


def _row(spell: Spell) -> Row:
    assert spell.goal_ms is not None
    p95, p99 = (_ms(spell.checkouts, share) for share in (0.95, 0.99))
    value = p95 / spell.goal_ms
    note = f"p95 {p95:.1f} ms, p99 {p99:.1f} ms; bare POST p95 {_ms(spell.plain, 0.95):.1f} ms"
    goal = Goal("at most", 1)
    return Row(
        "busy desk", f"checkout p95, {spell.name}", f"{spell.goal_ms} ms", Spread(value, value, value), goal, note
    )


def _unbroken(broken: Sequence[str]) -> Row:
    count = float(len(broken))
    note = "; ".join(broken)[:300] or "the audit of all services, and the loans counted"
    goal = Goal("at most", 0)
    return Row("busy desk", "truths broken by the day", "one broken truth", Spread(count, count, count), goal, note)


def _sheet(spells: Sequence[Spell]) -> Sheet:
    heads = ("arrivals", "checkouts/s", "all/s", "p50", "p95", "p99", "p95 of all", "bare POST p95", "FOLIO's p95")
    rows = [
        (
            spell.name,
            f"{spell.checkouts.rate:.0f}",
            f"{spell.all.rate:.0f}",
            *(f"{_ms(spell.checkouts, share):.1f}" for share in (0.5, 0.95, 0.99)),
            f"{_ms(spell.all, 0.95):.1f}",
            f"{_ms(spell.plain, 0.95):.1f}",
            f"{spell.folio_ms:,}" if spell.folio_ms else "",
        )
        for spell in spells
    ]
    return Sheet("A busy desk: checkouts in milliseconds, beside what FOLIO publishes of its own servers", heads, rows)


def _ms(load: Load, share: float) -> float:
    return load.percentile(share) * 1000
